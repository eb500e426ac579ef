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

/// `RANGE start end | PREFIX p [REV] [LIMIT n] [WITHVALUES] [AFTER key]`: one page of keys in
/// order, and where the next one begins.
///
/// The header of an array says how many follow, so a reply has to be complete before its first byte
/// leaves. Pages keep it small, whatever the range holds.
public final class RangeCommand implements Command {
  private static final int LIMIT_ON_LOOP_MAX = 1_000; // of expired keys as well

  /// A page ends before the entry that would make it larger; it holds at least one.
  static final int PAGE_BYTES_MAX = 1024 * 1024;

  @Override
  public CommandSpec spec() {
    return CommandSpec.of("RANGE", -3, Group.RANGE, Flag.READONLY)
        .categories(AclCategory.KEYSPACE)
        .doc(
            "0.1.0",
            "O(log(N)+M) with N being the number of keys in the database and M the number of keys returned.",
            "<start end | PREFIX prefix> [REV] [LIMIT count] [WITHVALUES] [AFTER key]",
            "Returns the keys between two bounds or with a prefix, in order, page by page.");
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {
    RangeQuery query = RangeQuery.parse(args, reply, true);
    if (query == null) {
      return Outcome.DONE;
    }
    if (query.limit() > LIMIT_ON_LOOP_MAX && !context.isOnWorker()) {
      return Outcome.NEEDS_WORKER;
    }
    Keyspace keys = context.keys();
    if (query.hasValues()) {
      keys.holdSnapshot(); // fragments of a value are read beside the cursor
    }
    keys.raiseGate(context.store().visibleSequence());
    var page = new RangePage(query, reply);
    if (!query.bounds().isEmpty()) {
      try (KeyCursor at = KeyCursor.open(keys, query.bounds(), query.isReverse())) {
        if (!context.isOnWorker()) {
          at.passAtMost(LIMIT_ON_LOOP_MAX);
        }
        if (page.fill(at, context.isOnWorker()) == Reader.NEEDS_BLOCKS) {
          return Outcome.NEEDS_BLOCKS;
        }
        if (page.isForWorker() && !context.isOnWorker()) {
          return Outcome.NEEDS_WORKER;
        }
      }
    }
    page.end();
    return Outcome.DONE;
  }
}
