package io.atlaskv.engine.internal.base;

import io.atlaskv.engine.api.Bytes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Immutable set of range deletions, cut into fragments that do not overlap.
///
/// ```
/// deletions   |----- 7 -----|
///                   |------ 9 ------|          |--- 4 ---|
/// fragments   |- 7 -|- 9 7 -|-- 9 --|          |--- 4 ---|
/// leaves      |----- of at most 128 each -----||-----------
/// ```
///
/// Each fragment `[start, end)` has the sequences of the deletions that cover it, newest first. The
/// fragments lie in leaves. A point read is a binary search for the leaf, and one in it; a change
/// is a new set that shares all leaves but those it touches, so that a reader takes one reference
/// and is done, and a writer copies little, however many there are.
///
/// Invariants:
/// - F1: `start(i) < end(i) <= start(i + 1)`.
/// - F2: the sequences of a fragment fall strictly; there is at least one.
/// - F3: fragments that touch differ in their sequences.
/// - F4: `with` leaves out a sequence only if no live snapshot needs it, and marks the gap: a
///   reader without a registered snapshot that falls into it is told so.
/// - F5: no leaf is empty.
public final class RangeTombstones {
  /// No deletion covers the key.
  public static final long NONE = 0;

  /// What the reader's sequence names is gone: read again at the sequence that is now published.
  public static final long RETRY = -1;

  /// Fragments of a leaf: more make a change slower, fewer make it slower among very many.
  static final int LEAF_MAX = 128;

  private static final int LEAF_MIN = LEAF_MAX / 4; // smaller ones are joined with a neighbour
  private static final RangeTombstoneLeaf[] NO_LEAVES = {};

  /// No deletions.
  public static final RangeTombstones EMPTY = new RangeTombstones(NO_LEAVES, 0);

  private final RangeTombstoneLeaf[] leaves;
  private final int[] firsts; // fragments before each leaf, and all of them
  private final byte[][] ends; // of the last fragment of each leaf
  private final long[] endPrefixes; // as in a leaf
  private final int common;
  private final long bytes;

  private RangeTombstones(RangeTombstoneLeaf[] leaves, long bytes) {
    int count = leaves.length;
    this.leaves = leaves;
    this.bytes = bytes;
    firsts = new int[count + 1];
    ends = new byte[count][];
    endPrefixes = new long[count];
    for (int i = 0; i < count; i++) {
      firsts[i + 1] = firsts[i] + leaves[i].fragments;
      ends[i] = leaves[i].lastEnd();
    }
    common = count == 0 ? 0 : RangeTombstoneLeaf.common(ends[0], ends[count - 1]); // sorted
    for (int i = 0; i < count; i++) {
      endPrefixes[i] = KeyBytes.prefix8(ends[i], common, ends[i].length - common);
    }
  }

