package io.atlaskv.engine.internal.base;

import io.atlaskv.engine.api.Bytes;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Immutable set of range deletions, cut into fragments that do not overlap.
///
/// ```
/// deletions   |----- 7 -----|
///                   |------ 9 ------|          |--- 4 ---|
/// fragments   |- 7 -|- 9 7 -|-- 9 --|          |--- 4 ---|
/// ```
///
/// Each fragment `[start, end)` has the sequences of the deletions that cover it, newest first. A
/// point read is a binary search; a change is a new set, made in one pass over flat arrays, so that
/// a reader takes one reference and is done.
///
/// Invariants:
/// - F1: `start(i) < end(i) <= start(i + 1)`.
/// - F2: the sequences of a fragment fall strictly; there is at least one.
/// - F3: fragments that touch differ in their sequences.
/// - F4: `with` leaves out a sequence only if no live snapshot needs it, and marks the gap: a
///   reader without a registered snapshot that falls into it is told so.
public final class RangeTombstones {
  /// No deletions.
  public static final RangeTombstones EMPTY =
      new RangeTombstones(new byte[0][], new byte[0][], new long[0], new int[1], new long[0], 0, 0);

  /// No deletion covers the key.
  public static final long NONE = 0;

  /// What the reader's sequence names is gone: read again at the sequence that is now published.
  public static final long RETRY = -1;

  /// Mark of a sequence directly below which others were left out (F4).
  static final long GAP = 1L << 62;

  // Arrays may be longer than what is used of them.
  final byte[][] starts;
  final byte[][] ends;
  final long[] endPrefixes; // 8 bytes of each end after the first `common`, for a quick search
  final int[] offsets; // sequences of fragment i: [offsets[i], offsets[i + 1])
  final long[] sequences;
  final int common; // length of what all ends begin with; may be less than it could be
  private final int fragments;

