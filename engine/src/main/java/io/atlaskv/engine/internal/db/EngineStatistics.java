package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.api.Statistics;
import io.atlaskv.engine.internal.cache.RowCache;
import io.atlaskv.engine.internal.memtable.Memtable;
import io.atlaskv.engine.internal.wal.WalStatistics;

/// Takes the figures of the store together.
final class EngineStatistics {
  private EngineStatistics() {}

  /// The figures of now, each for itself: nothing stands still meanwhile.
  static Statistics of(EngineParts parts) {
    View view = parts.views().acquire();
    try {
      long memtableBytes = view.active().bytes();
      long memtableEntries = view.active().entries();
      for (Memtable memtable : view.sealed()) {
        memtableBytes += memtable.bytes();
        memtableEntries += memtable.entries();
      }
      RowCache rows = parts.cache().rows();
      long rowBytes = rows == null ? 0 : rows.bytes();
      WalStatistics log = parts.wal().statistics();
      return new Statistics(
          parts.writes().visibleSequence(),
          parts.wal().writtenSequence(),
          parts.wal().durableSequence(),
          memtableBytes,
          memtableEntries,
          1 + view.sealed().length,
          LevelSums.of(
              view.version().state().tables(),
              parts.versions().levelReads(),
              level ->
                  parts.compactions().writtenBytes(level)
                      + (level == 0 ? parts.flushes().flushedBytes() : 0)),
          parts.flushes().flushes(),
          parts.flushes().flushedBytes(),
          parts.compactions().compactions(),
          parts.compactions().readBytes(),
          parts.compactions().writtenBytes(),
          parts.flushes().isRunning(),
          parts.compactions().running() > 0,
          log.segmentSwitches(),
          log.bytes(),
          log.syncs(),
          parts.cache().bytes(),
          parts.cache().hits(),
          parts.cache().misses(),
          rowBytes,
          rows == null ? 0 : rows.hits(),
          rows == null ? 0 : rows.misses(),
          parts.versions().prefixSkips().asked(),
          parts.versions().prefixSkips().skipped(),
          view.version().prefixFilterBytes(),
          parts.pool().bytes() + parts.cache().bytes() + rowBytes + view.version().nativeBytes(),
          parts.stalls().nanos(),
          parts.snapshots().count(),
          log.keptSegments(),
          log.keptBytes());
    } finally {
      view.release();
    }
  }
}
