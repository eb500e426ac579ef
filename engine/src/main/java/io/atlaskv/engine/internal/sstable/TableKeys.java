package io.atlaskv.engine.internal.sstable;

import io.atlaskv.engine.internal.base.Layouts;
import io.atlaskv.engine.internal.base.NativeBuffer;

/// What filter and point index of a table are made of when all its keys are known: the hash of each
/// key and the number of its newest entry, and where blocks end. In native memory: a table of
/// small, well compressed entries has millions.
final class TableKeys implements AutoCloseable {
  private static final int BYTES_INITIAL = 64 << 10;
  private static final int BLOCKS_BYTES_INITIAL = 16 << 10;

  private final NativeBuffer hashes = new NativeBuffer(BYTES_INITIAL, NativeBuffer.LIMIT_MAX);
  private final NativeBuffer ordinals = new NativeBuffer(BYTES_INITIAL, NativeBuffer.LIMIT_MAX);
  private final NativeBuffer blockEnds =
      new NativeBuffer(BLOCKS_BYTES_INITIAL, NativeBuffer.LIMIT_MAX);

  /// Adds a key whose newest version is entry `ordinal` of the table.
  void add(long hash, int ordinal) {
    hashes.putLong(hash);
    ordinals.putInt(ordinal);
  }

  /// Ends a block before entry `ordinal`.
  void endBlock(int ordinal) {
    blockEnds.putInt(ordinal);
  }

  /// Forgets all, keeps the memory.
  void clear() {
    hashes.clear();
    ordinals.clear();
    blockEnds.clear();
  }

  /// Number of keys.
  int count() {
    return hashes.length() / Long.BYTES;
  }

  /// Hashes of the keys, one long each.
  NativeBuffer hashes() {
    return hashes;
  }

  long hash(int key) {
    return hashes.segment().get(Layouts.LE_LONG, (long) key * Long.BYTES);
  }

  /// Number in the table of the newest entry of a key.
  int ordinal(int key) {
    return ordinals.segment().get(Layouts.LE_INT, (long) key * Integer.BYTES);
  }

  /// Number of blocks.
  int blocks() {
    return blockEnds.length() / Integer.BYTES;
  }

  /// Number of the first entry behind a block.
  int blockEnd(int block) {
    return blockEnds.segment().get(Layouts.LE_INT, (long) block * Integer.BYTES);
  }

  @Override
  public void close() {
    hashes.close();
    ordinals.close();
    blockEnds.close();
  }
}
