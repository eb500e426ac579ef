package io.atlaskv.cli.config;

import io.atlaskv.redis.config.Origin;
import io.atlaskv.redis.config.Profile;
import io.atlaskv.redis.config.Setting;
import io.atlaskv.redis.config.SettingSpec.Trait;
import io.atlaskv.redis.config.Settings;
import io.atlaskv.redis.config.UnavailableException;
import java.nio.file.InvalidPathException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Puts together what the doors say, weakest first: defaults, profile, file, environment, flags.
///
/// A mistake is an error with its place; all of them are told at once. Only a redis.conf is
/// forgiving: what is unknown or cannot be had is warned about, because it was written for another
/// server.
public final class Configuration {
  /// Names the file, if the command line does not.
  private static final String FILE_VARIABLE = "ATLASKV_CONFIG";

  private final Settings settings = new Settings();
  private final LinkedHashSet<String> errors = new LinkedHashSet<>();
  private final LinkedHashSet<String> warnings = new LinkedHashSet<>();
  private final Map<Setting, String> pieces = new HashMap<>();
  private final @Nullable ConfigurationFile file;

  private Configuration(@Nullable ConfigurationFile file) {
    this.file = file;
  }

  /// Reads everything.
  ///
  /// @param arguments those that follow the name of the command
  /// @throws ConfigurationException if there is a mistake
  public static Configuration read(List<String> arguments, Map<String, String> environment)
      throws ConfigurationException {
    var others = new HashMap<>(environment);
    String named = others.remove(FILE_VARIABLE);
    CommandLine commandLine = CommandLine.read(arguments);
    String path = commandLine.file() != null ? commandLine.file() : named;
    var configuration = new Configuration(path == null ? null : file(path));
    configuration.apply(commandLine.given(), others);
    return configuration;
  }

  private static ConfigurationFile file(String path) throws ConfigurationException {
    try {
      return ConfigurationFile.of(Path.of(path));
    } catch (InvalidPathException e) {
      throw new ConfigurationException(
          List.of(Words.quote(path) + " cannot be the path of a file: " + e.getReason()));
    }
  }

  /// The settings, with the file as their home if there is one.
  public Settings settings() {
    return settings;
  }

  /// One sentence each, with its place.
  public List<String> warnings() {
    return List.copyOf(warnings);
  }

  /// True if a redis.conf was given.
  public boolean isRedisConf() {
    return file instanceof RedisConf;
  }

  private void apply(List<Given> flags, Map<String, String> environment)
      throws ConfigurationException {
    EnvironmentVariables variables = EnvironmentVariables.read(environment, settings);
    warnings.addAll(variables.warnings());
    List<Given> inFile = file == null ? List.of() : file.read();
    if (file != null) {
      settings.home(file);
    }
    List<List<Given>> doors = List.of(inFile, variables.given(), flags);
    if (isRedisConf()) {
      preset(RedisConf.DEFAULTS, new Origin(Origin.Door.PROFILE, "redis.conf"));
    }
    applyProfile(doors);
    doors.forEach(this::apply);
    if (!errors.isEmpty()) {
      throw new ConfigurationException(List.copyOf(errors));
    }
  }

  private void applyProfile(List<List<Given>> doors) {
    Setting setting = settings.storage.profile;
    for (List<Given> door : doors) {
      for (Given given : door) {
        if (given.name().equals(setting.name())) {
          assign(given, setting, given.text());
        }
      }
    }
    Profile profile = settings.storage.profile.value();
    preset(profile.presets(), new Origin(Origin.Door.PROFILE, setting.text()));
  }

  private void preset(Map<String, String> values, Origin origin) {
    values.forEach((name, value) -> {
      Setting setting = settings.find(name);
      if (setting == null) {
        throw new IllegalStateException("there is no setting " + name);
      }
      settings.start(setting, value, origin);
    });
  }

  /// One door. What is given in pieces adds up, over all doors, as Redis appends its flags to its
  /// file.
  private void apply(List<Given> door) {
    for (Given given : door) {
      Setting setting = settings.find(given.name());
      if (setting == null) {
        unknown(given);
        continue;
      }
      if (setting.spec().is(Trait.ACCUMULATED)) {
        String before = pieces.getOrDefault(setting, "");
        String text = given.text();
        String whole = text.isEmpty() || before.isEmpty() ? text : before + " " + text;
        pieces.put(setting, whole);
        assign(given, setting, whole);
      } else {
        assign(given, setting, given.text());
      }
    }
  }

  private void assign(Given given, Setting setting, String text) {
    if (given.words().size() != 1 && !setting.spec().is(Trait.LIST)) {
      errors.add(given.origin() + ": " + given + ": wrong number of arguments");
    } else {
      tryAssign(given, setting, text);
    }
  }

  private void tryAssign(Given given, Setting setting, String text) {
    boolean isYaml = given.origin().door() == Origin.Door.FILE && !isRedisConf();
    try {
      settings.start(setting, isYaml ? YamlConf.plain(setting, text) : text, given.origin());
      if (setting.spec().is(Trait.IGNORED) && !setting.isDefault()) {
        String what =
            setting.spec().is(Trait.SECRET) ? "'" + setting.name() + "'" : given.toString();
        warnings.add(given.origin() + ": " + what + " has no effect: " + setting.spec().summary());
      }
    } catch (UnavailableException e) {
      String sentence = given.origin() + ": " + given + " has no effect: " + e.getMessage();
      (isRedisConf() ? warnings : errors).add(sentence);
    } catch (IllegalArgumentException e) {
      errors.add(
          given.origin()
              + ": "
              + given
              + ": "
              + e.getMessage()
              + " (allowed: "
              + setting.allowed()
              + ")");
    }
  }

  private void unknown(Given given) {
    String sentence =
        given.origin()
            + ": there is no setting '"
            + given.name()
            + "'"
            + NearestName.hint(given.name(), settings.byName().keySet());
    if (!isRedisConf()) {
      errors.add(sentence);
    } else if (warnings.stream().noneMatch(warning -> warning.contains("'" + given.name() + "'"))) {
      warnings.add(sentence);
    }
  }
}
