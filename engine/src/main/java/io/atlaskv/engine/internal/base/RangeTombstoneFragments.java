package io.atlaskv.engine.internal.base;

import java.util.Arrays;

/// A `RangeTombstoneLeaf` being written from left to right; joins touching equal fragments.
final class RangeTombstoneFragments {
  private final byte[][] starts;
  private final byte[][] ends;
  private final long[] endPrefixes;
  private final int[] offsets;
  private final long[] sequences;
  private final int common;
  private int fragments; // closed ones
  private int length; // of sequences, those of the open fragment included

  /// With room for so many fragments and sequences; all ends begin with the same `common` bytes.
  RangeTombstoneFragments(int fragmentsMax, int sequencesMax, int common) {
    starts = new byte[fragmentsMax][];
    ends = new byte[fragmentsMax][];
    endPrefixes = new long[fragmentsMax];
    offsets = new int[fragmentsMax + 1];
    sequences = new long[sequencesMax];
    this.common = common;
  }

  /// Begins the fragment `[start, end)`.
  void open(byte[] start, byte[] end) {
    starts[fragments] = start;
    ends[fragments] = end;
    endPrefixes[fragments] = KeyBytes.prefix8(end, common, end.length - common);
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
    assert (older[from] & ~RangeTombstoneLeaf.GAP) < newest : "newest=" + newest;
    sequences[length++] = newest;
    long above = newest;
    for (int i = from; i < to; i++) {
      long sequence = older[i] & ~RangeTombstoneLeaf.GAP;
      if (live.anyIn(sequence, above)) {
        sequences[length++] = older[i];
        above = sequence;
      } else {
        if (sequence <= live.published() || (older[i] & RangeTombstoneLeaf.GAP) != 0) {
          sequences[length - 1] |= RangeTombstoneLeaf.GAP;
        }
        // above stays: no registered snapshot can lie between what is left out and it
      }
    }
  }

  /// Ends the open fragment; it becomes part of the one before if it only continues it.
  void close() {
    int from = offsets[fragments];
    if (fragments > 0 && length - from == from - offsets[fragments - 1]) {
      int before = fragments - 1;
      byte[] end = ends[before];
      byte[] start = starts[fragments];
      if (Arrays.equals(sequences, offsets[before], from, sequences, from, length)
          && Arrays.equals(end, start)) {
        ends[before] = ends[fragments];
        endPrefixes[before] = endPrefixes[fragments];
        length = from;
        return;
      }
    }
    offsets[++fragments] = length;
  }

  /// Copies finished fragments of another one.
  void copyFragments(RangeTombstoneLeaf other, int from, int to) {
    int next = from;
    if (next < to && fragments > 0) { // only the first can continue the last one written
      open(other.starts[next], other.ends[next]);
      copySequences(other.sequences, other.offsets[next], other.offsets[next + 1]);
      close();
      next++;
    }
    System.arraycopy(other.starts, next, starts, fragments, to - next);
    System.arraycopy(other.ends, next, ends, fragments, to - next);
    if (other.common == common) {
      System.arraycopy(other.endPrefixes, next, endPrefixes, fragments, to - next);
    } else {
      for (int i = next; i < to; i++) {
        byte[] end = other.ends[i];
        endPrefixes[fragments + i - next] = KeyBytes.prefix8(end, common, end.length - common);
      }
    }
    int first = other.offsets[next];
    int shift = length - first;
    System.arraycopy(other.sequences, first, sequences, length, other.offsets[to] - first);
    for (int i = next; i < to; i++) {
      offsets[++fragments] = other.offsets[i + 1] + shift;
    }
    length = offsets[fragments];
  }

  /// The finished run; takes the arrays over.
  RangeTombstoneLeaf toLeaf() {
    return fragments == 0
        ? RangeTombstoneLeaf.EMPTY
        : new RangeTombstoneLeaf(starts, ends, endPrefixes, offsets, sequences, fragments, common);
  }
}
