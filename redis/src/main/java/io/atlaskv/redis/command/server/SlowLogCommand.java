package io.atlaskv.redis.command.server;

import io.atlaskv.engine.api.Bytes;
import io.atlaskv.redis.command.CommandSpec;
import io.atlaskv.redis.command.ContainerCommand;
import io.atlaskv.redis.command.Context;
import io.atlaskv.redis.command.Errors;
import io.atlaskv.redis.command.Flag;
import io.atlaskv.redis.command.Group;
import io.atlaskv.redis.command.SlowLog;
import io.atlaskv.redis.command.Subcommand;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.ReplyWriter;
import java.util.List;

/// `SLOWLOG GET | LEN | RESET | HELP`: the last commands that took long.
public final class SlowLogCommand extends ContainerCommand {
  private static final CommandSpec SPEC =
      CommandSpec.container(
          "SLOWLOG", Group.SERVER, "2.2.12", "A container for slow log commands.");
  private static final int COUNT_DEFAULT = 10;

  public SlowLogCommand() {
    super(
        SPEC,
        List.of(
            Subcommand.answering(
                CommandSpec.of("GET", -2, Group.SERVER, Flag.ADMIN, Flag.LOADING, Flag.STALE)
                    .tips("request_policy:all_nodes", "nondeterministic_output")
                    .doc(
                        "2.2.12",
                        "O(N) where N is the number of entries returned",
                        "[count]",
                        "Returns the slow log's entries."),
                SlowLogCommand::show),
            Subcommand.help(
                SPEC,
                "6.2.0",
                "GET [<count>]",
                "    Return top <count> entries from the slowlog (default: 10, -1 mean all).",
                "    Entries are made of:",
                "    id, timestamp, time in microseconds, arguments array, client IP and port,",
                "    client name",
                "LEN",
                "    Return the length of the slowlog.",
                "RESET",
                "    Reset the slowlog."),
            Subcommand.answering(
                CommandSpec.of("LEN", 2, Group.SERVER, Flag.ADMIN, Flag.LOADING, Flag.STALE)
                    .tips(
                        "request_policy:all_nodes",
                        "response_policy:agg_sum",
                        "nondeterministic_output")
                    .doc("2.2.12", "O(1)", "", "Returns the number of entries in the slow log."),
                (context, _, reply) -> reply.integer(context.data().slowLog().length())),
            Subcommand.answering(
                CommandSpec.of("RESET", 2, Group.SERVER, Flag.ADMIN, Flag.LOADING, Flag.STALE)
                    .tips("request_policy:all_nodes", "response_policy:all_succeeded")
                    .doc(
                        "2.2.12",
                        "O(N) where N is the number of entries in the slowlog",
                        "",
                        "Clears all entries from the slow log."),
                (context, _, reply) -> {
                  context.data().slowLog().reset();
                  reply.ok();
                })));
  }

  private static void show(Context context, Args args, ReplyWriter reply) {
    long count = COUNT_DEFAULT;
    if (args.count() > 3) {
      reply.error(Errors.subcommandSyntax(args, "SLOWLOG"));
      return;
    }
    if (args.count() == 3) {
      if (!args.isNumber(2) || args.number() < -1) {
        reply.error("ERR count should be greater than or equal to -1");
        return;
      }
      count = args.number() == -1 ? Long.MAX_VALUE : args.number();
    }
    List<SlowLog.Entry> entries = context.data().slowLog().newest(count);
    reply.array(entries.size());
    for (SlowLog.Entry entry : entries) {
      reply.array(6);
      reply.integer(entry.number());
      reply.integer(entry.seconds());
      reply.integer(entry.micros());
      reply.array(entry.arguments().size());
      for (Bytes argument : entry.arguments()) {
        reply.bulk(argument.toArray(), 0, argument.length());
      }
      reply.bulk(entry.address());
      reply.bulk(entry.client());
    }
  }
}
