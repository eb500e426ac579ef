package io.atlaskv.engine.internal.sstable;

import io.atlaskv.engine.internal.base.KeyBytes;
import io.atlaskv.engine.internal.cache.BufferPool;

/// Makes the point index of an open table that has none, as after a restart: step by step, from the
/// file and past the cache. The result is the one its writer would have made.
///
/// One thread at a time. The caller holds the table until this is closed.
public final class PointIndexing implements AutoCloseable {
  private static final int STEP_BYTES = 1 << 20;

  private final TableReader table;
  private final PointIndexes owner;
  private final BlockWalk walk;
  private final TableKeys keys = new TableKeys();
  private byte[] lastKey = new byte[128];
  private int lastKeyLength = -1;
  private long lastHash;
  private int entries;

  /// @param table one that is `PointIndexes.isWorthMaking`
  /// @param owner where memory for the index comes from
  /// @param buffers lends those for blocks
  public PointIndexing(TableReader table, PointIndexes owner, BufferPool buffers) {
    this.table = table;
    this.owner = owner;
    walk = new BlockWalk(table, buffers);
  }

  /// Takes in the keys of about a megabyte. False at the end: then the table has its index, unless
  /// there was no memory left.
  ///
  /// @throws io.atlaskv.engine.api.CorruptionException if a block is damaged
  public boolean step() {
    int bytes = 0;
    while (bytes < STEP_BYTES) {
      if (!walk.next()) {
        finish();
        return false;
      }
      walk.decode();
      addKeys(walk.entries());
      bytes += walk.storedBytes();
    }
    return true;
  }

  private void addKeys(DataBlockIterator rows) {
    for (rows.seekToFirst(); rows.isValid(); rows.next()) {
      byte[] key = rows.keyBuffer();
      int length = rows.keyLength();
      long hash = TableReader.hash(key, 0, length);
      if (hash != lastHash || !isLastKey(key, length)) { // newest versions come first
        keys.add(hash, entries);
        keep(key, length, hash);
      }
      entries++;
    }
    keys.endBlock(entries);
  }

  private boolean isLastKey(byte[] key, int length) {
    return length == lastKeyLength
        && KeyBytes.compare(key, 0, length, lastKey, 0, lastKeyLength) == 0;
  }

  private void keep(byte[] key, int length, long hash) {
    if (lastKey.length < length) {
      lastKey = new byte[Math.max(length, 2 * lastKey.length)];
    }
    System.arraycopy(key, 0, lastKey, 0, length);
    lastKeyLength = length;
    lastHash = hash;
  }

  private void finish() {
    PointIndex made = owner.make(keys);
    if (made != null) {
      table.adopt(made);
    }
  }

  @Override
  public void close() {
    walk.close();
    keys.close();
  }
}
