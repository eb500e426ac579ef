package io.atlaskv.redis.config;

import io.atlaskv.redis.data.Glob;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// All settings of one server, by name and in groups.
///
/// A new one is a field of a group, made there by `number`, `bool` and their like, and has its line
/// in `docs/configuration.md` by the next run of the test that makes it. It exists from the start,
/// before a store is opened, because files, environment and flags are read then; whoever obeys it
/// reads `value()` each time or asks to be told with `onChange`.
public final class Settings {
  private final TreeMap<String, Setting> byName = new TreeMap<>();

  private final LinkedHashMap<String, List<Setting>> sections = new LinkedHashMap<>();
  private List<Setting> section = new ArrayList<>();

  public final NetworkSettings network = new NetworkSettings(this);
  public final ClientSettings clients = new ClientSettings(this);
  public final AccessSettings access = new AccessSettings(this);
  public final StorageSettings storage = new StorageSettings(this);
  public final EvictionSettings eviction = new EvictionSettings(this);
  public final MonitoringSettings monitoring = new MonitoringSettings(this);
  public final ProcessSettings process = new ProcessSettings(this);
  public final IgnoredSettings ignored = new IgnoredSettings(this);

  /// One parameter of a change.
  ///
  /// @param name in any case
  /// @param text new value
  public record Assignment(String name, String text) {}

  /// The file that the server was started with.
  public interface Home {
    /// Where it is.
    String path();

    /// Writes the values of now into it, whole or not at all. May block.
    ///
    /// @param isEverything whether values that nobody has given are written too
    void rewrite(Settings settings, boolean isEverything) throws IOException;
  }

  private volatile @Nullable Home home;

  /// The file to write to, or null.
  public @Nullable Home home() {
    return home;
  }

  /// Says which file the values came from.
  public void home(Home file) {
    home = file;
  }

  /// Every setting at its default.
  public Settings() {}

  /// What is made next belongs to a chapter of this title.
  void section(String title) {
    section = new ArrayList<>();
    sections.put(title, section);
  }

  /// Chapters of the documentation and what belongs to them.
  public Map<String, List<Setting>> sections() {
    return Collections.unmodifiableMap(sections);
  }

  /// A yes or no.
  BooleanSetting bool(SettingSpec spec, boolean isOnByDefault) {
    return add(new BooleanSetting(spec, isOnByDefault));
  }

  /// A whole number.
  NumberSetting number(SettingSpec spec, long defaultValue, long min, long max) {
    return add(new NumberSetting(spec, NumberSetting.Unit.PLAIN, defaultValue, min, max));
  }

  /// A whole number; 0 is something special.
  NumberSetting numberOrZero(SettingSpec spec, long defaultValue, long min, long max) {
    return add(new NumberSetting(spec, NumberSetting.Unit.PLAIN_OR_ZERO, defaultValue, min, max));
  }

  /// A size in bytes.
  NumberSetting bytes(SettingSpec spec, long defaultValue, long min, long max) {
    return add(new NumberSetting(spec, NumberSetting.Unit.BYTES, defaultValue, min, max));
  }

  /// A size in bytes; 0 is something special.
  NumberSetting bytesOrZero(SettingSpec spec, long defaultValue, long min, long max) {
    return add(new NumberSetting(spec, NumberSetting.Unit.BYTES_OR_ZERO, defaultValue, min, max));
  }

  /// A size in bytes, or percents of another one.
  NumberSetting bytesOrPercent(SettingSpec spec, long defaultValue, long min, long max) {
    return add(
        new NumberSetting(spec, NumberSetting.Unit.BYTES_OR_PERCENT, defaultValue, min, max));
  }

  /// One of an enum's words.
  <E extends Enum<E>> ChoiceSetting<E> choice(SettingSpec spec, E defaultValue) {
    return add(new ChoiceSetting<>(spec, defaultValue));
  }

  /// Any text.
  ValueSetting<String> text(SettingSpec spec, String defaultValue) {
    return value(spec, ValueSetting.TEXT, defaultValue);
  }

  /// Anything that has a form of its own.
  <T> ValueSetting<T> value(SettingSpec spec, ValueSetting.Form<T> form, T defaultValue) {
    return add(new ValueSetting<>(spec, form, defaultValue));
  }

  /// One of a type of its own.
  <S extends Setting> S add(S setting) {
    section.add(setting);
    put(setting.name(), setting);
    setting.spec().aliases().forEach(alias -> put(alias, setting));
    return setting;
  }

  private void put(String name, Setting setting) {
    if (byName.put(name, setting) != null) {
      throw new IllegalStateException("two settings are named " + name);
    }
  }

  /// The setting of this name or alias in any case, or null.
  public @Nullable Setting find(String name) {
    return byName.get(name.toLowerCase(Locale.ROOT));
  }

