package io.atlaskv.engine.internal.memtable;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;

/// Sorts the key nodes of a memtable by key, in place, in native memory, in steps of bounded work:
/// a radix sort from the first byte on, whose open ranges lie on a stack of its own.
///
/// ```
/// item = 8 bytes of the key after what all keys have in common, reference, 4 unused
/// ```
///
/// Keys themselves lie anywhere, and each is a cache miss, so they are left alone as long as the 8
/// bytes tell. Items of which all 8 are equal, as when one odd key leaves the others' long
/// beginning in the middle, get those 8 from where their keys differ, and the old ones back when
/// they are in order.
final class ReferenceSorter {
  private static final int ITEM_BITS = 4;
  private static final int SMALL = 16;
  private static final int RANGE_INTS = 4;
  private static final int VALUES = 256;
  private static final int FIRST_SHIFT = Long.SIZE - Byte.SIZE;

  /// In place of a shift: whole keys are compared.
  private static final int COMPARE_ALL = -1;

  /// In place of a shift: the range is in order and gets 8 bytes back.
  private static final int RESTORE = -2;

  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;

  private final EntryLog log;
  private final ChunkPool pool;
  private final Chunk chunk;
  private final MemorySegment items;

  // Ranges of items: first, last, the place of their 8 bytes in the keys, and the shift to the
  // first of these that is not known to be equal.
  private int[] stack = new int[RANGE_INTS * Integer.SIZE];
  private int stacked;

  // 8 bytes of the ranges on the stack that are to be restored.
  private long[] restored = new long[8];
  private int restoring;

  private final int[] starts = new int[VALUES];
  private final int[] ends = new int[VALUES];

  private int count;
  private int common = Integer.MAX_VALUE; // length of what all keys begin with
  private int prefixed; // items that have their 8 bytes
  private boolean isInOrder = true; // as far as the 8 bytes were looked at: they ascend
  private boolean isStarted;
  private long random;

  /// Room for so many; the seed keeps callers from choosing keys that sort slowly.
  ReferenceSorter(EntryLog log, ChunkPool pool, long countMax, long seed) {
    this.log = log;
    this.pool = pool;
    chunk = pool.acquireLarge(Math.max(1, countMax) << ITEM_BITS);
    items = chunk.memory();
    random = seed | 1;
  }

  long bytes() {
    return chunk.bytes();
  }

  int count() {
    return count;
  }

  /// Length of what all keys begin with.
  int common() {
    return common;
  }

  void add(int reference) {
    items.set(INT, at(count) + Long.BYTES, reference);
    common =
        count == 0
            ? log.keyLength(reference)
            : log.commonPrefix(reference(0), reference, 0, common);
    count++;
  }

  int reference(int index) {
    return items.get(INT, at(index) + Long.BYTES);
  }

  /// Sorts on; `work` bounds roughly how many items are touched. False when all is sorted.
  boolean step(int work) {
    int left = work;
    while (prefixed < count) {
      if (left-- == 0) {
        return true;
      }
      long key = log.prefix8(reference(prefixed), common);
      isInOrder &= prefixed == 0 || Long.compareUnsigned(key(prefixed - 1), key) < 0;
      items.set(LONG, at(prefixed), key);
      prefixed++;
    }
    if (!isStarted) {
      isStarted = true;
      if (!isInOrder) {
        push(0, count - 1, common, FIRST_SHIFT);
      }
    }
    while (stacked > 0) {
      if (left <= 0) {
        return true;
      }
      int shift = stack[--stacked];
      int depth = stack[--stacked];
      int high = stack[--stacked];
      int low = stack[--stacked];
      left -= high - low + SMALL;
      if (shift == RESTORE) {
        long key = restored[--restoring];
        for (int i = low; i <= high; i++) {
          items.set(LONG, at(i), key);
        }
      } else if (high - low < SMALL) {
        insertionSort(low, high);
      } else if (shift == COMPARE_ALL) {
        partition(low, high, depth);
      } else {
        distribute(low, high, depth, shift);
      }
    }
    return false;
  }

  void release() {
    pool.giveBack(chunk);
  }

  private void push(int low, int high, int depth, int shift) {
    if (low < high) {
      if (stacked == stack.length) {
        stack = Arrays.copyOf(stack, 2 * stacked);
      }
      stack[stacked++] = low;
      stack[stacked++] = high;
      stack[stacked++] = depth;
      stack[stacked++] = shift;
    }
  }

  /// Brings the items into the order of the first byte in which they differ.
  private void distribute(int low, int high, int depth, int firstShift) {
    int shift = firstShift;
    if (countBytes(low, high, shift)) {
      shift = firstDifference(low, high);
      if (shift < 0) {
        deepen(low, high, depth);
        return;
      }
      countBytes(low, high, shift);
    }
    int start = low;
    for (int value = 0; value < VALUES; value++) {
      starts[value] = start;
      start += ends[value];
      ends[value] = start;
      push(starts[value], start - 1, depth, Math.max(0, shift - Byte.SIZE));
    }
    for (int value = 0; value < VALUES; value++) {
      while (starts[value] < ends[value]) {
        fill(starts[value]++, value, shift);
      }
    }
  }

