package io.atlaskv.engine.internal.memtable;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Sorts the key nodes of a memtable by key, in place, in native memory, in steps of bounded work:
/// a quicksort whose open ranges lie on a stack of its own.
///
/// ```
/// item = 8 bytes of the key after what all keys have in common, reference, 4 unused
/// ```
final class ReferenceSorter {
  private static final int ITEM_BITS = 4;
  private static final int SMALL = 16;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;

  private final EntryLog log;
  private final ChunkPool pool;
  private final Chunk chunk;
  private final MemorySegment items;
  private final int[] stack = new int[2 * Integer.SIZE];
  private int stacked;
  private int count;
  private int common = Integer.MAX_VALUE; // length of what all keys begin with
  private int prefixed; // items that have their 8 bytes
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
        count == 0 ? log.keyLength(reference) : log.commonPrefix(reference(0), reference, common);
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
      items.set(LONG, at(prefixed), log.prefix8(reference(prefixed), common));
      prefixed++;
    }
    if (!isStarted) {
      isStarted = true;
      push(0, count - 1);
    }
    while (stacked > 0) {
      if (left <= 0) {
        return true;
      }
      int high = stack[--stacked];
      int low = stack[--stacked];
      left -= high - low + SMALL;
      if (high - low < SMALL) {
        insertionSort(low, high);
      } else {
        partition(low, high);
      }
    }
    return false;
  }

  void release() {
    pool.giveBack(chunk);
  }

  private void push(int low, int high) {
    stack[stacked++] = low;
    stack[stacked++] = high;
  }

  private void partition(int low, int high) {
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
      push(low, j);
      push(i, high);
    } else {
      push(i, high);
      push(low, j);
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