  RangeTombstones(
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

  /// All of `tombstones`, in any order, overlapping or not.
  public static RangeTombstones ofList(List<RangeTombstone> tombstones) {
    var sweep = new RangeTombstoneSweep();
    for (var tombstone : tombstones) {
      sweep.add(tombstone.start().toArray(), tombstone.end().toArray(), tombstone.sequence());
    }
    return sweep.finish();
  }

  /// What any of `sets` has.
  public static RangeTombstones union(List<RangeTombstones> sets) {
    RangeTombstones only = EMPTY;
    int nonEmpty = 0;
    var sweep = new RangeTombstoneSweep();
    for (var set : sets) {
      if (!set.isEmpty()) {
        only = set;
        nonEmpty++;
      }
      for (int i = 0; i < set.fragments(); i++) {
        for (int j = 0; j < set.sequenceCount(i); j++) {
          sweep.add(set.starts[i], set.ends[i], set.sequence(i, j));
        }
      }
    }
    return nonEmpty <= 1 ? only : sweep.finish();
  }

  /// True if nothing is deleted.
  public boolean isEmpty() {
    return fragments == 0;
  }

  /// Number of fragments.
  public int fragments() {
    return fragments;
  }

  /// First key of a fragment; not to be changed.
  public byte[] start(int fragment) {
    return starts[fragment];
  }

  /// First key after a fragment; not to be changed.
  public byte[] end(int fragment) {
    return ends[fragment];
  }

  /// How many deletions cover a fragment.
  public int sequenceCount(int fragment) {
    return offsets[fragment + 1] - offsets[fragment];
  }

  /// The `index`-th newest sequence of a fragment.
  public long sequence(int fragment, int index) {
    return sequences[offsets[fragment] + index] & ~GAP;
  }

  /// Heap bytes held, keys included; fragments that touch share their keys.
  public long bytes() {
    long bytes = 8L * sequences.length + 20L * starts.length;
    for (int i = 0; i < fragments; i++) {
      bytes += starts[i].length + ends[i].length;
    }
    return bytes;
  }

  /// Newest deletion of the key that `snapshot` sees; `NONE` if there is none. For snapshots that
  /// were registered when this set was made.
  public long coveringSequence(byte[] key, int offset, int length, long snapshot) {
    int fragment = isEmpty() ? 0 : fragmentAt(key, offset, length);
    if (fragment == fragments()) {
      return NONE;
    }
    int at = visibleIn(fragment, snapshot);
    return at == offsets[fragment + 1] ? NONE : sequences[at] & ~GAP;
  }

  /// As `coveringSequence`, for a reader that took `snapshot` from what is published and did not
  /// register it: `RETRY` if what it would need was left out since.
  public long latestCoveringSequence(byte[] key, int offset, int length, long snapshot) {
    int fragment = isEmpty() ? 0 : fragmentAt(key, offset, length);
    if (fragment == fragments()) {
      return NONE;
    }
    int at = visibleIn(fragment, snapshot);
    if (at > offsets[fragment] && (sequences[at - 1] & GAP) != 0) {
      return RETRY;
    }
    return at == offsets[fragment + 1] ? NONE : sequences[at] & ~GAP;
  }

  /// Where in `[start, end)` a deletion newer than `since` begins to cover keys; null if there is
  /// none. Not to be changed.
  public byte @Nullable [] firstNewer(byte[] start, byte[] end, long since) {
    for (int i = firstEndingAfter(start, 0, start.length);
        i < fragments && compare(starts[i], end) < 0;
        i++) {
      if (sequence(i, 0) > since) {
        return compare(starts[i], start) < 0 ? start : starts[i];
      }
    }
    return null;
  }

  /// Index of the first fragment that ends after the key; `fragments()` if none does.
  public int firstEndingAfter(byte[] key, int offset, int length) {
    if (fragments == 0) {
      return 0;
    }
    int same = KeyBytes.mismatch(key, offset, ends[0], 0, Math.min(length, common));
    if (same < common) {
      boolean isBefore = same == length || (key[offset + same] & 0xff) < (ends[0][same] & 0xff);
      return isBefore ? 0 : fragments;
    }
    long prefix = KeyBytes.prefix8(key, offset + common, length - common);
    int low = 0;
    int high = fragments;
    while (low < high) {
      int middle = (low + high) >>> 1;
      int order = Long.compareUnsigned(endPrefixes[middle], prefix);
      if (order == 0) {
        byte[] end = ends[middle];
        order = KeyBytes.compare(end, 0, end.length, key, offset, length);
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
  public RangeTombstones clip(byte @Nullable [] lower, byte @Nullable [] upper) {
    int from = lower == null ? 0 : firstEndingAfter(lower, 0, lower.length);
    int to = upper == null ? fragments : firstStartingFrom(upper, from);
    if (from == 0
        && to == fragments()
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
    return result.toSet();
  }

  /// This and a deletion newer than all others. What no live snapshot needs any more is left out
  /// where the new deletion covers it.
  public RangeTombstones with(byte[] start, byte[] end, long sequence, LiveSnapshots live) {
    if (compare(start, end) >= 0) {
      return this;
    }
    int from = firstEndingAfter(start, 0, start.length);
    int to = firstStartingFrom(end, from);
    int touched = to - from;
    int splitSequences = // of the two that may stick out, for they are there twice then
        touched == 0 ? 0 : sequenceCount(from) + sequenceCount(to - 1);
    var result =
        new RangeTombstoneFragments(
            fragments + touched + 3,
            offsets[fragments] + splitSequences + 2 * touched + 3,
            isEmpty() ? common(start, end) : Math.min(commonWith(start), commonWith(end)));
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
    return result.toSet();
  }

  @Override
  public String toString() {
    var text = new StringBuilder();
    for (int i = 0; i < fragments(); i++) {
      text.append(i == 0 ? "" : " ").append('[').append(Bytes.of(starts[i])).append(", ");
      text.append(Bytes.of(ends[i])).append(')');
      for (int j = offsets[i]; j < offsets[i + 1]; j++) {
        text.append(j == offsets[i] ? '@' : ',').append(sequences[j] & ~GAP);
        text.append((sequences[j] & GAP) != 0 ? "*" : "");
      }
    }
    return text.toString();
  }

  /// The fragment that holds the key; `fragments()` if none does.
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
  private static int compare(byte[] left, byte[] right) {
    return left == right ? 0 : KeyBytes.compare(left, 0, left.length, right, 0, right.length);
  }
}
