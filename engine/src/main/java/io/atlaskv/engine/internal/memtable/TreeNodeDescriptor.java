package io.atlaskv.engine.internal.memtable;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/// A node of the ordered index: 1 KiB in native memory, in native byte order.
///
/// ```
/// offset  size  leaf                                inner node
///      0     4  generation: changes when the node leaves the tree
///      4     4  entries, published with a release   separators
///      8     2  sorted entries; the rest was appended
///     10     2  length of the common prefix of all keys, at most 40
///     12     4  next free node
///     16    40  common prefix
///     64        8 bytes of each key after the prefix, as a big-endian number:
///               80 x 8                               53 x 8
///    488                                             children: 54 x 4
///    704        references of the key nodes:
///               80 x 4                               53 x 4
/// ```
///
/// A child holds the keys from the separator before it (inclusive) to the one after it.
final class TreeNodeDescriptor {
  static final int BYTES = 1024;
  static final int PREFIX_BYTES_MAX = 40;
  static final int LEAF_ENTRIES_MAX = 80;
  static final int SEPARATORS_MAX = 53;
  static final int CHILDREN_MAX = SEPARATORS_MAX + 1;

  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;
  private static final ValueLayout.OfLong LONG = ValueLayout.JAVA_LONG;
  private static final ValueLayout.OfShort SHORT = ValueLayout.JAVA_SHORT;
  private static final VarHandle INT_HANDLE = INT.varHandle();

  private static final long COUNT = 4;
  private static final long SORTED = 8;
  private static final long PREFIX_LENGTH = 10;
  private static final long NEXT_FREE = 12;
  private static final long PREFIX = 16;
  private static final long KEYS = 64;
  private static final long REFERENCES = KEYS + (long) LEAF_ENTRIES_MAX * Long.BYTES;
  private static final long CHILDREN = KEYS + (long) SEPARATORS_MAX * Long.BYTES;

  private TreeNodeDescriptor() {}

  static void clear(MemorySegment memory, long node) {
    for (long at = node; at < node + BYTES; at += Long.BYTES) {
      memory.set(LONG, at, 0);
    }
  }

  static int generation(MemorySegment memory, long node) {
    return (int) INT_HANDLE.getAcquire(memory, node);
  }

  static void nextGeneration(MemorySegment memory, long node) {
    INT_HANDLE.setRelease(memory, node, memory.get(INT, node) + 1);
    VarHandle.releaseFence(); // what is written to the node from now on comes after it
  }

  static int count(MemorySegment memory, long node) {
    return (int) INT_HANDLE.getAcquire(memory, node + COUNT);
  }

  static void publishCount(MemorySegment memory, long node, int count) {
    INT_HANDLE.setRelease(memory, node + COUNT, count);
  }

  static int sorted(MemorySegment memory, long node) {
    return memory.get(SHORT, node + SORTED);
  }

  static void sorted(MemorySegment memory, long node, int sorted) {
    memory.set(SHORT, node + SORTED, (short) sorted);
  }

  static int nextFree(MemorySegment memory, long node) {
    return memory.get(INT, node + NEXT_FREE);
  }

  static void nextFree(MemorySegment memory, long node, int next) {
    memory.set(INT, node + NEXT_FREE, next);
  }

  static int prefixLength(MemorySegment memory, long node) {
    return memory.get(SHORT, node + PREFIX_LENGTH);
  }

  static void prefixLength(MemorySegment memory, long node, int length) {
    memory.set(SHORT, node + PREFIX_LENGTH, (short) length);
  }

  static long prefixOffset(long node) {
    return node + PREFIX;
  }

  static long key(MemorySegment memory, long node, int index) {
    return memory.get(LONG, node + KEYS + (long) index * Long.BYTES);
  }

  static void key(MemorySegment memory, long node, int index, long key) {
    memory.set(LONG, node + KEYS + (long) index * Long.BYTES, key);
  }

  static int reference(MemorySegment memory, long node, int index) {
    return memory.get(INT, node + REFERENCES + (long) index * Integer.BYTES);
  }

  static void reference(MemorySegment memory, long node, int index, int reference) {
    memory.set(INT, node + REFERENCES + (long) index * Integer.BYTES, reference);
  }

  static int child(MemorySegment memory, long node, int index) {
    return (int) INT_HANDLE.getAcquire(memory, node + CHILDREN + (long) index * Integer.BYTES);
  }

  static void publishChild(MemorySegment memory, long node, int index, int child) {
    INT_HANDLE.setRelease(memory, node + CHILDREN + (long) index * Integer.BYTES, child);
  }

  static void loadPrefix(MemorySegment memory, long node, int length, byte[] target) {
    MemorySegment.copy(memory, ValueLayout.JAVA_BYTE, node + PREFIX, target, 0, length);
  }

  static void loadKeys(MemorySegment memory, long node, int count, long[] target) {
    MemorySegment.copy(memory, LONG, node + KEYS, target, 0, count);
  }

  static void loadReferences(MemorySegment memory, long node, int count, int[] target) {
    MemorySegment.copy(memory, INT, node + REFERENCES, target, 0, count);
  }

  static void loadChildren(MemorySegment memory, long node, int count, int[] target) {
    MemorySegment.copy(memory, INT, node + CHILDREN, target, 0, count);
  }
}
