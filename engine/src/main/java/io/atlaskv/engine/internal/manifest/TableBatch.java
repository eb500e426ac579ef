package io.atlaskv.engine.internal.manifest;

import io.atlaskv.engine.internal.base.KeyBatch;
import io.atlaskv.engine.internal.base.Prefetch;
import io.atlaskv.engine.internal.cache.PinnedBlock;
import io.atlaskv.engine.internal.cache.ReadContext;
import io.atlaskv.engine.internal.sstable.TableReader;
import java.util.Arrays;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Looks the keys of a batch up in the tables of a version, stage by stage (`KeyBatch`). Reused,
/// one thread; between calls it holds no pin.
///
/// Each key is looked for in the newest table that may have it. When it is not there after all, or
/// its block is not in memory, the batch says nothing of it.
public final class TableBatch {
  private static final int NO_BLOCK = -1;
  private static final int UNKNOWN_BLOCK = -2;

  private final ReadContext context;
  private final int[] levelTables = new int[KeyBatch.KEYS_MAX * Levels.COUNT];
  private final @Nullable TableReader[] readers = new @Nullable TableReader[KeyBatch.KEYS_MAX];
  private final int[] blocks = new int[KeyBatch.KEYS_MAX];
  private final int[] entries = new int[KeyBatch.KEYS_MAX];
  private final PinnedBlock[] pinned = new PinnedBlock[KeyBatch.KEYS_MAX];

  /// Blocks are taken from the cache of `context`, which must not block.
  public TableBatch(ReadContext context) {
    this.context = context;
    Arrays.setAll(pinned, i -> new PinnedBlock());
  }

  /// Answers what it can of the open keys. No range tombstone may be in the tables.
  ///
  /// @param snapshot at or after all that is in the tables
  void getAll(Table[] newestFirst, LevelTables[] sorted, KeyBatch batch, long snapshot) {
    prefetchLocate(newestFirst, sorted, batch);
    chooseTables(newestFirst, sorted, batch);
    try {
      pinBlocks(batch);
      readBlocks(batch, snapshot);
    } finally {
      batch.openCount(0);
      Arrays.fill(readers, null);
      for (PinnedBlock block : pinned) {
        block.release();
      }
    }
  }

  private void prefetchLocate(Table[] newestFirst, LevelTables[] sorted, KeyBatch batch) {
    Prefetch prefetch = batch.prefetch();
    int open = batch.openCount();
    for (int i = 0; i < open; i++) {
      int key = batch.open(i);
      batch.hash(key, TableReader.hash(batch.bytes(), KeyBatch.start(key), batch.length(key)));
    }
    int rank = 0;
    for (Table table : newestFirst) {
      TableReader reader = table.reader();
      for (int i = 0; i < open; i++) {
        reader.prefetchLocate(batch.hash(batch.open(i)), prefetch, rank);
      }
      rank = nextRank(rank, prefetch);
    }
    for (int level = 0; level < sorted.length; level++) {
      for (int i = 0; i < open; i++) {
        int key = batch.open(i);
        int index = sorted[level].find(batch.bytes(), KeyBatch.start(key), batch.length(key));
        levelTables[key * Levels.COUNT + level] = index;
        if (index >= 0) {
          sorted[level].table(index).reader().prefetchLocate(batch.hash(key), prefetch, rank);
        }
      }
      rank = nextRank(rank, prefetch);
    }
    prefetch.fetch();
  }

  private static int nextRank(int rank, Prefetch prefetch) {
    if (rank + 1 < Prefetch.RANKS) {
      return rank + 1;
    }
    prefetch.fetch();
    return 0;
  }

  /// Closes keys that are in no table: that is their answer.
  private void chooseTables(Table[] newestFirst, LevelTables[] sorted, KeyBatch batch) {
    int left = 0;
    for (int i = 0; i < batch.openCount(); i++) {
      int key = batch.open(i);
      if (locate(newestFirst, sorted, batch.hash(key), key)) {
        batch.stayOpen(left++, key);
      } else {
        batch.answer(key).absent();
        batch.answered(key);
      }
    }
    batch.openCount(left);
  }

