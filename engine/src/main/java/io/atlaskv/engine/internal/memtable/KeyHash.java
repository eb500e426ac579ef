package io.atlaskv.engine.internal.memtable;

import io.atlaskv.engine.internal.base.Hash64;
import io.atlaskv.engine.internal.base.Layouts;
import java.lang.foreign.MemorySegment;

/// Hash of a key for the table of a memtable: keys that differ in the low three bits of their last
/// byte only, as neighbours in an order of numbers or digits do, get neighbouring slots of one
/// cache line. Who writes in order, or to few places, meets a line that is there for most keys, and
/// not a cache miss for each.
///
/// The high 32 bits tell keys apart, the low ones choose the slot.
final class KeyHash {
  private static final int NEAR_BITS = 3; // 8 slots of 8 bytes: a cache line

  private KeyHash() {}

  static long of(long seed, byte[] key, int offset, int length) {
    if (length == 0) {
      return Hash64.hash(seed, key, offset, 0);
    }
    long last = key[offset + length - 1] & 0xffL;
    return near(Hash64.hash(groupSeed(seed, last), key, offset, length - 1), last);
  }

  static long of(long seed, MemorySegment key, long offset, int length) {
    if (length == 0) {
      return Hash64.hash(seed, key, offset, 0);
    }
    long last = key.get(Layouts.BYTE, offset + length - 1) & 0xffL;
    return near(Hash64.hash(groupSeed(seed, last), key, offset, length - 1), last);
  }

  private static long groupSeed(long seed, long last) {
    return seed ^ (last >>> NEAR_BITS);
  }

  /// The low bits of the last byte choose one of the group's slots, in an order of its own, and go
  /// to the high end as well.
  private static long near(long hash, long last) {
    return hash ^ (last & ((1 << NEAR_BITS) - 1)) ^ (last << -NEAR_BITS);
  }
}
