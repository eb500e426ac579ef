package io.atlaskv.redis.command.server;

import io.atlaskv.redis.command.AclCategory;
import io.atlaskv.redis.command.Command;
import io.atlaskv.redis.command.CommandSpec;
import io.atlaskv.redis.command.CommandTable;
import io.atlaskv.redis.command.Context;
import io.atlaskv.redis.command.Errors;
import io.atlaskv.redis.command.Flag;
import io.atlaskv.redis.command.Group;
import io.atlaskv.redis.command.KeySpec;
import io.atlaskv.redis.command.Outcome;
import io.atlaskv.redis.command.RegisteredCommand;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.ReplyWriter;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;

/// `COMMAND`, `COMMAND COUNT`, `COMMAND DOCS`, `COMMAND GETKEYS`, `COMMAND INFO`, `COMMAND LIST`.
public final class CommandCommand implements Command {

  @Override
  public CommandSpec spec() {
    return CommandSpec.of("COMMAND", -1, Group.SERVER, Flag.LOADING, Flag.STALE)
        .categories(AclCategory.CONNECTION)
        .doc(
            "2.8.13",
            "O(N) where N is the total number of commands.",
            "[COUNT | DOCS [name ...] | GETKEYS command [arg ...] | INFO [name ...] | LIST]",
            "Returns detailed information about all commands.");
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {
    CommandTable table = context.table();
    if (args.count() == 1) {
      reply.array(table.all().size());
      table.all().forEach(command -> CommandDescriber.describe(command.spec(), reply));
      return Outcome.DONE;
    }
    switch (args.text(1).toUpperCase(Locale.ROOT)) {
      case "COUNT" -> reply.integer(table.all().size());
      case "LIST" -> {
        reply.array(table.all().size());
        table.all().forEach(command -> reply.bulk(command.lowerName()));
      }
      case "INFO" -> info(table, args, reply);
      case "DOCS" -> docs(table, args, reply);
      case "GETKEYS" -> keys(table, args, reply);
      default -> reply.error(Errors.unknownSubcommand(args, "COMMAND"));
    }
    return Outcome.DONE;
  }

  private static void info(CommandTable table, Args args, ReplyWriter reply) {
    if (args.count() == 2) {
      reply.array(table.all().size());
      table.all().forEach(command -> CommandDescriber.describe(command.spec(), reply));
      return;
    }
    reply.array(args.count() - 2);
    for (int i = 2; i < args.count(); i++) {
      RegisteredCommand command = table.find(args.segment(), args.offset(i), args.length(i));
      if (command == null) {
        reply.nullArray();
      } else {
        CommandDescriber.describe(command.spec(), reply);
      }
    }
  }

  private static void docs(CommandTable table, Args args, ReplyWriter reply) {
    List<RegisteredCommand> wanted = new ArrayList<>();
    for (int i = 2; i < args.count(); i++) {
      RegisteredCommand command = table.find(args.segment(), args.offset(i), args.length(i));
      if (command != null) {
        wanted.add(command);
      }
    }
    if (args.count() == 2) {
      wanted = table.all();
    }
    reply.map(wanted.size());
    wanted.forEach(command -> CommandDescriber.document(command, reply));
  }

  private static void keys(CommandTable table, Args args, ReplyWriter reply) {
    int count = args.count() - 2;
    RegisteredCommand command =
        count < 1 ? null : table.find(args.segment(), args.offset(2), args.length(2));
    if (command == null) {
      reply.error("ERR Invalid command specified");
      return;
    }
    KeySpec spec = command.spec().keys();
    if (spec.first() == 0) {
      reply.error("ERR The command has no key arguments");
      return;
    }
    if (!command.spec().takes(count)) {
      reply.error("ERR Invalid number of arguments specified for command");
      return;
    }
    int last = spec.last(count);
    reply.array((last - spec.first()) / spec.step() + 1);
    for (int i = spec.first(); i <= last; i += spec.step()) {
      reply.bulk(args.segment(), args.offset(2 + i), args.length(2 + i));
    }
  }
}