  /// Finds the newest table that may have the key.
  private boolean locate(Table[] newestFirst, LevelTables[] sorted, long hash, int key) {
    for (Table table : newestFirst) {
      if (locate(table.reader(), hash, key)) {
        return true;
      }
    }
    for (int level = 0; level < sorted.length; level++) {
      int index = levelTables[key * Levels.COUNT + level];
      if (index >= 0 && locate(sorted[level].table(index).reader(), hash, key)) {
        return true;
      }
    }
    return false;
  }

  private boolean locate(TableReader reader, long hash, int key) {
    long place = reader.locate(hash);
    if (place == TableReader.NOT_HERE) {
      return false;
    }
    readers[key] = reader;
    boolean isKnown = place != TableReader.UNLOCATED;
    blocks[key] = isKnown ? TableReader.block(place) : UNKNOWN_BLOCK;
    entries[key] = isKnown ? TableReader.entry(place) : TableReader.ANY_ENTRY;
    return true;
  }

  /// Leaves those keys open whose blocks it has pinned.
  private void pinBlocks(KeyBatch batch) {
    Prefetch prefetch = batch.prefetch();
    int open = batch.openCount();
    findUnknownBlocks(batch);
    for (int i = 0; i < open; i++) {
      int key = batch.open(i);
      batch.word(key, blocks[key] < 0 ? -1 : reader(key).hint(blocks[key]));
    }
    for (int i = 0; i < open; i++) {
      context.cache().prefetch(batch.word(batch.open(i)), prefetch);
    }
    prefetch.fetch();
    int left = 0;
    for (int i = 0; i < open; i++) {
      int key = batch.open(i);
      if (blocks[key] >= 0 && reader(key).tryPin(context, blocks[key], pinned[key])) {
        batch.stayOpen(left++, key);
      }
    }
    batch.openCount(left);
  }

  /// Asks the index where nothing better could say in which block a key is.
  private void findUnknownBlocks(KeyBatch batch) {
    Prefetch prefetch = batch.prefetch();
    int open = batch.openCount();
    for (int i = 0; i < open; i++) {
      int key = batch.open(i);
      if (blocks[key] == UNKNOWN_BLOCK) {
        long leaf = reader(key).findLeaf(batch.bytes(), KeyBatch.start(key), batch.length(key));
        batch.word(key, leaf);
        if (leaf >= 0) {
          reader(key).prefetchLeaf(leaf, prefetch);
        }
      }
    }
    prefetch.fetch();
    for (int i = 0; i < open; i++) {
      int key = batch.open(i);
      if (blocks[key] == UNKNOWN_BLOCK) {
        long leaf = batch.word(key);
        blocks[key] =
            leaf < 0
                ? NO_BLOCK
                : reader(key)
                    .findBlock(leaf, batch.bytes(), KeyBatch.start(key), batch.length(key));
      }
    }
  }

  private void readBlocks(KeyBatch batch, long snapshot) {
    Prefetch prefetch = batch.prefetch();
    int open = batch.openCount();
    for (int i = 0; i < open; i++) {
      TableReader.prefetchHead(pinned[batch.open(i)], prefetch);
    }
    prefetch.fetch();
    for (int i = 0; i < open; i++) {
      int key = batch.open(i);
      TableReader.prefetchEntry(pinned[key], entries[key], batch.hash(key), prefetch);
    }
    prefetch.fetch();
    for (int i = 0; i < open; i++) {
      int key = batch.open(i);
      if (TableReader.get(
          pinned[key],
          entries[key],
          batch.bytes(),
          KeyBatch.start(key),
          batch.length(key),
          batch.hash(key),
          snapshot,
          batch.answer(key))) {
        batch.answered(key);
      }
    }
  }

  private TableReader reader(int key) {
    return Objects.requireNonNull(readers[key]);
  }
}
