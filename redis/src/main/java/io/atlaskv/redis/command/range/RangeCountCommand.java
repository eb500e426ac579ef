package io.atlaskv.redis.command.range;

import io.atlaskv.redis.command.AclCategory;
import io.atlaskv.redis.command.Command;
import io.atlaskv.redis.command.CommandSpec;
import io.atlaskv.redis.command.Context;
import io.atlaskv.redis.command.Flag;
import io.atlaskv.redis.command.Group;
import io.atlaskv.redis.command.Outcome;
import io.atlaskv.redis.data.KeyCursor;
import io.atlaskv.redis.data.Keyspace;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.ReplyWriter;
import io.atlaskv.redis.store.Reader;

/// `RANGECOUNT start end | PREFIX p`: how many keys. Runs on a worker.
public final class RangeCountCommand implements Command {

  @Override
  public CommandSpec spec() {
    return CommandSpec.of("RANGECOUNT", 3, Group.RANGE, Flag.READONLY)
        .categories(AclCategory.KEYSPACE)
        .doc(
            "0.1.0",
            "O(log(N)+M) with N being the number of keys in the database and M the number of keys counted.",
            "start end | PREFIX prefix",
            "Counts the keys between two bounds or with a prefix.");
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {
    RangeQuery query = RangeQuery.parse(args, reply, false);
    if (query == null) {
      return Outcome.DONE;
    }
    if (!context.isOnWorker()) {
      return Outcome.NEEDS_WORKER;
    }
    Keyspace keys = context.keys();
    keys.raiseGate(context.store().visibleSequence());
    long count = 0;
    if (!query.bounds().isEmpty()) {
      try (KeyCursor at = KeyCursor.open(keys, query.bounds(), false)) {
        for (int state = at.first(); state == Reader.FOUND; state = at.next()) {
          count++;
        }
      }
    }
    reply.integer(count);
    return Outcome.DONE;
  }
}
