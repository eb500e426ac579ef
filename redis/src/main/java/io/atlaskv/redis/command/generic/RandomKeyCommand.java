package io.atlaskv.redis.command.generic;

import io.atlaskv.redis.command.AclCategory;
import io.atlaskv.redis.command.Command;
import io.atlaskv.redis.command.CommandSpec;
import io.atlaskv.redis.command.Context;
import io.atlaskv.redis.command.Flag;
import io.atlaskv.redis.command.Group;
import io.atlaskv.redis.command.Outcome;
import io.atlaskv.redis.data.Keyspace;
import io.atlaskv.redis.data.RandomKeys;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.ReplyWriter;
import io.atlaskv.redis.store.Reader;

/// `RANDOMKEY`: a key, or null if there is none.
public final class RandomKeyCommand implements Command {
  private static final int EXPIRED_ON_LOOP_MAX = 1_000;

  @Override
  public CommandSpec spec() {
    return CommandSpec.of("RANDOMKEY", 1, Group.GENERIC, Flag.READONLY)
        .categories(AclCategory.KEYSPACE)
        .tips("request_policy:all_shards", "response_policy:special", "nondeterministic_output")
        .doc("1.0.0", "O(1)", "", "Returns a random key name from the database.");
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {
    Keyspace keys = context.keys();
    keys.raiseGate(context.store().visibleSequence());
    long expiredMax = context.isOnWorker() ? Long.MAX_VALUE : EXPIRED_ON_LOOP_MAX;
    var random = new RandomKeys(keys, expiredMax);
    int found = random.draw(context.databases().keys(context.session().database()));
    if (found == Reader.NEEDS_BLOCKS) {
      return Outcome.NEEDS_BLOCKS;
    }
    if (random.isForWorker()) {
      return Outcome.NEEDS_WORKER;
    }
    if (found == Reader.ABSENT) {
      reply.nullValue();
    } else {
      byte[] key = random.key();
      reply.bulk(key, 0, key.length);
    }
    return Outcome.DONE;
  }
}
