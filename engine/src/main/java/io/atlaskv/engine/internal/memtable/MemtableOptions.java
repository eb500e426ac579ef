package io.atlaskv.engine.internal.memtable;

/// How a memtable is made.
///
/// @param budgetBytes native memory, hash table and ordered index included, at which it is full
/// @param entriesMin number of keys it must take whatever their size; 0 = what the budget suggests
/// @param isOrdered whether it has its ordered index from the start
/// @param hashSeed keeps callers from choosing keys that collide
public record MemtableOptions(long budgetBytes, long entriesMin, boolean isOrdered, long hashSeed) {
  /// One slot for so many bytes of budget: with 16-byte keys and 100-byte values some 45 % of the
  /// slots are used when the budget is.
  private static final int BYTES_PER_SLOT = 64;

  private static final long SLOTS_MAX = 1L << 30;

  public MemtableOptions {
    if (budgetBytes < ChunkPool.CHUNK_BYTES) {
      throw new IllegalArgumentException("budgetBytes=" + budgetBytes);
    }
    if (entriesMin < 0 || entriesMin > SLOTS_MAX / 2) {
      throw new IllegalArgumentException("entriesMin=" + entriesMin);
    }
  }

  /// Slots of the hash table.
  long slots() {
    long wanted = Math.max(budgetBytes / BYTES_PER_SLOT, entriesMin + entriesMin / 2);
    return Math.min(SLOTS_MAX, Long.highestOneBit(Math.max(1024, wanted) * 2 - 1));
  }
}
