package io.atlaskv.engine.internal.base;

import org.jspecify.annotations.Nullable;

/// Immutable run of fragments of [RangeTombstones], in flat arrays. Its operations take time with
/// its length.
final class RangeTombstoneLeaf {
  /// No fragments.
  static final RangeTombstoneLeaf EMPTY =
      new RangeTombstoneLeaf(
          new byte[0][], new byte[0][], new long[0], new int[1], new long[0], 0, 0);

  /// Mark of a sequence directly below which others were left out (F4).
  static final long GAP = 1L << 62;

  private static final int FRAGMENT_BYTES = 2 * 4 + Long.BYTES + Integer.BYTES;
  private static final int KEY_HEADER_BYTES = 16;

  // Arrays may be longer than what is used of them.
  final byte[][] starts;
  final byte[][] ends;
  final long[] endPrefixes; // 8 bytes of each end after the first `common`, for a quick search
  final int[] offsets; // sequences of fragment i: [offsets[i], offsets[i + 1])
  final long[] sequences;
  final int common; // length of what all ends begin with; may be less than it could be
  final int fragments;
  private long bytes; // 0: not yet counted; two threads that count it find the same

  RangeTombstoneLeaf(
      byte[][] starts,
      byte[][] ends,
      long[] endPrefixes,
      int[] offsets,
      long[] sequences,
      int fragments,
      int common) {
    this.starts = starts;
    this.ends = ends;
    this.endPrefixes = endPrefixes;
    this.offsets = offsets;
    this.sequences = sequences;
    this.fragments = fragments;
    this.common = common;
  }

  /// All fragments of leaves that follow each other; at least one.
  static RangeTombstoneLeaf join(RangeTombstoneLeaf... leaves) {
    if (leaves.length == 1) {
      return leaves[0];
    }
    int fragments = 0;
    int sequences = 0;
    for (RangeTombstoneLeaf leaf : leaves) {
      fragments += leaf.fragments;
      sequences += leaf.offsets[leaf.fragments];
    }
    var result =
        new RangeTombstoneFragments(
            fragments, sequences, common(leaves[0].ends[0], leaves[leaves.length - 1].lastEnd()));
    for (RangeTombstoneLeaf leaf : leaves) {
      result.copyFragments(leaf, 0, leaf.fragments);
    }
    return result.toLeaf();
  }

  /// The fragments of `[from, to)`; at least one.
  RangeTombstoneLeaf part(int from, int to) {
    var result =
        new RangeTombstoneFragments(
            to - from, offsets[to] - offsets[from], common(ends[from], ends[to - 1]));
    result.copyFragments(this, from, to);
    return result.toLeaf();
  }

  byte[] lastEnd() {
    return ends[fragments - 1];
  }

  /// How many deletions cover a fragment.
  int sequenceCount(int fragment) {
    return offsets[fragment + 1] - offsets[fragment];
  }

  /// The `index`-th newest sequence of a fragment.
  long sequence(int fragment, int index) {
    return sequences[offsets[fragment] + index] & ~GAP;
  }

  /// Heap bytes held, keys included; fragments that touch share their keys.
  long bytes() {
    long known = bytes;
    if (known == 0) {
      known = count();
      bytes = known;
    }
    return known;
  }

  private long count() {
    long count = (long) Long.BYTES * sequences.length + (long) FRAGMENT_BYTES * starts.length;
    for (int i = 0; i < fragments; i++) {
      count += KEY_HEADER_BYTES + ends[i].length;
      if (i == 0 || compare(starts[i], ends[i - 1]) != 0) {
        count += KEY_HEADER_BYTES + starts[i].length;
      }
    }
    return count;
  }

  long sequence(int at) {
    return sequences[at] & ~GAP;
  }

  boolean hasGap(int at) {
    return (sequences[at] & GAP) != 0;
  }

  /// Newest deletion of the key that `snapshot` sees, or `NONE`; `RETRY` if `snapshot` is not
  /// registered and in a gap.
  long covering(byte[] key, int offset, int length, long snapshot, boolean isRegistered) {
    int fragment = fragmentAt(key, offset, length);
    if (fragment == fragments) {
      return RangeTombstones.NONE;
    }
    int at = visibleIn(fragment, snapshot);
    if (!isRegistered && at > offsets[fragment] && hasGap(at - 1)) {
      return RangeTombstones.RETRY;
    }
    return at == offsets[fragment + 1] ? RangeTombstones.NONE : sequence(at);
  }

  /// Where in `[start, end)` a deletion newer than `since` begins to cover keys; null if there is
  /// none.
  byte @Nullable [] firstNewer(byte[] start, byte[] end, long since) {
    for (int i = firstEndingAfter(start, 0, start.length);
        i < fragments && compare(starts[i], end) < 0;
        i++) {
      if (sequence(i, 0) > since) {
        return compare(starts[i], start) < 0 ? start : starts[i];
      }
    }
    return null;
  }

  /// The fragment that holds the key; `fragments` if none does.
  private int fragmentAt(byte[] key, int offset, int length) {
    int fragment = firstEndingAfter(key, offset, length);
    if (fragment < fragments) {
      byte[] start = starts[fragment];
      if (KeyBytes.compare(start, 0, start.length, key, offset, length) > 0) {
        return fragments;
      }
    }
    return fragment;
  }

  /// Index of the first fragment that ends after the key; `fragments` if none does.
  int firstEndingAfter(byte[] key, int offset, int length) {
    return firstAfter(ends, endPrefixes, common, fragments, key, offset, length);
  }

