package io.atlaskv.engine.internal.cache;

import java.util.Arrays;

/// Which of the blocks that were not found may take the place of others in a cache that is full.
/// Guarded by the lock of its shard.
///
/// As a rule those that were missed before, not long ago: of much more data than fits most is asked
/// for once, and to keep it would cost what is asked for often (TinyLFU, Einziger et al. 2017; the
/// ghost queue of S3-FIFO, Yang et al. 2023). That is wrong where each block is asked for several
/// times and then no more, as of readers who move on: there one miss in two or three is a second
/// one. So if many are, all blocks are let in for some time, and then the rule is tried again; at
/// once if blocks come back that had no time to be found, as in a loop over more than fits.
///
/// Remembered are some bits of the hash of each block, in a table about as long as the cache has
/// blocks, so that a miss is forgotten after about as many others. As many misses are an epoch.
final class AdmissionPolicy {
  private static final int TAG_SHIFT = 32;

  /// Share of second misses from which on it pays to let all in.
  private static final double MANY_SECONDS = 0.27;

  /// Share of blocks that come back, of all that miss while all are let in, which says that they
  /// are driven out too soon to be of use.
  private static final double MANY_BACK = 0.17;

  private static final int OPEN_EPOCHS = 16;
  private static final int CLOSED_EPOCHS = 16;

  private short[] tags = new short[0];
  private int misses;
  private int seconds;
  private boolean isOpen; // all are let in
  private int epochs; // until the other way may be tried

  /// Whether the block that is now missed may take the place of another one.
  ///
  /// @param blocks how many the cache has
  boolean admits(long hash, int blocks) {
    if (tags.length < blocks) {
      tags = Arrays.copyOf(tags, Integer.highestOneBit(blocks) << 1);
    }
    if (tags.length == 0) {
      return true;
    }
    int place = (int) hash & (tags.length - 1);
    short tag = (short) (hash >>> TAG_SHIFT);
    boolean isSecond = tags[place] == tag;
    tags[place] = isSecond && !isOpen ? 0 : tag;
    boolean isAdmitted = isSecond || isOpen;
    seconds += isSecond ? 1 : 0;
    if (++misses >= tags.length) {
      endEpoch((double) seconds / misses);
    }
    return isAdmitted;
  }

  private void endEpoch(double shareOfSeconds) {
    misses = 0;
    seconds = 0;
    epochs--;
    if (isOpen && shareOfSeconds > MANY_BACK) {
      open(false, CLOSED_EPOCHS);
    } else if (isOpen && epochs <= 0) {
      open(false, 0);
    } else if (!isOpen && epochs <= 0 && shareOfSeconds > MANY_SECONDS) {
      open(true, OPEN_EPOCHS);
    }
  }

  private void open(boolean value, int leastEpochs) {
    isOpen = value;
    epochs = leastEpochs;
    Arrays.fill(tags, (short) 0); // what was missed in the other way says nothing of this one
  }
}
