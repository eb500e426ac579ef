package io.atlaskv.redis.command;

import io.atlaskv.engine.internal.base.Hash64;
import io.atlaskv.engine.internal.base.KeyBytes;
import io.atlaskv.redis.resp.Args;
import java.lang.foreign.MemorySegment;
import java.util.concurrent.ThreadLocalRandom;

/// Finds keys that are given more than once in one command: what a batch has changed cannot be read
/// before it is committed, so each key is written once.
public final class DistinctKeys {
  private static final int SMALL = 16;
  private static final int NONE = 0;
  private static final long SEED =
      ThreadLocalRandom.current().nextLong(); // clients choose the keys

  private final Args args;
  private final int step;
  private final int[] table; // empty if few keys: then they are compared with each other

  private DistinctKeys(Args args, int step, int[] table) {
    this.args = args;
    this.step = step;
    this.table = table;
  }

  /// The keys at arguments 1, 1 + `step`, ...
  public static DistinctKeys of(Args args, int step) {
    int count = (args.count() - 1 + step - 1) / step;
    if (count <= SMALL) {
      return new DistinctKeys(args, step, new int[0]);
    }
    int[] table = new int[2 * Integer.highestOneBit(2 * count - 1)];
    var keys = new DistinctKeys(args, step, table);
    for (int i = 1; i < args.count(); i += step) {
      table[keys.slot(i)] = i; // the last one stays
    }
    return keys;
  }

  /// True if the key at argument `i` does not come again later.
  public boolean isLast(int i) {
    if (table.length > 0) {
      return table[slot(i)] == i;
    }
    for (int later = i + step; later < args.count(); later += step) {
      if (isSame(i, later)) {
        return false;
      }
    }
    return true;
  }

  private int slot(int i) {
    MemorySegment memory = args.segment();
    int mask = table.length - 1;
    int at = (int) Hash64.hash(SEED, memory, args.offset(i), args.length(i)) & mask;
    while (table[at] != NONE && !isSame(i, table[at])) {
      at = at + 1 & mask;
    }
    return at;
  }

  private boolean isSame(int i, int j) {
    MemorySegment memory = args.segment();
    return args.length(i) == args.length(j)
        && KeyBytes.equal(memory, args.offset(i), memory, args.offset(j), args.length(i));
  }
}
