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
/// @param levels tables and bytes of each level, newest first
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
/// @param nativeBytes memory outside the Java heap: memtables and what is kept ready for the next
///   ones, cached blocks, indexes and filters of the open tables
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
    List<LevelSize> levels,
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
    long nativeBytes,
    long stallNanos,
    int openSnapshots,
    int logRetainedSegments,
    long logRetainedBytes) {

  /// Size of one level.
  ///
  /// @param tables number of its tables
  /// @param bytes bytes of their files
  public record LevelSize(int tables, long bytes) {}

  public Statistics {
    levels = List.copyOf(levels);
  }

  /// Bytes of all tables.
  public long tableBytes() {
    return levels.stream().mapToLong(LevelSize::bytes).sum();
  }
}
