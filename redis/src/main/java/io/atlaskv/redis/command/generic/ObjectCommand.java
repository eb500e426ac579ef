package io.atlaskv.redis.command.generic;

import io.atlaskv.redis.command.AclCategory;
import io.atlaskv.redis.command.CommandSpec;
import io.atlaskv.redis.command.ContainerCommand;
import io.atlaskv.redis.command.Context;
import io.atlaskv.redis.command.Flag;
import io.atlaskv.redis.command.Group;
import io.atlaskv.redis.command.KeyFlag;
import io.atlaskv.redis.command.KeySpec;
import io.atlaskv.redis.command.MaxMemory;
import io.atlaskv.redis.command.Outcome;
import io.atlaskv.redis.command.Subcommand;
import io.atlaskv.redis.config.EvictionPolicy;
import io.atlaskv.redis.data.Keyspace;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.ReplyWriter;
import io.atlaskv.redis.store.Reader;
import java.util.List;
import java.util.function.Consumer;

/// `OBJECT ENCODING | FREQ | IDLETIME | REFCOUNT key`: how a value is kept.
public final class ObjectCommand extends ContainerCommand {
  private static final CommandSpec SPEC =
      CommandSpec.container(
          "OBJECT", Group.GENERIC, "2.2.3", "A container for object introspection commands.");
  private static final String NO_FREQUENCY =
      "ERR An LFU maxmemory policy is not selected, access frequency not tracked. Please note that"
          + " when switching between policies at runtime LRU and LFU data will take some time to"
          + " adjust.";

  private static final String NO_IDLE_TIME =
      "ERR An LFU maxmemory policy is selected, idle time not tracked. Please note that when"
          + " switching between policies at runtime LRU and LFU data will take some time to adjust.";

  public ObjectCommand() {
    super(
        SPEC,
        List.of(
            Subcommand.of(
                CommandSpec.of("ENCODING", 3, Group.GENERIC, Flag.READONLY, Flag.NO_TOUCH)
                    .keys(KeySpec.at(2).as(KeyFlag.RO))
                    .categories(AclCategory.KEYSPACE)
                    .tips("nondeterministic_output")
                    .doc(
                        "2.2.3", "O(1)", "key", "Returns the internal encoding of a Redis object."),
                (context, args, reply) ->
                    answer(context, args, reply, keys -> reply.bulk(keys.encodingName()))),
            Subcommand.of(
                CommandSpec.of("FREQ", 3, Group.GENERIC, Flag.READONLY, Flag.NO_TOUCH)
                    .keys(KeySpec.at(2).as(KeyFlag.RO))
                    .categories(AclCategory.KEYSPACE)
                    .tips("nondeterministic_output")
                    .doc(
                        "4.0.0",
                        "O(1)",
                        "key",
                        "Returns the logarithmic access frequency counter of a Redis object."),
                (context, args, reply) ->
                    answer(context, args, reply, keys -> frequency(context, keys, reply))),
            Subcommand.help(
                SPEC,
                "6.2.0",
                "ENCODING <key>",
                "    Return the kind of internal representation used in order to store the value",
                "    associated with a <key>.",
                "FREQ <key>",
                "    Return the access frequency index of the <key>. The returned integer is",
                "    proportional to the logarithm of the recent access frequency of the key.",
                "IDLETIME <key>",
                "    Return the idle time of the <key>, that is the approximated number of",
                "    seconds elapsed since the last access to the key.",
                "REFCOUNT <key>",
                "    Return the number of references of the value associated with the specified",
                "    <key>."),
            Subcommand.of(
                CommandSpec.of("IDLETIME", 3, Group.GENERIC, Flag.READONLY, Flag.NO_TOUCH)
                    .keys(KeySpec.at(2).as(KeyFlag.RO))
                    .categories(AclCategory.KEYSPACE)
                    .tips("nondeterministic_output")
                    .doc(
                        "2.2.3",
                        "O(1)",
                        "key",
                        "Returns the time since the last access to a Redis object."),
                (context, args, reply) ->
                    answer(context, args, reply, keys -> idleTime(context, keys, reply))),
            Subcommand.of(
                CommandSpec.of("REFCOUNT", 3, Group.GENERIC, Flag.READONLY, Flag.NO_TOUCH)
                    .keys(KeySpec.at(2).as(KeyFlag.RO))
                    .categories(AclCategory.KEYSPACE)
                    .tips("nondeterministic_output")
                    .doc(
                        "2.2.3", "O(1)", "key", "Returns the reference count of a value of a key."),
                (context, args, reply) -> answer(context, args, reply, _ -> reply.integer(1)))));
  }

  private static Outcome answer(
      Context context, Args args, ReplyWriter reply, Consumer<Keyspace> answer) {
    Keyspace keys = context.keys();
    int found = keys.findQuietly(args.segment(), args.offset(2), args.length(2));
    if (found == Reader.NEEDS_BLOCKS) {
      return Outcome.NEEDS_BLOCKS;
    }
    if (found == Reader.FOUND) {
      answer.accept(keys);
    } else {
      reply.nullValue();
    }
    return Outcome.DONE;
  }

  private static void frequency(Context context, Keyspace keys, ReplyWriter reply) {
    MaxMemory bound = context.data().maxMemory();
    if (bound.policy().order() != EvictionPolicy.Order.FREQUENCY) {
      reply.error(NO_FREQUENCY);
      return;
    }
    long now = keys.nowMillis();
    long written = context.data().accessTimes().written(keys.sequence(), now);
    reply.integer(bound.frequencies().frequency(keys.hash(), written, now));
  }

  private static void idleTime(Context context, Keyspace keys, ReplyWriter reply) {
    if (context.data().maxMemory().policy().order() == EvictionPolicy.Order.FREQUENCY) {
      reply.error(NO_IDLE_TIME);
      return;
    }
    long now = keys.nowMillis();
    long used = context.data().accessTimes().lastUse(keys.hash(), keys.sequence(), now);
    reply.integer((now - used) / 1000);
  }
}