  /// The set of these fragments, of any number.
  static RangeTombstones of(RangeTombstoneLeaf fragments) {
    return EMPTY.replaced(0, 0, fragments);
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
      for (RangeTombstoneLeaf leaf : set.leaves) {
        for (int i = 0; i < leaf.fragments; i++) {
          for (int j = 0; j < leaf.sequenceCount(i); j++) {
            sweep.add(leaf.starts[i], leaf.ends[i], leaf.sequence(i, j));
          }
        }
      }
    }
    return nonEmpty <= 1 ? only : sweep.finish();
  }

  /// True if nothing is deleted.
  public boolean isEmpty() {
    return leaves.length == 0;
  }

  /// Number of fragments.
  public int fragments() {
    return firsts[leaves.length];
  }

  /// First key of a fragment; not to be changed.
  public byte[] start(int fragment) {
    int leaf = leafOf(fragment);
    return leaves[leaf].starts[fragment - firsts[leaf]];
  }

  /// First key after a fragment; not to be changed.
  public byte[] end(int fragment) {
    int leaf = leafOf(fragment);
    return leaves[leaf].ends[fragment - firsts[leaf]];
  }

  /// How many deletions cover a fragment.
  public int sequenceCount(int fragment) {
    int leaf = leafOf(fragment);
    return leaves[leaf].sequenceCount(fragment - firsts[leaf]);
  }

  /// The `index`-th newest sequence of a fragment.
  public long sequence(int fragment, int index) {
    int leaf = leafOf(fragment);
    return leaves[leaf].sequence(fragment - firsts[leaf], index);
  }

  private int leafOf(int fragment) {
    int at = Arrays.binarySearch(firsts, fragment);
    return at >= 0 ? at : -at - 2; // no two are the same (F5)
  }

  /// Heap bytes held, keys included.
  public long bytes() {
    return bytes;
  }

  /// Newest deletion of the key that `snapshot` sees; `NONE` if there is none. For snapshots that
  /// were registered when this set was made.
  public long coveringSequence(byte[] key, int offset, int length, long snapshot) {
    int at = leafEndingAfter(key, offset, length);
    return at == leaves.length ? NONE : leaves[at].covering(key, offset, length, snapshot, true);
  }

  /// As `coveringSequence`, for a reader that took `snapshot` from what is published and did not
  /// register it: `RETRY` if what it would need was left out since.
  public long latestCoveringSequence(byte[] key, int offset, int length, long snapshot) {
    int at = leafEndingAfter(key, offset, length);
    return at == leaves.length ? NONE : leaves[at].covering(key, offset, length, snapshot, false);
  }

  /// Where in `[start, end)` a deletion newer than `since` begins to cover keys; null if there is
  /// none. Not to be changed.
  public byte @Nullable [] firstNewer(byte[] start, byte[] end, long since) {
    int to = firstLeafStartingFrom(end);
    for (int i = leafEndingAfter(start, 0, start.length); i < to; i++) {
      byte[] first = leaves[i].firstNewer(start, end, since);
      if (first != null) {
        return first;
      }
    }
    return null;
  }

  /// Index of the first fragment that ends after the key; `fragments()` if none does.
  public int firstEndingAfter(byte[] key, int offset, int length) {
    int at = leafEndingAfter(key, offset, length);
    return at == leaves.length
        ? fragments()
        : firsts[at] + leaves[at].firstEndingAfter(key, offset, length);
  }

  private int leafEndingAfter(byte[] key, int offset, int length) {
    return RangeTombstoneLeaf.firstAfter(
        ends, endPrefixes, common, leaves.length, key, offset, length);
  }

  private int firstLeafStartingFrom(byte[] key) {
    int first = 0;
    int high = leaves.length;
    while (first < high) {
      int middle = (first + high) >>> 1;
      if (RangeTombstoneLeaf.compare(leaves[middle].starts[0], key) < 0) {
        first = middle + 1;
      } else {
        high = middle;
      }
    }
    return first;
  }

  /// What lies in `[lower, upper)`; a bound that is null does not bound.
  public RangeTombstones clip(byte @Nullable [] lower, byte @Nullable [] upper) {
    int from = lower == null ? 0 : leafEndingAfter(lower, 0, lower.length);
    int to = upper == null ? leaves.length : firstLeafStartingFrom(upper);
    boolean isSame = from == 0 && to == leaves.length;
    var clipped = new ArrayList<RangeTombstoneLeaf>(Math.max(0, to - from));
    for (int i = from; i < to; i++) {
      RangeTombstoneLeaf leaf = leaves[i].clip(lower, upper);
      isSame &= leaf == leaves[i];
      if (leaf.fragments > 0) {
        clipped.add(leaf);
      }
    }
    return isSame ? this : ofLeaves(clipped.toArray(NO_LEAVES));
  }

  private static RangeTombstones ofLeaves(RangeTombstoneLeaf[] leaves) {
    return leaves.length == 0
        ? EMPTY
        : new RangeTombstones(leaves, bytes(leaves, 0, leaves.length));
  }

  /// This and a deletion newer than all others. What no live snapshot needs any more is left out
  /// where the new deletion covers it.
  public RangeTombstones with(byte[] start, byte[] end, long sequence, LiveSnapshots live) {
    if (RangeTombstoneLeaf.compare(start, end) >= 0) {
      return this;
    }
    int from = leafEndingAfter(start, 0, start.length);
    int to = firstLeafStartingFrom(end);
    if (from >= to) { // between two leaves, or at an end: a neighbour takes it
      from = Math.min(from, Math.max(0, leaves.length - 1));
      to = Math.min(from + 1, leaves.length);
    }
    RangeTombstoneLeaf old =
        from == to
            ? RangeTombstoneLeaf.EMPTY
            : RangeTombstoneLeaf.join(Arrays.copyOfRange(leaves, from, to));
    RangeTombstoneLeaf changed = old.with(start, end, sequence, live);
    if (changed.fragments < LEAF_MIN) {
      if (to < leaves.length) {
        changed = RangeTombstoneLeaf.join(changed, leaves[to++]);
      } else if (from > 0) {
        changed = RangeTombstoneLeaf.join(leaves[--from], changed);
      }
    }
    return replaced(from, to, changed);
  }

  /// This with other fragments in place of the leaves of `[from, to)`.
  private RangeTombstones replaced(int from, int to, RangeTombstoneLeaf by) {
    int parts = (by.fragments + LEAF_MAX - 1) / LEAF_MAX;
    var result = new RangeTombstoneLeaf[leaves.length - (to - from) + parts];
    System.arraycopy(leaves, 0, result, 0, from);
    System.arraycopy(leaves, to, result, from + parts, leaves.length - to);
    for (int i = 0; i < parts; i++) {
      result[from + i] =
          parts == 1
              ? by
              : by.part(
                  (int) ((long) by.fragments * i / parts),
                  (int) ((long) by.fragments * (i + 1) / parts));
    }
    return result.length == 0
        ? EMPTY
        : new RangeTombstones(
            result, bytes - bytes(leaves, from, to) + bytes(result, from, from + parts));
  }

  private static long bytes(RangeTombstoneLeaf[] leaves, int from, int to) {
    long bytes = 0;
    for (int i = from; i < to; i++) {
      bytes += leaves[i].bytes();
    }
    return bytes;
  }

  /// Number of leaves.
  int leaves() {
    return leaves.length;
  }

  /// How many leaves are those of another set.
  int leavesSharedWith(RangeTombstones other) {
    return (int) Arrays.stream(leaves).filter(List.of(other.leaves)::contains).count();
  }

  @Override
  public String toString() {
    var text = new StringBuilder();
    for (RangeTombstoneLeaf leaf : leaves) {
      for (int i = 0; i < leaf.fragments; i++) {
        text.append(text.isEmpty() ? "" : " ").append('[').append(Bytes.of(leaf.starts[i]));
        text.append(", ").append(Bytes.of(leaf.ends[i])).append(')');
        for (int j = leaf.offsets[i]; j < leaf.offsets[i + 1]; j++) {
          text.append(j == leaf.offsets[i] ? '@' : ',').append(leaf.sequence(j));
          text.append(leaf.hasGap(j) ? "*" : "");
        }
      }
    }
    return text.toString();
  }
}