  /// Index of the first of `count` ascending keys that is larger than the key; `count` if none is.
  ///
  /// @param prefixes 8 bytes of each after the first `common`, which all have in common
  static int firstAfter(
      byte[][] keys, long[] prefixes, int common, int count, byte[] key, int offset, int length) {
    if (count == 0) {
      return 0;
    }
    int same = KeyBytes.mismatch(key, offset, keys[0], 0, Math.min(length, common));
    if (same < common) {
      boolean isBefore = same == length || (key[offset + same] & 0xff) < (keys[0][same] & 0xff);
      return isBefore ? 0 : count;
    }
    long prefix = KeyBytes.prefix8(key, offset + common, length - common);
    int low = 0;
    int high = count;
    while (low < high) {
      int middle = (low + high) >>> 1;
      int order = Long.compareUnsigned(prefixes[middle], prefix);
      if (order == 0) {
        byte[] other = keys[middle];
        order = KeyBytes.compare(other, 0, other.length, key, offset, length);
      }
      if (order <= 0) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /// Index of the first fragment, from `low` on, that starts at the key or behind it.
  private int firstStartingFrom(byte[] key, int low) {
    int first = low;
    int high = fragments;
    while (first < high) {
      int middle = (first + high) >>> 1;
      if (compare(starts[middle], key) < 0) {
        first = middle + 1;
      } else {
        high = middle;
      }
    }
    return first;
  }

  /// What lies in `[lower, upper)`; a bound that is null does not bound.
  RangeTombstoneLeaf clip(byte @Nullable [] lower, byte @Nullable [] upper) {
    int from = lower == null ? 0 : firstEndingAfter(lower, 0, lower.length);
    int to = upper == null ? fragments : firstStartingFrom(upper, from);
    if (from == 0
        && to == fragments
        && (to == 0
            || ((lower == null || compare(starts[0], lower) >= 0)
                && (upper == null || compare(ends[to - 1], upper) <= 0)))) {
      return this;
    }
    int resultCommon = upper == null ? common : commonWith(upper);
    var result = new RangeTombstoneFragments(to - from, offsets[to] - offsets[from], resultCommon);
    for (int i = from; i < to; i++) {
      byte[] start = lower != null && compare(starts[i], lower) < 0 ? lower : starts[i];
      byte[] end = upper != null && compare(ends[i], upper) > 0 ? upper : ends[i];
      result.open(start, end);
      result.copySequences(sequences, offsets[i], offsets[i + 1]);
      result.close();
    }
    return result.toLeaf();
  }

  /// This and a deletion newer than all others, of a range that is not empty. What no live snapshot
  /// needs any more is left out where the new deletion covers it.
  RangeTombstoneLeaf with(byte[] start, byte[] end, long sequence, LiveSnapshots live) {
    int from = firstEndingAfter(start, 0, start.length);
    int to = firstStartingFrom(end, from);
    int touched = to - from;
    int splitSequences = // of the two that may stick out, for they are there twice then
        touched == 0 ? 0 : sequenceCount(from) + sequenceCount(to - 1);
    var result =
        new RangeTombstoneFragments(
            fragments + touched + 3,
            offsets[fragments] + splitSequences + 2 * touched + 3,
            fragments == 0 ? common(start, end) : Math.min(commonWith(start), commonWith(end)));
    result.copyFragments(this, 0, from);
    byte[] at = start;
    for (int i = from; i < to; i++) {
      int order = compare(starts[i], at);
      if (order < 0) { // sticks out to the left: only the first one can
        result.open(starts[i], at);
        result.copySequences(sequences, offsets[i], offsets[i + 1]);
        result.close();
      } else if (order > 0) {
        result.open(at, starts[i]);
        result.sequence(sequence);
        result.close();
        at = starts[i];
      }
      // Only the last one can stick out to the right.
      boolean sticksOut = i + 1 == to && compare(end, ends[i]) < 0;
      byte[] pieceEnd = sticksOut ? end : ends[i];
      result.open(at, pieceEnd);
      result.coverWith(sequence, sequences, offsets[i], offsets[i + 1], live);
      result.close();
      at = pieceEnd;
      if (sticksOut) {
        result.open(end, ends[i]);
        result.copySequences(sequences, offsets[i], offsets[i + 1]);
        result.close();
      }
    }
    if (compare(at, end) < 0) {
      result.open(at, end);
      result.sequence(sequence);
      result.close();
    }
    result.copyFragments(this, to, fragments);
    return result.toLeaf();
  }

  /// Position in `sequences` of the newest one that `snapshot` sees; the end of the fragment's if
  /// it sees none.
  private int visibleIn(int fragment, long snapshot) {
    int low = offsets[fragment];
    int high = offsets[fragment + 1];
    while (low < high) {
      int middle = (low + high) >>> 1;
      if ((sequences[middle] & ~GAP) > snapshot) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /// Length of what all ends and one more begin with.
  private int commonWith(byte[] end) {
    return KeyBytes.mismatch(ends[0], 0, end, 0, Math.min(common, end.length));
  }

  static int common(byte[] left, byte[] right) {
    return KeyBytes.mismatch(left, 0, right, 0, Math.min(left.length, right.length));
  }

  @SuppressWarnings("ReferenceEquality") // fragments that touch share the key: no look at its bytes
  static int compare(byte[] left, byte[] right) {
    return left == right ? 0 : KeyBytes.compare(left, 0, left.length, right, 0, right.length);
  }
}
