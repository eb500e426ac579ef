package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.internal.compaction.Snapshots;
import java.util.Arrays;

/// Sequences of all open snapshots and cursors, ascending, and the floor from which on every
/// sequence counts as one, as its history is kept. Changed under the commit lock, read without.
final class SnapshotList {
  private static final long[] NONE = {};

  private volatile long[] sequences = NONE; // never changed in place; the same sequence may repeat

  private volatile long floor = Snapshots.NO_HISTORY;

  /// What must be kept from here on. Who registers what lies at the floor or above it is seen here,
  /// or comes before the floor that is seen here rises.
  Snapshots live() {
    long kept = floor; // first: a snapshot that was taken below a later floor is in the list
    return Snapshots.of(sequences, kept);
  }

  /// The floor of history, `Snapshots.NO_HISTORY` if none is kept.
  long floor() {
    return floor;
  }

  /// Lets history begin, or what is below go.
  void floor(long value) {
    floor = value;
  }

  /// True if a snapshot `s` with `from <= s < to` is open, or may be opened for its history.
  boolean anyIn(long from, long to) {
    if (to > floor) {
      return true;
    }
    long[] open = sequences;
    int at = open.length; // most are recent
    while (at > 0 && open[at - 1] >= to) {
      at--;
    }
    return at > 0 && open[at - 1] >= from;
  }

  /// True if every snapshot, open or to be opened for its history, sees all up to `sequence`.
  boolean areAllFrom(long sequence) {
    long[] open = sequences;
    return floor >= sequence && (open.length == 0 || open[0] >= sequence);
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
