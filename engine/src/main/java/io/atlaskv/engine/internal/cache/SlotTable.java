package io.atlaskv.engine.internal.cache;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/// Hash table from block to slot: buckets of eight 8-byte entries, one cache line each. An entry
/// stands in its bucket or in that bucket's neighbour and never moves, so that readers need no
/// lock.
///
/// ```
/// entry = tag (upper 32 bits of the hash) << 32 | location + 1;  0 = empty
/// ```
final class SlotTable {
  static final int BUCKET_ENTRIES = 8;
  private static final int BUCKET_BYTES = BUCKET_ENTRIES * Long.BYTES;
  private static final VarHandle ENTRY = ValueLayout.JAVA_LONG.varHandle();

  private final MemorySegment entries;
  private final long bucketMask;

  /// @param buckets a power of two, at least 2
  SlotTable(Arena arena, int buckets) {
    entries = arena.allocate((long) buckets * BUCKET_BYTES, BUCKET_BYTES);
    bucketMask = buckets - 1L;
  }

  /// Hash of a block's name; its upper half is the tag, its lower half chooses the bucket.
  static long hash(long fileNumber, long fileOffset) {
    long h = fileNumber * 0x9e3779b97f4a7c15L + fileOffset;
    h = (h ^ (h >>> 32)) * 0xd6e8feb86659fd93L;
    h = (h ^ (h >>> 32)) * 0xd6e8feb86659fd93L;
    return h ^ (h >>> 32);
  }

  long bytes() {
    return entries.byteSize();
  }

  int capacity() {
    return (int) (bucketMask + 1) * BUCKET_ENTRIES;
  }

  /// Location in the `index`-th of the 16 places where a block may stand, or -1 if that place is
  /// empty or has another tag.
  int candidate(long hash, int index) {
    long entry = (long) ENTRY.getAcquire(entries, place(hash, index));
    return entry != 0 && (int) (entry >>> 32) == (int) (hash >>> 32) ? (int) entry - 1 : -1;
  }

  /// Location in that place whatever its tag, or -1.
  int occupant(long hash, int index) {
    return (int) (long) ENTRY.getAcquire(entries, place(hash, index)) - 1;
  }

  /// Writes an entry; the place must be empty or the caller's to overwrite.
  void put(long hash, int index, int location) {
    long entry = (hash & 0xffffffff00000000L) | ((location + 1) & 0xffffffffL);
    ENTRY.setRelease(entries, place(hash, index), entry);
  }

  /// Writes to the first empty place; false if there is none.
  boolean add(long hash, int location) {
    for (int index = 0; index < 2 * BUCKET_ENTRIES; index++) {
      if (occupant(hash, index) < 0) {
        put(hash, index, location);
        return true;
      }
    }
    return false;
  }

  /// Removes the entry of a location, if it is there.
  boolean remove(long hash, int location) {
    for (int index = 0; index < 2 * BUCKET_ENTRIES; index++) {
      if (candidate(hash, index) == location) {
        ENTRY.setRelease(entries, place(hash, index), 0L);
        return true;
      }
    }
    return false;
  }

  private long place(long hash, int index) {
    long bucket = (hash & bucketMask) ^ (index >>> 3);
    return bucket * BUCKET_BYTES + (index & (BUCKET_ENTRIES - 1)) * (long) Long.BYTES;
  }
}
