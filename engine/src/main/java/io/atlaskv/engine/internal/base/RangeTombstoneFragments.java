package io.atlaskv.engine.internal.base;

import java.util.Arrays;

/// A `RangeTombstones` being written from left to right; joins touching equal fragments.
final class RangeTombstoneFragments {
  private final byte[][] starts;
  private final byte[][] ends;
  private final int[] offsets;
  private final long[] sequences;
  private int fragments; // closed ones
  private int length; // of sequences, those of the open fragment included

  /// With room for so many fragments and sequences.
  RangeTombstoneFragments(int fragmentsMax, int sequencesMax) {
    starts = new byte[fragmentsMax][];
    ends = new byte[fragmentsMax][];
    offsets = new int[fragmentsMax + 1];
    sequences = new long[sequencesMax];
  }

  /// Begins the fragment `[start, end)`.
  void open(byte[] start, byte[] end) {
    starts[fragments] = start;
    ends[fragments] = end;
  }

  /// Gives the open fragment one more, older sequence.
  void sequence(long sequence) {
    sequences[length++] = sequence;
  }

  /// Gives the open fragment all of another's.
  void copySequences(long[] source, int from, int to) {
    System.arraycopy(source, from, sequences, length, to - from);
    length += to - from;
  }

  /// Gives the open fragment `newest` and of the older ones those that a live snapshot needs.
  void coverWith(long newest, long[] older, int from, int to, LiveSnapshots live) {
    assert (older[from] & ~RangeTombstones.GAP) < newest : "newest=" + newest;
    sequences[length++] = newest;
    long above = newest;
    for (int i = from; i < to; i++) {
      long sequence = older[i] & ~RangeTombstones.GAP;
      if (live.anyIn(sequence, above)) {
        sequences[length++] = older[i];
        above = sequence;
      } else {
        if (sequence <= live.published() || (older[i] & RangeTombstones.GAP) != 0) {
          sequences[length - 1] |= RangeTombstones.GAP;
        }
        // above stays: no registered snapshot can lie between what is left out and it
      }
    }
  }

  /// Ends the open fragment; it becomes part of the one before if it only continues it.
  void close() {
    int from = offsets[fragments];
    if (fragments > 0) {
      int before = fragments - 1;
      byte[] end = ends[before];
      byte[] start = starts[fragments];
      if (Arrays.equals(sequences, offsets[before], from, sequences, from, length)
          && Arrays.equals(end, start)) {
        ends[before] = ends[fragments];
        length = from;
        return;
      }
    }
    offsets[++fragments] = length;
  }

  /// Copies finished fragments of another set.
  void copyFragments(
      byte[][] otherStarts,
      byte[][] otherEnds,
      int[] otherOffsets,
      long[] otherSequences,
      int from,
      int to) {
    int next = from;
    if (next < to && fragments > 0) { // only the first can continue the last one written
      open(otherStarts[next], otherEnds[next]);
      copySequences(otherSequences, otherOffsets[next], otherOffsets[next + 1]);
      close();
      next++;
    }
    System.arraycopy(otherStarts, next, starts, fragments, to - next);
    System.arraycopy(otherEnds, next, ends, fragments, to - next);
    int shift = length - otherOffsets[next];
    System.arraycopy(
        otherSequences,
        otherOffsets[next],
        sequences,
        length,
        otherOffsets[to] - otherOffsets[next]);
    for (int i = next; i < to; i++) {
      offsets[++fragments] = otherOffsets[i + 1] + shift;
    }
    length = offsets[fragments];
  }

  /// The finished set.
  RangeTombstones toSet() {
    if (fragments == 0) {
      return RangeTombstones.EMPTY;
    }
    return new RangeTombstones(
        Arrays.copyOf(starts, fragments),
        Arrays.copyOf(ends, fragments),
        Arrays.copyOf(offsets, fragments + 1),
        Arrays.copyOf(sequences, length));
  }
}
