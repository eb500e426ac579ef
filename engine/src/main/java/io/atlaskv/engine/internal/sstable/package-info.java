/// Immutable sorted tables: one writer, many readers.
///
/// Layer: uses `base`, `iterator`, `io` and `cache`; must not know logs, memtables, the manifest,
/// compaction or `db`.
///
/// File format version 1, little-endian; in brackets the class that owns each part:
///
/// ```
/// table       = header, data block*, range-tombstone block?, filter block?, index block,
///               properties block, footer
/// header      72 bytes                                                     [FileHeader]
/// block       = payload, trailer: compression, seeded CRC32C               [BlockTrailer]
/// data        entries in internal order, tags, restart points              [DataBlockLayout]
/// tombstones  ranges deleted by this table                                 [RangeTombstoneBlock]
/// filter      one 64-byte line a key                                       [TableFilter]
/// index       search tree over separators of the data blocks               [TableIndexLayout]
/// properties  counts, sequences, smallest and largest key                  [TableProperties]
///             and a filter over what keys begin with, if wanted            [PrefixFilter]
/// footer      64 bytes: where the last four blocks are                     [TableFooter]
/// ```
///
/// No byte of the file belongs to none of them. Index, filters and range tombstones stay in memory
/// while a table is open; data blocks go through the block cache and are searched there in place. A
/// table that this process has written may have a point index beside (`PointIndex`), which is in no
/// file: point reads then need neither filter nor index.
@NullMarked
package io.atlaskv.engine.internal.sstable;

import org.jspecify.annotations.NullMarked;
