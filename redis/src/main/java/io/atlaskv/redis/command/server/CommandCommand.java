package io.atlaskv.redis.command.server;

import io.atlaskv.redis.command.AclCategory;
import io.atlaskv.redis.command.Command;
import io.atlaskv.redis.command.CommandSpec;
import io.atlaskv.redis.command.Context;
import io.atlaskv.redis.command.Flag;
import io.atlaskv.redis.command.Group;
import io.atlaskv.redis.command.KeyFlag;
import io.atlaskv.redis.command.KeySpec;
import io.atlaskv.redis.command.Outcome;
import io.atlaskv.redis.command.RegisteredCommand;
import io.atlaskv.redis.command.Subcommand;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.ReplyWriter;
import java.util.ArrayList;
import java.util.List;

/// `COMMAND` and its subcommands: what commands there are and what is known of them.
public final class CommandCommand implements Command {
  private static final String PER_COMMAND = "O(N) where N is the total number of commands.";
  private static final String PER_NAME = "O(N) where N is the number of commands to look up.";
  private static final String PER_ARGUMENT =
      "O(N) where N is the number of arguments to the command.";
  private static final String ANY_ORDER = "nondeterministic_output_order";

  private static final CommandSpec SPEC =
      of("COMMAND", -1)
          .tips(ANY_ORDER)
          .doc("2.8.13", PER_COMMAND, "", "Returns detailed information about all commands.");

  private static final List<Command> SUBCOMMANDS =
      List.of(
          Subcommand.answering(
              of("COUNT", 2).doc("2.8.13", "O(1)", "", "Returns a count of commands."),
              (context, _, reply) -> reply.integer(context.table().all().size())),
          Subcommand.answering(
              of("DOCS", -2)
                  .tips(ANY_ORDER)
                  .doc(
                      "7.0.0",
                      PER_NAME,
                      "[command-name [command-name ...]]",
                      "Returns documentary information about one, multiple or all commands."),
              CommandCommand::docs),
          Subcommand.answering(
              of("GETKEYS", -3)
                  .doc(
                      "2.8.13",
                      PER_ARGUMENT,
                      "command [arg [arg ...]]",
                      "Extracts the key names from an arbitrary command."),
              (context, args, reply) -> keys(context, args, false, reply)),
          Subcommand.answering(
              of("GETKEYSANDFLAGS", -3)
                  .doc(
                      "7.0.0",
                      PER_ARGUMENT,
                      "command [arg [arg ...]]",
                      "Extracts the key names and access flags for an arbitrary command."),
              (context, args, reply) -> keys(context, args, true, reply)),
          Subcommand.help(
              SPEC,
              "5.0.0",
              "(no subcommand)",
              "    Return details about all Redis commands.",
              "COUNT",
              "    Return the total number of commands in this Redis server.",
              "LIST",
              "    Return a list of all commands in this Redis server.",
              "INFO [<command-name> ...]",
              "    Return details about multiple Redis commands.",
              "    If no command names are given, documentation details for all",
              "    commands are returned.",
              "DOCS [<command-name> ...]",
              "    Return documentation details about multiple Redis commands.",
              "    If no command names are given, documentation details for all",
              "    commands are returned.",
              "GETKEYS <full-command>",
              "    Return the keys from a full Redis command.",
              "GETKEYSANDFLAGS <full-command>",
              "    Return the keys and the access flags from a full Redis command."),
          Subcommand.answering(
              of("INFO", -2)
                  .tips(ANY_ORDER)
                  .doc(
                      "2.8.13",
                      PER_NAME,
                      "[command-name [command-name ...]]",
                      "Returns information about one, multiple or all commands."),
              CommandCommand::info),
          Subcommand.answering(
              of("LIST", -2)
                  .tips(ANY_ORDER)
                  .doc(
                      "7.0.0",
                      PER_COMMAND,
                      "[FILTERBY <MODULE module-name | ACLCAT category | PATTERN pattern>]",
                      "Returns a list of command names."),
              CommandFilter::list));

  private static CommandSpec of(String name, int arity) {
    return CommandSpec.of(name, arity, Group.SERVER, Flag.LOADING, Flag.STALE)
        .categories(AclCategory.CONNECTION);
  }

  @Override
  public CommandSpec spec() {
    return SPEC;
  }

  @Override
  public List<Command> subcommands() {
    return SUBCOMMANDS;
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {
    all(context, reply);
    return Outcome.DONE;
  }

  private static void all(Context context, ReplyWriter reply) {
    List<RegisteredCommand> all = context.table().all();
    reply.array(all.size());
    all.forEach(command -> CommandDescriber.describe(command, reply));
  }

  private static void info(Context context, Args args, ReplyWriter reply) {
    if (args.count() == 2) {
      all(context, reply);
      return;
    }
    reply.array(args.count() - 2L);
    for (int i = 2; i < args.count(); i++) {
      RegisteredCommand command = context.table().named(args.text(i));
      if (command == null) {
        reply.nullValue();
      } else {
        CommandDescriber.describe(command, reply);
      }
    }
  }

  private static void docs(Context context, Args args, ReplyWriter reply) {
    List<RegisteredCommand> wanted = context.table().all();
    if (args.count() > 2) {
      wanted = new ArrayList<>();
      for (int i = 2; i < args.count(); i++) {
        RegisteredCommand command = context.table().named(args.text(i));
        if (command != null) {
          wanted.add(command);
        }
      }
    }
    reply.map(wanted.size());
    wanted.forEach(command -> CommandDocumenter.document(command, reply));
  }

  private static void keys(Context context, Args args, boolean withFlags, ReplyWriter reply) {
    int start = 2;
    int count = args.count() - start;
    RegisteredCommand command = context.table().find(args, start);
    if (command == null) {
      reply.error("ERR Invalid command specified");
      return;
    }
    CommandSpec spec = command.spec();
    List<KeySpec> keySpecs =
        spec.keySpecs().stream().filter(keys -> !keys.flags().contains(KeyFlag.NOT_KEY)).toList();
    if (keySpecs.isEmpty()) {
      reply.error("ERR The command has no key arguments");
      return;
    }
    if (!spec.takes(count)) {
      reply.error("ERR Invalid number of arguments specified for command");
      return;
    }
    int mark = reply.beginArray();
    int found = 0;
    for (KeySpec keys : keySpecs) {
      var flags = CommandDescriber.flags(spec, command.command().keyFlags(keys, args, start));
      for (int i = keys.first(); i <= keys.last(count); i += keys.step()) {
        if (withFlags) {
          reply.array(2);
        }
        reply.bulk(args.segment(), args.offset(start + i), args.length(start + i));
        if (withFlags) {
          CommandDescriber.describeFlags(flags, reply);
        }
        found++;
      }
    }
    reply.endArray(mark, found);
  }
}
