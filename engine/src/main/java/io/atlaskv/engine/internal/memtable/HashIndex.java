package io.atlaskv.engine.internal.memtable;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/// Open-addressing table of a memtable's key nodes. Its size is fixed when it is made, so that no
/// insert ever pays for growth; nothing is ever removed.
///
/// ```
/// slot = high 32 bits of the key's `KeyHash` << 32 | reference of the key node; 0 is free
/// ```
///
/// One writer; a slot is published once, with a release, and never changes.
final class HashIndex {
  private static final VarHandle SLOT = ValueLayout.JAVA_LONG.varHandle();

  /// Above this share of used slots probing gets long: 4/5.
  private static final int FULL_NUMERATOR = 4;

  private static final int FULL_DENOMINATOR = 5;

  private final EntryLog log;
  private final ChunkPool pool;
  private final Chunk chunk;
  private final MemorySegment table;
  private final long mask;
  private long entries;

  /// A table of `slots`, a power of two.
  HashIndex(EntryLog log, ChunkPool pool, long slots) {
    assert Long.bitCount(slots) == 1 : "slots=" + slots;
    this.log = log;
    this.pool = pool;
    chunk = pool.acquireLarge(slots * Long.BYTES);
    table = chunk.memory().asSlice(0, slots * Long.BYTES);
    table.fill((byte) 0);
    mask = slots - 1;
  }

  long slots() {
    return mask + 1;
  }

  long bytes() {
    return chunk.bytes();
  }

  /// True if so many more entries keep the table at four fifths or less.
  boolean canTake(long more) {
    return (entries + more) * FULL_DENOMINATOR <= slots() * FULL_NUMERATOR;
  }

  /// The key node of a key; 0 if there is none.
  int find(long hash, byte[] key, int offset, int length) {
    int tag = (int) (hash >>> Integer.SIZE);
    for (long slot = hash & mask; ; slot = (slot + 1) & mask) {
      long entry = entry(slot);
      if (entry == 0) {
        return 0;
      }
      if ((int) (entry >>> Integer.SIZE) == tag
          && log.keyEquals((int) entry, key, offset, length)) {
        return (int) entry;
      }
    }
  }

  /// What stands where the search for a key begins: touches that slot.
  long firstEntry(long hash) {
    return entry(hash & mask);
  }

  /// A node that has the tag of a key: in all likelihood the key's; 0 if the key is not here.
  int probable(long hash, long firstEntry) {
    int tag = (int) (hash >>> Integer.SIZE);
    long entry = firstEntry;
    for (long slot = hash & mask; entry != 0; entry = entry(slot)) {
      if ((int) (entry >>> Integer.SIZE) == tag) {
        return (int) entry;
      }
      slot = (slot + 1) & mask;
    }
    return 0;
  }

  /// For the writer: the slot that has the key, or the free one where it belongs.
  long slotOf(long hash, MemorySegment key, long offset, int length) {
    int tag = (int) (hash >>> Integer.SIZE);
    for (long slot = hash & mask; ; slot = (slot + 1) & mask) {
      long entry = entry(slot);
      if (entry == 0
          || ((int) (entry >>> Integer.SIZE) == tag
              && log.keyEquals((int) entry, key, offset, length))) {
        return slot;
      }
    }
  }

  /// The key node in a slot; 0 if it is free.
  int nodeAt(long slot) {
    return (int) entry(slot);
  }

  /// Publishes a node in a free slot.
  void insert(long slot, long hash, int node) {
    if (entries == mask) {
      throw new IllegalStateException("hash index is full: slots=" + slots());
    }
    entries++;
    long tag = hash & ~0xffffffffL;
    SLOT.setRelease(table, slot << 3, tag | (node & 0xffffffffL));
  }

  void release() {
    pool.giveBack(chunk);
  }

  private long entry(long slot) {
    return (long) SLOT.getAcquire(table, slot << 3);
  }
}
