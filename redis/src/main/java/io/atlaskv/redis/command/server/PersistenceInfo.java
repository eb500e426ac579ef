package io.atlaskv.redis.command.server;

import io.atlaskv.engine.api.Statistics;
import io.atlaskv.redis.command.BackgroundJob;
import io.atlaskv.redis.command.Context;
import io.atlaskv.redis.command.Snapshots;
import io.atlaskv.redis.store.Store;
import java.util.LinkedHashMap;
import java.util.Map;

/// Section `persistence` of INFO.
final class PersistenceInfo {
  private static final long MILLIS_PER_SECOND = 1000;

  private PersistenceInfo() {}

  /// Names and values.
  static Map<String, String> lines(Context context) {
    Store store = context.store();
    Statistics statistics = store.statistics();
    boolean isHealthy = store.failure() == null;
    var lines = new LinkedHashMap<String, String>();
    lines.put("loading", "0");
    lines.put("async_loading", "0");
    lines.put("rdb_changes_since_last_save", Long.toString(context.data().changedRows()));
    Snapshots snapshots = context.data().snapshots();
    BackgroundJob saves = snapshots.saves();
    lines.put("rdb_bgsave_in_progress", flag(saves.isRunning()));
    lines.put("rdb_last_save_time", Long.toString(snapshots.savedMillis() / MILLIS_PER_SECOND));
    lines.put("rdb_last_bgsave_status", status(saves.isLastGood()));
    lines.put("rdb_last_bgsave_time_sec", Long.toString(saves.lastSeconds()));
    lines.put("rdb_current_bgsave_time_sec", Long.toString(saves.currentSeconds()));
    lines.put("rdb_saves", Long.toString(saves.count()));
    BackgroundJob rewrites = snapshots.rewrites();
    lines.put("aof_rewrite_in_progress", flag(rewrites.isRunning()));
    lines.put("aof_rewrite_scheduled", flag(rewrites.isScheduled()));
    lines.put("aof_last_rewrite_time_sec", Long.toString(rewrites.lastSeconds()));
    lines.put("aof_current_rewrite_time_sec", Long.toString(rewrites.currentSeconds()));
    lines.put("aof_last_bgrewrite_status", status(rewrites.isLastGood()));
    lines.put("aof_rewrites", Long.toString(rewrites.count()));
    lines.put("aof_enabled", "1");
    lines.put("aof_last_write_status", status(isHealthy));
    lines.put("atlas_durability", store.durability().toString());
    lines.put("atlas_written_sequence", Long.toString(store.writtenSequence()));
    lines.put("atlas_durable_sequence", Long.toString(store.durableSequence()));
    lines.put("atlas_log_bytes", Long.toString(statistics.logBytes()));
    lines.put("atlas_log_syncs", Long.toString(statistics.logSyncs()));
    lines.put("atlas_log_segment_switches", Long.toString(statistics.logSegmentSwitches()));
    lines.put("atlas_flushes", Long.toString(statistics.flushes()));
    lines.put("atlas_flush_running", flag(statistics.isFlushRunning()));
    lines.put("atlas_compactions", Long.toString(statistics.compactions()));
    lines.put("atlas_compaction_running", flag(statistics.isCompactionRunning()));
    lines.put("atlas_table_bytes", Long.toString(statistics.tableBytes()));
    for (int level = 0; level < statistics.levels().size(); level++) {
      if (statistics.levels().get(level).tables() > 0) {
        lines.put("atlas_level" + level, level(statistics.levels().get(level)));
      }
    }
    lines.put("atlas_memtable_bytes", Long.toString(statistics.memtableBytes()));
    lines.put("atlas_block_cache_bytes", Long.toString(statistics.blockCacheBytes()));
    lines.put("atlas_block_cache_hits", Long.toString(statistics.blockCacheHits()));
    lines.put("atlas_block_cache_misses", Long.toString(statistics.blockCacheMisses()));
    lines.put("atlas_row_cache_bytes", Long.toString(statistics.rowCacheBytes()));
    lines.put("atlas_row_cache_hits", Long.toString(statistics.rowCacheHits()));
    lines.put("atlas_row_cache_misses", Long.toString(statistics.rowCacheMisses()));
    return lines;
  }

  private static String level(Statistics.Level level) {
    return "tables="
        + level.tables()
        + ",bytes="
        + level.bytes()
        + ",entries="
        + level.entries()
        + ",deletions="
        + level.deletions()
        + ",reads="
        + level.reads()
        + ",hits="
        + level.hits();
  }

  private static String flag(boolean value) {
    return value ? "1" : "0";
  }

  private static String status(boolean isGood) {
    return isGood ? "ok" : "err";
  }
}
