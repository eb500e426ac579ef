package io.atlaskv.engine.internal.manifest;

import io.atlaskv.engine.internal.io.ThreadStripe;
import java.util.concurrent.atomic.AtomicLongArray;

/// How many reads of single keys ask each level, and how many end there. Counted for the keys that
/// are measured anyway (`TableReader.isMeasured`), so the others pay nothing. Any thread.
public final class LevelReads {
  private static final int STRIPES = 4;
  private static final int HITS = 8; // first count of them; those of reads come before
  private static final int STRIDE = 16; // two cache lines

  private final AtomicLongArray counts = new AtomicLongArray(STRIPES * STRIDE);
  private final long keysForOne;

  /// @param keysForOne how many keys there are for one that is counted
  LevelReads(long keysForOne) {
    this.keysForOne = keysForOne;
  }

  /// A read asked `level`.
  ///
  /// @param isHit whether it ended there
  void count(int level, boolean isHit) {
    int base = ThreadStripe.of(STRIPES) * STRIDE;
    counts.getAndIncrement(base + level);
    if (isHit) {
      counts.getAndIncrement(base + HITS + level);
    }
  }

  /// Reads that asked a level, estimated.
  public long reads(int level) {
    return sum(level);
  }

  /// Reads that ended in a level, estimated.
  public long hits(int level) {
    return sum(HITS + level);
  }

  private long sum(int index) {
    long sum = 0;
    for (int stripe = 0; stripe < STRIPES; stripe++) {
      sum += counts.get(stripe * STRIDE + index);
    }
    return sum * keysForOne;
  }
}