  /// All names, aliases too, with their settings.
  public NavigableMap<String, Setting> byName() {
    return Collections.unmodifiableNavigableMap(byName);
  }

  /// All settings by name, each once.
  public Collection<Setting> all() {
    return byName.entrySet().stream()
        .filter(entry -> entry.getKey().equals(entry.getValue().name()))
        .map(Map.Entry::getValue)
        .toList();
  }

  /// Names and values that match one of the patterns, as CONFIG GET shows them.
  public NavigableMap<String, String> matching(List<String> patterns) {
    var found = new TreeMap<String, String>();
    for (String pattern : patterns) {
      String lower = pattern.toLowerCase(Locale.ROOT);
      Setting exact = byName.get(lower);
      if (exact != null) {
        found.put(lower, exact.textAs(lower));
        continue;
      }
      var glob = new Glob(lower.getBytes(StandardCharsets.UTF_8));
      byName.forEach((name, setting) -> {
        byte[] bytes = name.getBytes(StandardCharsets.UTF_8);
        if (!setting.spec().is(SettingSpec.Trait.HIDDEN) && glob.matches(bytes, 0, bytes.length)) {
          found.put(name, setting.textAs(name));
        }
      });
    }
    return found;
  }

  /// Sets one at the start, listeners untold.
  ///
  /// @throws UnavailableException if it cannot be had and the server can do without
  /// @throws IllegalArgumentException if it is not a value
  public synchronized void start(Setting setting, String text, Origin origin) {
    setting.assign(text);
    setting.origin(origin);
  }

  /// Sets one at the start, as a program does that starts a server.
  ///
  /// @throws IllegalArgumentException if there is no such setting or it does not take the value
  public Settings with(String name, String text) {
    Setting setting = find(name);
    if (setting == null) {
      throw new IllegalArgumentException("there is no setting '" + name + "'");
    }
    start(setting, text, Origin.PROGRAM);
    return this;
  }

  /// Says what a setting has come to, now that more is known than was given.
  public synchronized void derive(Setting setting, String text) {
    setting.assign(text);
  }

  /// True if the value of the setting of this name, or alias, is a password or the like.
  public boolean isSecret(String name) {
    Setting setting = find(name);
    return setting != null && setting.spec().is(SettingSpec.Trait.SECRET);
  }

  /// Changes several settings, or none.
  ///
  /// @param mayChangeProtected whether protected ones may be among them
  /// @throws SettingException saying which parameter was wrong and why
  public synchronized void change(List<Assignment> assignments, boolean mayChangeProtected)
      throws SettingException {
    List<Change> changes = check(assignments, mayChangeProtected);
    for (int i = 0; i < changes.size(); i++) {
      Change change = changes.get(i);
      try {
        change.setting.assign(change.newText);
      } catch (IllegalArgumentException e) {
        undo(changes.subList(0, i));
        throw SettingException.refused(change.name, String.valueOf(e.getMessage()));
      }
    }
    apply(changes);
    changes.forEach(change -> change.setting.origin(Origin.CONFIG_SET));
  }

  private List<Change> check(List<Assignment> assignments, boolean mayChangeProtected)
      throws SettingException {
    var changes = new ArrayList<Change>();
    var names = new HashSet<String>();
    for (Assignment assignment : assignments) {
      String name = assignment.name();
      Setting setting = find(name);
      if (setting == null) {
        throw SettingException.unknown(name);
      }
      boolean isChanged = !assignment.text().equals(setting.textAs(setting.name()));
      if (!setting.spec().is(SettingSpec.Trait.LIVE) && isChanged) {
        throw SettingException.refused(name, "can't set immutable config");
      }
      if (setting.spec().is(SettingSpec.Trait.PROTECTED) && !mayChangeProtected) {
        throw SettingException.refused(name, "can't set protected config");
      }
      if (!names.add(name.toLowerCase(Locale.ROOT))) {
        throw SettingException.refused(name, "duplicate parameter");
      }
      changes.add(new Change(name, setting, setting.text(), assignment.text()));
    }
    return changes;
  }

  /// Runs the listeners, each once: one may listen to several settings.
  private static void apply(List<Change> changes) throws SettingException {
    var done = new LinkedHashMap<Runnable, Setting>();
    for (Change change : changes) {
      Setting setting = change.setting;
      Runnable listener = setting.listener();
      if (listener == null || done.putIfAbsent(listener, setting) != null) {
        continue;
      }
      try {
        listener.run();
      } catch (IllegalArgumentException e) {
        undo(changes);
        done.keySet().forEach(Runnable::run);
        throw SettingException.refused(change.name, String.valueOf(e.getMessage()));
      }
    }
  }

  private static void undo(List<Change> changes) {
    changes.forEach(change -> change.setting.assign(change.oldText));
  }

  /// @param name the one that was given, perhaps an alias
  private record Change(String name, Setting setting, String oldText, String newText) {}
}
