package io.atlaskv.redis.command.server;

import io.atlaskv.redis.command.Command;
import io.atlaskv.redis.command.CommandSpec;
import io.atlaskv.redis.command.Context;
import io.atlaskv.redis.command.Errors;
import io.atlaskv.redis.command.Flag;
import io.atlaskv.redis.command.Group;
import io.atlaskv.redis.command.Outcome;
import io.atlaskv.redis.command.Settings;
import io.atlaskv.redis.data.Glob;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.ReplyWriter;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;

/// `CONFIG GET pattern [pattern ...]`, `CONFIG SET name value [name value ...]`, `CONFIG
/// RESETSTAT`.
public final class ConfigCommand implements Command {

  @Override
  public CommandSpec spec() {
    return CommandSpec.of(
            "CONFIG", -2, Group.SERVER, Flag.ADMIN, Flag.NOSCRIPT, Flag.LOADING, Flag.STALE)
        .doc(
            "2.0.0",
            "Depends on subcommand.",
            "GET parameter [parameter ...] | SET parameter value [parameter value ...]",
            "A container for server configuration commands.");
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {
    switch (args.text(1).toUpperCase(Locale.ROOT)) {
      case "GET" -> show(context, args, reply);
      case "SET" -> change(context, args, reply);
      default -> reply.error(Errors.unknownSubcommand(args, "CONFIG"));
    }
    return Outcome.DONE;
  }

  private static void show(Context context, Args args, ReplyWriter reply) {
    if (args.count() < 3) {
      reply.error(Errors.arity("config|get"));
      return;
    }
    var found = new TreeMap<String, String>();
    for (int i = 2; i < args.count(); i++) {
      var pattern =
          new Glob(args.text(i).toLowerCase(Locale.ROOT).getBytes(StandardCharsets.UTF_8));
      for (Settings.Setting setting : context.data().settings().all()) {
        byte[] name = setting.name().getBytes(StandardCharsets.UTF_8);
        if (pattern.matches(name, 0, name.length)) {
          found.put(setting.name(), setting.value().get());
        }
      }
    }
    reply.map(found.size());
    for (Map.Entry<String, String> entry : found.entrySet()) {
      reply.bulk(entry.getKey());
      reply.bulk(entry.getValue());
    }
  }

  private static void change(Context context, Args args, ReplyWriter reply) {
    if (args.count() < 4 || args.count() % 2 != 0) {
      reply.error(Errors.arity("config|set"));
      return;
    }
    for (int i = 2; i < args.count(); i += 2) {
      String name = args.text(i).toLowerCase(Locale.ROOT);
      Settings.Setting setting = context.data().settings().find(name);
      if (setting == null) {
        reply.error(
            "ERR Unknown option or number of arguments for CONFIG SET - '"
                + printable(args, i)
                + "'");
        return;
      }
      if (setting.change() == null) {
        reply.error(
            "ERR CONFIG SET failed (possibly related to argument '"
                + name
                + "') - can't set immutable config");
        return;
      }
    }
    for (int i = 2; i < args.count(); i += 2) {
      String name = args.text(i).toLowerCase(Locale.ROOT);
      Settings.Setting setting = context.data().settings().find(name);
      if (setting == null || setting.change() == null) {
        throw new AssertionError(name);
      }
      try {
        setting.change().accept(args.text(i + 1));
      } catch (IllegalArgumentException e) {
        reply.error(
            "ERR CONFIG SET failed (possibly related to argument '"
                + name
                + "') - "
                + e.getMessage());
        return;
      }
    }
    reply.ok();
  }

  private static String printable(Args args, int i) {
    return args.text(i).replaceAll("[^ -~]", " ");
  }
}
