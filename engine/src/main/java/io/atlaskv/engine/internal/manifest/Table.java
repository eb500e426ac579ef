package io.atlaskv.engine.internal.manifest;

import io.atlaskv.engine.internal.base.Lookup;
import io.atlaskv.engine.internal.base.RangeTombstones;
import io.atlaskv.engine.internal.cache.ReadContext;
import io.atlaskv.engine.internal.iterator.InternalIterator;
import io.atlaskv.engine.internal.sstable.PrefixFilter;
import io.atlaskv.engine.internal.sstable.TableReader;
import org.jspecify.annotations.Nullable;

/// An open table, as versions and compactions see it: many readers at a time, until `close`.
public interface Table extends AutoCloseable {
  /// Newest version of the key that `snapshot` sees among the table's entries; the caller looks at
  /// range tombstones. May throw `NeedsBlocks`.
  ///
  /// @param hash hash of the key, as the filter wants it
  /// @return the state of `out`
  int get(
      ReadContext context,
      byte[] key,
      int offset,
      int length,
      long hash,
      long snapshot,
      Lookup out);

  /// The table as it counts by what the manifest tells of it.
  default Table as(TableMeta told) {
    return this;
  }

  /// Whether a snapshot may see any entry; if not, `reader` is not to be asked for it.
  default boolean isSeenAt(long snapshot) {
    return true;
  }

  /// The sequence that an entry counts as written at which carries `stored`.
  default long sequenceOf(long stored) {
    return stored;
  }

  /// What answers batches of keys in stages.
  TableReader reader();

  /// A cursor over the entries.
  InternalIterator iterator(ReadContext context);

  /// The table's range tombstones.
  RangeTombstones rangeTombstones();

  /// What its keys begin with, if that was noted.
  default @Nullable PrefixFilter prefixFilter() {
    return null;
  }

  /// Native memory that the table takes while it is open, cached blocks apart.
  long nativeBytes();

  /// Reads the whole file and checks every checksum.
  ///
  /// @throws io.atlaskv.engine.api.CorruptionException if one does not match
  void verifyChecksums();

  /// Frees memory and file. No reader may be left.
  @Override
  void close();
}
