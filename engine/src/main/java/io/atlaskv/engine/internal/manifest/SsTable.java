package io.atlaskv.engine.internal.manifest;

import io.atlaskv.engine.internal.base.Lookup;
import io.atlaskv.engine.internal.base.RangeTombstones;
import io.atlaskv.engine.internal.cache.BlockCache;
import io.atlaskv.engine.internal.cache.ReadContext;
import io.atlaskv.engine.internal.io.FileSystem;
import io.atlaskv.engine.internal.iterator.InternalIterator;
import io.atlaskv.engine.internal.sstable.PointIndexes;
import io.atlaskv.engine.internal.sstable.PrefixFilter;
import io.atlaskv.engine.internal.sstable.TableReader;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// A table in a file. Its blocks leave the cache when it is closed; until then the cache has as
/// much less room for blocks as its index and filter take.
public final class SsTable implements Table {
  private final TableReader reader;
  private final BlockCache cache;
  private final UUID storeUuid;

  private SsTable(TableReader reader, BlockCache cache, UUID storeUuid) {
    this.reader = reader;
    this.cache = cache;
    this.storeUuid = storeUuid;
    cache.charge(reader.metadataBytes());
  }

  /// Opens tables of `files`, read through `cache`; each takes the point index that it has in
  /// `pointIndexes`.
  public static TableOpener opener(FileSystem files, BlockCache cache, PointIndexes pointIndexes) {
    return (number, storeUuid) ->
        new SsTable(
            TableReader.open(files, number, storeUuid, cache, pointIndexes), cache, storeUuid);
  }

  @Override
  public Table as(TableMeta told) {
    return told.isNumbered(reader.properties())
        ? new IngestedTable(this, told.largestSequence())
        : this;
  }

  @Override
  public int get(
      ReadContext context,
      byte[] key,
      int offset,
      int length,
      long hash,
      long snapshot,
      Lookup out) {
    return reader.get(context, key, offset, length, hash, snapshot, out);
  }

  @Override
  public TableReader reader() {
    return reader;
  }

  @Override
  public InternalIterator iterator(ReadContext context) {
    return reader.iterator(context);
  }

  @Override
  public RangeTombstones rangeTombstones() {
    return reader.rangeTombstones();
  }

  @Override
  public @Nullable PrefixFilter prefixFilter() {
    return reader.prefixFilter();
  }

  @Override
  public long nativeBytes() {
    return reader.nativeBytes();
  }

  @Override
  public void verifyChecksums() {
    reader.verifyChecksums(storeUuid, cache);
  }

  @Override
  public void close() {
    cache.evictFile(reader.fileNumber());
    reader.release();
    cache.discharge(reader.metadataBytes());
  }
}