  /// Puts an item with this byte in a place, sending on what stands there, and what that displaces,
  /// to where it belongs.
  private void fill(int place, int value, int shift) {
    long key = key(place);
    int reference = reference(place);
    for (int found = byteOf(key, shift); found != value; found = byteOf(key, shift)) {
      int target = starts[found]++;
      long displacedKey = key(target);
      int displaced = reference(target);
      put(target, key, reference);
      key = displacedKey;
      reference = displaced;
    }
    put(place, key, reference);
  }

  /// Counts the values of one byte in `ends`; true if it is the same in all items.
  private boolean countBytes(int low, int high, int shift) {
    Arrays.fill(ends, 0);
    for (int i = low; i <= high; i++) {
      ends[byteOf(key(i), shift)]++;
    }
    return ends[byteOf(key(low), shift)] > high - low;
  }

  /// Shift to the first byte in which items differ, negative if there is none.
  private int firstDifference(int low, int high) {
    long first = key(low);
    long different = 0;
    for (int i = low + 1; i <= high; i++) {
      different |= key(i) ^ first;
    }
    return FIRST_SHIFT - (Long.numberOfLeadingZeros(different) & -Byte.SIZE);
  }

  private static int byteOf(long key, int shift) {
    return (int) (key >>> shift) & 0xff;
  }

  /// Gives items with equal 8 bytes those that begin where their keys differ.
  private void deepen(int low, int high, int depth) {
    int first = reference(low);
    int newDepth = log.keyLength(first);
    for (int i = low + 1; i <= high && newDepth > depth; i++) {
      newDepth = log.commonPrefix(first, reference(i), depth, newDepth);
    }
    if (newDepth == depth) { // one ends here, and the others go on with zeros
      push(low, high, depth, COMPARE_ALL);
      return;
    }
    if (restoring == restored.length) {
      restored = Arrays.copyOf(restored, 2 * restoring);
    }
    restored[restoring++] = key(low);
    push(low, high, depth, RESTORE);
    for (int i = low; i <= high; i++) {
      items.set(LONG, at(i), log.prefix8(reference(i), newDepth));
    }
    push(low, high, newDepth, FIRST_SHIFT);
  }

  private void partition(int low, int high, int depth) {
    int pivot = medianOf(randomIn(low, high), randomIn(low, high), randomIn(low, high));
    long pivotKey = key(pivot);
    int pivotReference = reference(pivot);
    int i = low;
    int j = high;
    while (i <= j) {
      while (isBefore(key(i), reference(i), pivotKey, pivotReference)) {
        i++;
      }
      while (isBefore(pivotKey, pivotReference, key(j), reference(j))) {
        j--;
      }
      if (i <= j) {
        swap(i++, j--);
      }
    }
    if (j - low > high - i) { // the larger part first, so that the stack stays small
      push(low, j, depth, COMPARE_ALL);
      push(i, high, depth, COMPARE_ALL);
    } else {
      push(i, high, depth, COMPARE_ALL);
      push(low, j, depth, COMPARE_ALL);
    }
  }

  private void insertionSort(int low, int high) {
    for (int i = low + 1; i <= high; i++) {
      long key = key(i);
      int reference = reference(i);
      int j = i - 1;
      while (j >= low && isBefore(key, reference, key(j), reference(j))) {
        put(j + 1, key(j), reference(j));
        j--;
      }
      put(j + 1, key, reference);
    }
  }

  private boolean isBefore(long leftKey, int left, long rightKey, int right) {
    if (leftKey != rightKey) {
      return Long.compareUnsigned(leftKey, rightKey) < 0;
    }
    return left != right && log.compareKeys(left, right) < 0;
  }

  private int medianOf(int a, int b, int c) {
    boolean isAb = isBefore(key(a), reference(a), key(b), reference(b));
    boolean isBc = isBefore(key(b), reference(b), key(c), reference(c));
    if (isAb == isBc) {
      return b;
    }
    boolean isAc = isBefore(key(a), reference(a), key(c), reference(c));
    return isAb == isAc ? c : a;
  }

  private int randomIn(int low, int high) {
    random ^= random << 13;
    random ^= random >>> 7;
    random ^= random << 17;
    return low + (int) Long.remainderUnsigned(random, high - low + 1L);
  }

  private void swap(int i, int j) {
    long key = key(i);
    int reference = reference(i);
    put(i, key(j), reference(j));
    put(j, key, reference);
  }

  private void put(int index, long key, int reference) {
    long at = at(index);
    items.set(LONG, at, key);
    items.set(INT, at + Long.BYTES, reference);
  }

  /// 8 bytes of the key from `common()` on.
  long key(int index) {
    return items.get(LONG, at(index));
  }

  private static long at(int index) {
    return (long) index << ITEM_BITS;
  }
}
