package io.atlaskv.engine.internal.db;

import java.util.Arrays;

/// Sequences of all open snapshots and cursors, ascending. Changed under the commit lock, read
/// without.
final class SnapshotList {
  private static final long[] NONE = {};

  private volatile long[] sequences = NONE; // never changed in place; the same sequence may repeat

  /// All sequences, ascending; not to be changed.
  long[] sequences() {
    return sequences;
  }

  /// True if a snapshot `s` with `from <= s < to` is open.
  boolean anyIn(long from, long to) {
    long[] open = sequences;
    int at = open.length; // most are recent
    while (at > 0 && open[at - 1] >= to) {
      at--;
    }
    return at > 0 && open[at - 1] >= from;
  }

  int count() {
    return sequences.length;
  }

  void add(long sequence) {
    long[] old = sequences;
    long[] grown = Arrays.copyOf(old, old.length + 1);
    int at = old.length;
    while (at > 0 && grown[at - 1] > sequence) {
      grown[at] = grown[at - 1];
      at--;
    }
    grown[at] = sequence;
    sequences = grown;
  }

  void remove(long sequence) {
    long[] old = sequences;
    int at = Arrays.binarySearch(old, sequence);
    assert at >= 0 : "sequence=" + sequence;
    long[] shrunk = new long[old.length - 1];
    System.arraycopy(old, 0, shrunk, 0, at);
    System.arraycopy(old, at + 1, shrunk, at, shrunk.length - at);
    sequences = shrunk;
  }
}
