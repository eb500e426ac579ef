package io.atlaskv.engine.internal.memtable;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.nio.ByteOrder;

/// What a memtable's log holds: one key node per user key, and versions. In memory only.
/// Little-endian; all records are 8-byte aligned.
///
/// ```
/// key node                                  version
/// offset  size  field                       offset  size  field
///      0     4  newest version (reference)       0     8  link, see below
///      4     4  key length | 1 << 30             8     8  trailer
///      8     n  key, padded to 8                16     n  value, padded to 8
///
/// link = gap (1 bit) | 0 (1 bit, tells it from a key node)
///        | value length (30 bits) | next older version (32 bits: reference; 0 none)
/// ```
///
/// The first version of a key directly follows its node. *Gap*: between this version and the next
/// older one others were taken out, because no live snapshot saw them. The two change together.
final class EntryDescriptor {
  /// A key node without the key.
  static final int NODE_BYTES = 8;

  /// Longest value.
  static final int VALUE_BYTES_MAX = (1 << 30) - 1;

  /// A version without the value.
  static final int VERSION_BYTES = 16;

  private static final ValueLayout.OfInt INT =
      ValueLayout.JAVA_INT.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final ValueLayout.OfLong LONG =
      ValueLayout.JAVA_LONG.withOrder(ByteOrder.LITTLE_ENDIAN);
  private static final VarHandle REFERENCE = INT.varHandle();
  private static final VarHandle LINK = LONG.varHandle();
  private static final long KEY_LENGTH = 4;
  private static final long TRAILER = 8;
  private static final int NODE = 1 << 30; // in a version: part of its link, and never set
  private static final long GAP = 1L << 63;
  private static final long OLDER_MASK = 0xffffffffL;

  private EntryDescriptor() {}

  static void initializeNode(MemorySegment memory, long node, int newest, int keyLength) {
    memory.set(INT, node, newest);
    memory.set(INT, node + KEY_LENGTH, keyLength | NODE);
  }

  static int newest(MemorySegment memory, long node) {
    return (int) REFERENCE.getAcquire(memory, node);
  }

  static void publishNewest(MemorySegment memory, long node, int version) {
    REFERENCE.setRelease(memory, node, version);
  }

  static int keyLength(MemorySegment memory, long node) {
    return memory.get(INT, node + KEY_LENGTH) ^ NODE;
  }

  static void initializeVersion(
      MemorySegment memory, long version, int older, long trailer, int valueLength) {
    memory.set(LONG, version, ((long) valueLength << Integer.SIZE) | (older & OLDER_MASK));
    memory.set(LONG, version + TRAILER, trailer);
  }

  /// True if a record is a key node, false if it is a version.
  static boolean isNode(MemorySegment memory, long record) {
    return (memory.get(INT, record + KEY_LENGTH) & NODE) != 0;
  }

  static long nodeBytes(int keyLength) {
    return padded(NODE_BYTES + keyLength);
  }

  static long versionBytes(int valueLength) {
    return padded(VERSION_BYTES + valueLength);
  }

  static long link(MemorySegment memory, long version) {
    return (long) LINK.getAcquire(memory, version);
  }

  /// Makes a version point to one further down; a gap that it has stays.
  static void skipTo(MemorySegment memory, long version, int older, boolean leavesGap) {
    long rest = memory.get(LONG, version) & ~OLDER_MASK;
    LINK.setRelease(memory, version, (leavesGap ? GAP : 0) | rest | (older & OLDER_MASK));
  }

  static int older(long link) {
    return (int) link;
  }

  static boolean hasGap(long link) {
    return link < 0;
  }

  static int valueLength(long link) {
    return (int) ((link & ~GAP) >>> Integer.SIZE);
  }

  static int older(MemorySegment memory, long version) {
    return older(link(memory, version));
  }

  static long trailer(MemorySegment memory, long version) {
    return memory.get(LONG, version + TRAILER);
  }

  private static long padded(int length) {
    return (length + 7L) & ~7L;
  }
}
