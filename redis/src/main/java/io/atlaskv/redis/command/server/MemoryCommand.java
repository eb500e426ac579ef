package io.atlaskv.redis.command.server;

import io.atlaskv.redis.command.CommandSpec;
import io.atlaskv.redis.command.ContainerCommand;
import io.atlaskv.redis.command.Context;
import io.atlaskv.redis.command.Errors;
import io.atlaskv.redis.command.Flag;
import io.atlaskv.redis.command.Group;
import io.atlaskv.redis.command.KeyFlag;
import io.atlaskv.redis.command.KeySpec;
import io.atlaskv.redis.command.Outcome;
import io.atlaskv.redis.command.Subcommand;
import io.atlaskv.redis.data.Keyspace;
import io.atlaskv.redis.data.StoredSize;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.ReplyWriter;
import io.atlaskv.redis.store.Reader;
import java.util.List;

/// `MEMORY DOCTOR | MALLOC-STATS | PURGE | STATS | USAGE | HELP`: where the memory is.
public final class MemoryCommand extends ContainerCommand {
  private static final CommandSpec SPEC =
      CommandSpec.container(
          "MEMORY", Group.SERVER, "4.0.0", "A container for memory diagnostics commands.");
  private static final long SAMPLES_DEFAULT = 5;
  private static final long READS_ON_LOOP_MAX = 64;

  public MemoryCommand() {
    super(
        SPEC,
        List.of(
            Subcommand.answering(
                CommandSpec.of("DOCTOR", 2, Group.SERVER)
                    .tips(
                        "nondeterministic_output",
                        "request_policy:all_shards",
                        "response_policy:special")
                    .doc("4.0.0", "O(1)", "", "Outputs a memory problems report."),
                (context, _, reply) -> reply.verbatim(MemoryReport.of(context).advice())),
            Subcommand.help(
                SPEC,
                "4.0.0",
                "DOCTOR",
                "    Return memory problems reports.",
                "MALLOC-STATS",
                "    Return internal statistics report from the memory allocator.",
                "PURGE",
                "    Attempt to purge dirty pages for reclamation by the allocator.",
                "STATS",
                "    Return information about the memory usage of the server.",
                "USAGE <key> [SAMPLES <count>]",
                "    Return memory in bytes used by <key> and its value. Nested values are",
                "    sampled up to <count> times (default: 5, 0 means sample all)."),
            Subcommand.answering(
                CommandSpec.of("MALLOC-STATS", 2, Group.SERVER)
                    .tips(
                        "nondeterministic_output",
                        "request_policy:all_shards",
                        "response_policy:special")
                    .doc(
                        "4.0.0",
                        "Depends on how much memory is allocated, could be slow",
                        "",
                        "Returns the allocator statistics."),
                (context, _, reply) -> reply.verbatim(MemoryReport.of(context).places())),
            Subcommand.of(
                CommandSpec.of("PURGE", 2, Group.SERVER)
                    .tips("request_policy:all_shards", "response_policy:all_succeeded")
                    .doc(
                        "4.0.0",
                        "Depends on how much memory is allocated, could be slow",
                        "",
                        "Asks the allocator to release memory. Cached blocks of tables are dropped too."),
                MemoryCommand::purge),
            Subcommand.answering(
                CommandSpec.of("STATS", 2, Group.SERVER)
                    .tips(
                        "nondeterministic_output",
                        "request_policy:all_shards",
                        "response_policy:special")
                    .doc("4.0.0", "O(1)", "", "Returns details about memory usage."),
                (context, _, reply) -> MemoryReport.of(context).writeTo(reply)),
            Subcommand.of(
                CommandSpec.of("USAGE", -3, Group.SERVER, Flag.READONLY)
                    .keys(KeySpec.at(2).as(KeyFlag.RO))
                    .doc(
                        "4.0.0",
                        "O(N) where N is the number of samples.",
                        "key [SAMPLES count]",
                        "Estimates the memory usage of a key."),
                MemoryCommand::usage)));
  }

  private static Outcome usage(Context context, Args args, ReplyWriter reply) {
    long samples = SAMPLES_DEFAULT;
    for (int i = 3; i < args.count(); i += 2) {
      if (!args.text(i).equalsIgnoreCase("SAMPLES") || i + 1 == args.count()) {
        reply.error(Errors.SYNTAX);
        return Outcome.DONE;
      }
      if (!args.isNumber(i + 1)) {
        reply.error(Errors.NOT_AN_INTEGER);
        return Outcome.DONE;
      }
      samples = args.number();
      if (samples < 0) {
        reply.error(Errors.SYNTAX);
        return Outcome.DONE;
      }
    }
    Keyspace keys = context.keys();
    int found = keys.peek(args.segment(), args.offset(2), args.length(2));
    if (found == Reader.NEEDS_BLOCKS) {
      return Outcome.NEEDS_BLOCKS;
    }
    if (found == Reader.ABSENT) {
      reply.nullValue();
      return Outcome.DONE;
    }
    samples = samples == 0 ? Long.MAX_VALUE : samples;
    if (StoredSize.reads(keys, samples) > READS_ON_LOOP_MAX && !context.isOnWorker()) {
      return Outcome.NEEDS_WORKER;
    }
    long bytes = StoredSize.of(keys, samples);
    if (bytes == Reader.NEEDS_BLOCKS) {
      return Outcome.NEEDS_BLOCKS;
    }
    reply.integer(bytes);
    return Outcome.DONE;
  }

  /// Memory that is not used is for the JVM and the kernel to take back; here they are asked to.
  private static Outcome purge(Context context, Args args, ReplyWriter reply) {
    if (!context.isOnWorker()) {
      return Outcome.NEEDS_WORKER;
    }
    context.store().dropCache();
    Runtime.getRuntime().gc();
    reply.ok();
    return Outcome.DONE;
  }
}
