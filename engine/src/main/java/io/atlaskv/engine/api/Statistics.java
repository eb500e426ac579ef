package io.atlaskv.engine.api;

import java.util.List;

/// Counters and sizes of a store at one moment. Counters start at 0 when it is opened.
///
/// @param lastSequence sequence of the last published write
/// @param writtenSequence everything up to it is with the operating system
/// @param durableSequence everything up to it is on disk
/// @param memtableBytes memory of all memtables
/// @param memtableEntries keys in all memtables
/// @param memtableCount memtables, the active one included
/// @param levels what lies in each level and how often it is asked, newest first
/// @param flushes memtables written to tables
/// @param flushedBytes bytes of the tables made by flushes
/// @param compactions merges finished, moves of whole tables included
/// @param compactionReadBytes bytes of their input tables
/// @param compactionWrittenBytes bytes of their output tables
/// @param isFlushRunning whether a memtable is being written to a table now
/// @param isCompactionRunning whether tables are being merged now
/// @param logSegmentSwitches how often the log went on to its next segment
/// @param logBytes bytes written to the log
/// @param logSyncs syncs of the log
/// @param blockCacheBytes memory of cached blocks
/// @param blockCacheHits block reads answered by the cache
/// @param blockCacheMisses block reads that went to a file
/// @param rowCacheBytes memory of cached rows
/// @param rowCacheHits reads of a row that were answered by it, where its block was not cached
/// @param rowCacheMisses such reads that did not find it, and read the block
/// @param prefixFilterAsked how often a read of a range asked the prefix filter of a table
///   ([NamespaceOptions#prefixBytes])
/// @param prefixFilterSkipped how often it could pass over the table; all others were asked in vain
/// @param prefixFilterBytes memory of the prefix filters of the open tables
/// @param nativeBytes memory outside the Java heap: memtables and what is kept ready for the next
///   ones, cached blocks and rows, indexes and filters of the open tables
/// @param stallNanos time that writers were delayed or made to wait for flush and compaction
/// @param openSnapshots snapshots and cursors open now
/// @param logRetainedSegments log segments kept though all they hold is in tables
///   (`Options.logRetainedSegments`)
/// @param logRetainedBytes bytes of their files
public record Statistics(
    long lastSequence,
    long writtenSequence,
    long durableSequence,
    long memtableBytes,
    long memtableEntries,
    int memtableCount,
    List<Level> levels,
    long flushes,
    long flushedBytes,
    long compactions,
    long compactionReadBytes,
    long compactionWrittenBytes,
    boolean isFlushRunning,
    boolean isCompactionRunning,
    long logSegmentSwitches,
    long logBytes,
    long logSyncs,
    long blockCacheBytes,
    long blockCacheHits,
    long blockCacheMisses,
    long rowCacheBytes,
    long rowCacheHits,
    long rowCacheMisses,
    long prefixFilterAsked,
    long prefixFilterSkipped,
    long prefixFilterBytes,
    long nativeBytes,
    long stallNanos,
    int openSnapshots,
    int logRetainedSegments,
    long logRetainedBytes) {

  /// What lies in one level, those of namespaces with tables of their own included, and what reads
  /// made of it.
  ///
  /// @param tables number of its tables
  /// @param bytes bytes of their files
  /// @param entries entries, tombstones and old versions included
  /// @param deletions tombstones of single keys among them
  /// @param shadowed old versions among them: those of keys with a newer entry in the same table
  /// @param rangeDeletions tombstones of ranges
  /// @param reads reads of single keys that asked the level, estimated from one key in 1,024,
  ///   chosen by its hash; lookups of several keys at once are not counted
  /// @param hits those of `reads` that ended there, with a value or a tombstone
  /// @param writtenBytes bytes of the tables that flushes and merges have written to it since the
  ///   store was opened
  public record Level(
      int tables,
      long bytes,
      long entries,
      long deletions,
      long shadowed,
      long rangeDeletions,
      long reads,
      long hits,
      long writtenBytes) {}

  public Statistics {
    levels = List.copyOf(levels);
  }

  /// Memory of what is cached of tables, blocks and rows.
  public long cacheBytes() {
    return blockCacheBytes + rowCacheBytes;
  }

  /// Bytes of all tables.
  public long tableBytes() {
    return levels.stream().mapToLong(Level::bytes).sum();
  }
}
