package io.atlaskv.redis.command;

import java.util.Collection;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import java.util.function.Consumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The settings that CONFIG knows. Each says its value as Redis writes it; some take a new one.
public final class Settings {
  /// One setting.
  ///
  /// @param name in lower case
  /// @param value what it is now
  /// @param change takes a new value or throws IllegalArgumentException; null = fixed at the start
  public record Setting(String name, Supplier<String> value, @Nullable Consumer<String> change) {}

  private final ConcurrentSkipListMap<String, Setting> settings = new ConcurrentSkipListMap<>();

  /// Adds one that never changes.
  public void fixed(String name, String value) {
    settings.put(name, new Setting(name, () -> value, null));
  }

  /// Adds one that may change.
  public void live(String name, Supplier<String> value, Consumer<String> change) {
    settings.put(name, new Setting(name, value, change));
  }

  public @Nullable Setting find(String name) {
    return settings.get(name);
  }

  /// All of them by name.
  public Collection<Setting> all() {
    return new TreeMap<>(settings).values();
  }
}
