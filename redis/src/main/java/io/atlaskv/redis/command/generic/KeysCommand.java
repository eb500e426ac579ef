package io.atlaskv.redis.command.generic;

import io.atlaskv.redis.command.AclCategory;
import io.atlaskv.redis.command.Command;
import io.atlaskv.redis.command.CommandSpec;
import io.atlaskv.redis.command.Context;
import io.atlaskv.redis.command.Flag;
import io.atlaskv.redis.command.Group;
import io.atlaskv.redis.command.Outcome;
import io.atlaskv.redis.data.Glob;
import io.atlaskv.redis.data.KeyBounds;
import io.atlaskv.redis.data.KeyCursor;
import io.atlaskv.redis.data.Keyspace;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.ReplyWriter;
import io.atlaskv.redis.store.Reader;

/// `KEYS pattern`: all keys that match, as of one moment. Runs on a worker.
public final class KeysCommand implements Command {

  @Override
  public CommandSpec spec() {
    return CommandSpec.of("KEYS", 2, Group.GENERIC, Flag.READONLY)
        .categories(AclCategory.KEYSPACE, AclCategory.DANGEROUS)
        .tips("request_policy:all_shards", "nondeterministic_output_order")
        .doc(
            "1.0.0",
            "O(N) with N being the number of keys in the database, under the assumption that the key names in the database and the given pattern have limited length.",
            "pattern",
            "Returns all key names that match a pattern.");
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {
    if (!context.isOnWorker()) {
      return Outcome.NEEDS_WORKER;
    }
    var pattern = new Glob(args.bytes(1));
    Keyspace keys = context.keys();
    keys.raiseGate(context.store().visibleSequence());
    int mark = reply.beginArray();
    long count = 0;
    try (KeyCursor at = KeyCursor.open(keys, KeyBounds.all(), false)) {
      for (int state = at.first(); state == Reader.FOUND; state = at.next()) {
        if (pattern.matches(at.key(), at.keyOffset(), at.keyLength())) {
          reply.bulk(at.key(), at.keyOffset(), at.keyLength());
          count++;
        }
      }
    }
    reply.endArray(mark, count);
    return Outcome.DONE;
  }
}
