package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.api.Statistics;
import io.atlaskv.engine.internal.manifest.LevelReads;
import io.atlaskv.engine.internal.manifest.Levels;
import io.atlaskv.engine.internal.manifest.PlacedTable;
import io.atlaskv.engine.internal.manifest.TableMeta;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntToLongFunction;

/// Adds up what the manifest says of the tables of one level.
final class LevelSums {
  private int tables;
  private long bytes;
  private long entries;
  private long deletions;
  private long shadowed;
  private long rangeDeletions;

  private LevelSums() {}

  /// All levels, with how often each was asked.
  ///
  /// @param written bytes written to a level
  static List<Statistics.Level> of(
      List<PlacedTable> tables, LevelReads reads, IntToLongFunction written) {
    var sums = new LevelSums[Levels.COUNT];
    for (int level = 0; level < Levels.COUNT; level++) {
      sums[level] = new LevelSums();
    }
    for (PlacedTable placed : tables) {
      sums[placed.level()].add(placed.table());
    }
    var levels = new ArrayList<Statistics.Level>(Levels.COUNT);
    for (int level = 0; level < Levels.COUNT; level++) {
      levels.add(
          sums[level].level(reads.reads(level), reads.hits(level), written.applyAsLong(level)));
    }
    return levels;
  }

  private void add(TableMeta table) {
    tables++;
    bytes += table.bytes();
    entries += table.entries();
    deletions += table.deletions();
    shadowed += table.shadowed();
    rangeDeletions += table.rangeDeletions();
  }

  private Statistics.Level level(long reads, long hits, long written) {
    return new Statistics.Level(
        tables, bytes, entries, deletions, shadowed, rangeDeletions, reads, hits, written);
  }
}
