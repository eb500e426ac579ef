package io.atlaskv.engine.internal.sstable;

import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.internal.base.Lookup;
import io.atlaskv.engine.internal.base.RangeTombstone;
import io.atlaskv.engine.internal.cache.BlockCache;
import io.atlaskv.engine.internal.cache.FreshBlocks;
import io.atlaskv.engine.internal.cache.ReadContext;
import io.atlaskv.engine.internal.io.FileSystem;
import io.atlaskv.engine.internal.iterator.InternalIteratorContract.Entry;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.List;
import java.util.UUID;

/// Makes and asks tables for tests.
final class TestTables {
  static final UUID STORE = new UUID(0x0123456789abcdefL, 0xfedcba9876543210L);
  static final long CREATED_MILLIS = 1_700_000_000_000L;

  private TestTables() {}

  static TableProperties write(
      FileSystem files, long number, TableOptions options, List<Entry> entries) {
    return write(files, number, options, entries, List.of(), PointIndexes.NONE);
  }

  static TableProperties write(
      FileSystem files,
      long number,
      TableOptions options,
      List<Entry> entries,
      List<RangeTombstone> rangeTombstones) {
    return write(files, number, options, entries, rangeTombstones, PointIndexes.NONE);
  }

  static TableProperties write(
      FileSystem files,
      long number,
      TableOptions options,
      List<Entry> entries,
      List<RangeTombstone> rangeTombstones,
      PointIndexes pointIndexes) {
    try (var writer =
            new TableWriter(
                files, number, STORE, options, FreshBlocks.UNCACHED, pointIndexes, CREATED_MILLIS);
        var arena = Arena.ofConfined()) {
      for (Entry entry : entries) {
        byte[] value = entry.value().toArray();
        MemorySegment segment = arena.allocate(Math.max(1, value.length));
        MemorySegment.copy(value, 0, segment, ValueLayout.JAVA_BYTE, 0, value.length);
        writer.add(
            entry.key().toArray(), entry.key().length(), entry.trailer(), segment, 0, value.length);
      }
      rangeTombstones.forEach(writer::addRangeTombstone);
      return writer.finish();
    }
  }

  static TableReader open(FileSystem files, long number, BlockCache cache) {
    return open(files, number, cache, PointIndexes.NONE);
  }

  static TableReader open(
      FileSystem files, long number, BlockCache cache, PointIndexes pointIndexes) {
    return TableReader.open(files, number, STORE, cache, pointIndexes);
  }

  /// Makes the point index of an open table.
  static void index(TableReader table, PointIndexes pointIndexes, BlockCache cache) {
    try (var indexing = new PointIndexing(table, pointIndexes, cache.buffers())) {
      boolean hasMore = true;
      while (hasMore) {
        hasMore = indexing.step();
      }
    }
  }

  /// Reads a key at a snapshot; the answer is in `out`.
  static int get(TableReader table, ReadContext context, Bytes key, long snapshot, Lookup out) {
    byte[] padded = new byte[key.length() + 3];
    key.copyTo(padded, 2);
    long hash = TableReader.hash(padded, 2, key.length());
    return table.get(context, padded, 2, key.length(), hash, snapshot, out);
  }

  static Bytes value(Lookup found) {
    byte[] value = new byte[found.length()];
    MemorySegment.copy(
        found.segment(), ValueLayout.JAVA_BYTE, found.offset(), value, 0, value.length);
    return Bytes.of(value);
  }
}
