package io.atlaskv.cli;

import io.atlaskv.cli.config.Configuration;
import io.atlaskv.cli.config.ConfigurationException;
import io.atlaskv.redis.config.Setting;
import io.atlaskv.redis.config.SettingSpec;
import io.atlaskv.redis.config.Settings;
import java.io.PrintWriter;
import java.util.List;
import java.util.Map;

/// `atlaskv server`: puts the configuration together and runs the server.
final class ServerCommand {
  private static final String USAGE =
      """
      Usage: atlaskv server [FILE] [--NAME VALUE...]...
      Serves a data directory.

      FILE, or --config FILE, is YAML if its name ends in .yaml or .yml; any other is a redis.conf.
      Every setting can stand in the file, in the environment (memory-limit is ATLASKV_MEMORY_LIMIT)
      and among the flags; each of these is stronger than those before it.
      """;
  private static final int COLUMN = 28;

  private ServerCommand() {}

  /// The help text of this command.
  static String help() {
    var text = new StringBuilder(USAGE);
    new Settings()
        .sections()
        .forEach((title, settings) -> {
          text.append('\n').append(title).append(":\n");
          settings.forEach(setting -> describe(setting, text));
        });
    return text.toString();
  }

  private static void describe(Setting setting, StringBuilder text) {
    SettingSpec spec = setting.spec();
    if (spec.is(SettingSpec.Trait.HIDDEN)) {
      return;
    }
    String name = "  --" + setting.name();
    text.append(name).repeat(' ', Math.max(1, COLUMN - name.length()));
    if (spec.is(SettingSpec.Trait.IGNORED)) {
      text.append(spec.summary()).append('\n');
      return;
    }
    text.append(spec.summary()).repeat(' ', 1).append(setting.allowed());
    if (!setting.defaultText().isEmpty()) {
      text.append(" [").append(setting.defaultText()).append(']');
    }
    text.append('\n');
  }

  /// Serves until it is told to stop, by SHUTDOWN or a signal; returns the exit code.
  static int serve(
      List<String> arguments, Map<String, String> environment, PrintWriter out, PrintWriter err) {
    Configuration configuration;
    try {
      configuration = Configuration.read(arguments, environment);
    } catch (ConfigurationException e) {
      e.sentences().forEach(sentence -> err.println("atlaskv server: " + sentence));
      return Main.EXIT_USAGE;
    }
    return new ServerRun(configuration, out, err).run();
  }
}
