package io.atlaskv.engine.internal.memtable;

import io.atlaskv.engine.internal.base.KeyBatch;
import io.atlaskv.engine.internal.base.Prefetch;
import java.lang.foreign.MemorySegment;

/// Brings what the keys of a batch have in a memtable to the processor's caches: slots, key nodes,
/// newest versions, each for all keys before the next.
///
/// Safe beside the writer, as any reader is; says what seems to be here, not what is.
final class BatchProbe {
  private static final int LINE_BYTES = 64;

  private final HashIndex index;
  private final EntryLog log;
  private final long hashSeed;

  BatchProbe(HashIndex index, EntryLog log, long hashSeed) {
    this.index = index;
    this.log = log;
    this.hashSeed = hashSeed;
  }

  /// Leaves the node that an open key seems to have in the batch's words; 0 if it has none.
  void touch(KeyBatch batch) {
    int open = batch.openCount();
    for (int i = 0; i < open; i++) {
      int key = batch.open(i);
      batch.hash(key, KeyHash.of(hashSeed, batch.bytes(), KeyBatch.start(key), batch.length(key)));
    }
    for (int i = 0; i < open; i++) {
      int key = batch.open(i);
      batch.word(key, index.firstEntry(batch.hash(key)));
    }
    Prefetch prefetch = batch.prefetch();
    for (int i = 0; i < open; i++) {
      int key = batch.open(i);
      int node = index.probable(batch.hash(key), batch.word(key));
      batch.word(key, node);
      if (node != 0) {
        prefetch.place(0, log.memory(node), EntryLog.offset(node));
      }
    }
    prefetch.fetch();
    for (int i = 0; i < open; i++) {
      int node = (int) batch.word(batch.open(i));
      if (node != 0) {
        int newest = EntryDescriptor.newest(log.memory(node), EntryLog.offset(node));
        MemorySegment memory = log.memory(newest);
        long at = EntryLog.offset(newest);
        prefetch.place(0, memory, at);
        prefetch.place(1, memory, at + LINE_BYTES);
        prefetch.place(2, memory, at + 2 * LINE_BYTES);
      }
    }
    prefetch.fetch();
  }
}
