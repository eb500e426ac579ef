package io.atlaskv.engine.internal.cache;

/// Tells of a reader that must not block whether it goes through files from front to back, though
/// each of its runs begins with a seek, so that what it lacks is fetched in pieces that double from
/// one block to `BLOCKS_MAX`. It may go through a few files at a time: those of a merge.
///
/// Invariants:
/// - Q1: a piece is doubled only if the reader came to the very end of the one before; who asks for
///   the same block again, as its request was forgotten, gets the same piece.
final class SequentialMisses {
  static final int BLOCKS_MAX = 64;

  private static final int FILES_MAX = 16;

  private final long[] files = new long[FILES_MAX]; // 0 = none
  private final long[] starts = new long[FILES_MAX];
  private final long[] ends = new long[FILES_MAX];
  private final int[] pieces = new int[FILES_MAX];
  private int oldest;

  /// How many blocks from this one on are to be asked for.
  int blocks(long fileNumber, long fileOffset) {
    int at = find(fileNumber);
    if (at < 0) {
      return 1;
    }
    if (fileOffset == starts[at]) {
      return pieces[at];
    }
    return fileOffset == ends[at] ? Math.min(BLOCKS_MAX, 2 * pieces[at]) : 1;
  }

  /// So many blocks of a file are being asked for, as a whole from `start` to `end`.
  void needed(long fileNumber, long start, long end, int blocks) {
    int at = find(fileNumber);
    if (at < 0) {
      at = oldest;
      oldest = (oldest + 1) % FILES_MAX;
      files[at] = fileNumber;
    }
    starts[at] = start;
    ends[at] = end;
    pieces[at] = blocks;
  }

  private int find(long fileNumber) {
    for (int i = 0; i < FILES_MAX; i++) {
      if (files[i] == fileNumber) {
        return i;
      }
    }
    return -1;
  }
}
