package io.atlaskv.redis.command.server;

import io.atlaskv.redis.command.CommandSpec;
import io.atlaskv.redis.command.ContainerCommand;
import io.atlaskv.redis.command.Context;
import io.atlaskv.redis.command.Errors;
import io.atlaskv.redis.command.Flag;
import io.atlaskv.redis.command.Group;
import io.atlaskv.redis.command.Outcome;
import io.atlaskv.redis.command.Subcommand;
import io.atlaskv.redis.config.AccessSettings;
import io.atlaskv.redis.config.SettingException;
import io.atlaskv.redis.config.Settings;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.ReplyWriter;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/// `CONFIG`: reads, changes and writes back what the server was told.
public final class ConfigCommand extends ContainerCommand {
  private static final int NAME_BYTES_MAX = 1024;

  private static final CommandSpec SPEC =
      CommandSpec.container(
          "CONFIG", Group.SERVER, "2.0.0", "A container for server configuration commands.");
  private static final String PER_PARAMETER =
      "O(N) when N is the number of configuration parameters provided";

  public ConfigCommand() {
    super(
        SPEC,
        List.of(
            Subcommand.answering(
                of("GET", -3)
                    .doc(
                        "2.0.0",
                        PER_PARAMETER,
                        "parameter [parameter ...]",
                        "Returns the effective values of configuration parameters."),
                ConfigCommand::show),
            Subcommand.help(
                SPEC,
                "5.0.0",
                "GET <pattern>",
                "    Return parameters matching the glob-like <pattern> and their values.",
                "SET <directive> <value>",
                "    Set the configuration <directive> to <value>.",
                "RESETSTAT",
                "    Reset statistics reported by the INFO command.",
                "REWRITE",
                "    Rewrite the configuration file."),
            Subcommand.answering(
                of("RESETSTAT", 2).doc("2.0.0", "O(1)", "", "Resets the server's statistics."),
                (context, _, reply) -> {
                  context.data().resetStatistics();
                  reply.ok();
                }),
            Subcommand.of(
                of("REWRITE", 2)
                    .doc("2.8.0", "O(1)", "", "Persists the effective configuration to file."),
                (context, _, reply) -> rewrite(context, false, reply)),
            Subcommand.answering(
                    of("SET", -4)
                        .tips("request_policy:all_nodes", "response_policy:all_succeeded")
                        .doc(
                            "2.0.0",
                            PER_PARAMETER,
                            "parameter value [parameter value ...]",
                            "Sets configuration parameters in-flight."),
                    ConfigCommand::change)
                .withSecrets(ConfigCommand::isSecretValue)));
  }

  private static CommandSpec of(String name, int arity) {
    return CommandSpec.of(
        name, arity, Group.SERVER, Flag.ADMIN, Flag.NOSCRIPT, Flag.LOADING, Flag.STALE);
  }

  private static void show(Context context, Args args, ReplyWriter reply) {
    var patterns = new ArrayList<String>();
    for (int i = 2; i < args.count(); i++) {
      patterns.add(args.text(i));
    }
    Map<String, String> found = context.data().settings().matching(patterns);
    reply.map(found.size());
    found.forEach((name, value) -> {
      reply.bulk(name);
      reply.bulk(value);
    });
  }

  private static void change(Context context, Args args, ReplyWriter reply) {
    if (args.count() % 2 != 0) {
      reply.error(Errors.SYNTAX);
      return;
    }
    var assignments = new ArrayList<Settings.Assignment>();
    for (int i = 2; i < args.count(); i += 2) {
      assignments.add(new Settings.Assignment(args.text(i), args.text(i + 1)));
    }
    Settings settings = context.data().settings();
    AccessSettings.Audience audience = settings.access.enableProtectedConfigs.value();
    try {
      settings.change(assignments, audience.includes(context.session().isLocal()));
      reply.ok();
    } catch (SettingException e) {
      reply.error(Errors.oneLine("ERR " + e.sentence()));
    }
  }

  private static boolean isSecretValue(Settings settings, Args args, int argument) {
    boolean isValue = argument > 2 && argument % 2 == 1;
    boolean isNamed = isValue && args.length(argument - 1) <= NAME_BYTES_MAX;
    return isNamed && settings.isSecret(args.text(argument - 1));
  }

  /// Writes the configuration file; with `isEverything` what has its default value too.
  static Outcome rewrite(Context context, boolean isEverything, ReplyWriter reply) {
    if (!context.isOnWorker()) {
      return Outcome.NEEDS_WORKER;
    }
    Settings settings = context.data().settings();
    Settings.Home home = settings.home();
    if (home == null) {
      reply.error("ERR The server is running without a config file");
      return Outcome.DONE;
    }
    try {
      home.rewrite(settings, isEverything);
      reply.ok();
    } catch (IOException e) {
      reply.error(Errors.oneLine("ERR Rewriting config file: " + e.getMessage()));
    }
    return Outcome.DONE;
  }
}
