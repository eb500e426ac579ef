package io.atlaskv.redis.command.range;

import io.atlaskv.engine.api.Bytes;
import io.atlaskv.redis.command.AclCategory;
import io.atlaskv.redis.command.Command;
import io.atlaskv.redis.command.CommandSpec;
import io.atlaskv.redis.command.Context;
import io.atlaskv.redis.command.Flag;
import io.atlaskv.redis.command.Group;
import io.atlaskv.redis.command.Outcome;
import io.atlaskv.redis.data.KeyBounds;
import io.atlaskv.redis.data.Keyspace;
import io.atlaskv.redis.data.RangeDeletion;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.ReplyWriter;
import org.jspecify.annotations.Nullable;

/// `DELRANGE start end | PREFIX p`: deletes, and says how many.
///
/// Works in slices: each is one batch, atomic and counted exactly; between slices other clients
/// have their turn. So a range of up to `SLICE_KEYS` keys goes at once, a larger one from its start
/// on.
public final class DelRangeCommand implements Command {
  /// Keys deleted at once.
  static final int SLICE_KEYS = 1_000;

  @Override
  public CommandSpec spec() {
    return CommandSpec.of("DELRANGE", 3, Group.RANGE, Flag.WRITE, Flag.EXCLUSIVE)
        .categories(AclCategory.KEYSPACE, AclCategory.DANGEROUS)
        .doc(
            "0.1.0",
            "O(log(N)+M) with N being the number of keys in the database and M the number of keys deleted.",
            "start end | PREFIX prefix",
            "Deletes the keys between two bounds or with a prefix.");
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {
    RangeQuery query = RangeQuery.parse(args, reply, false);
    if (query == null) {
      return Outcome.DONE;
    }
    byte @Nullable [] resumeAfter = context.resumeAfter();
    KeyBounds bounds =
        resumeAfter == null ? query.bounds() : query.bounds().after(resumeAfter, false);
    Keyspace keys = context.keys();
    long deleted = context.tally();
    if (!bounds.isEmpty()) {
      var slice = RangeDeletion.delete(keys, bounds, SLICE_KEYS);
      if (slice == null) {
        return Outcome.NEEDS_BLOCKS;
      }
      deleted += slice.keys();
      Bytes last = slice.last();
      if (last != null) {
        context.nextSliceAfter(last.toArray(), deleted);
        return Outcome.NEXT_SLICE;
      }
    }
    reply.integer(deleted);
    return Outcome.DONE;
  }
}
