package io.atlaskv.engine.internal.compaction;

/// What shapes the levels.
///
/// @param level0Tables so many tables in level 0 make a compaction due
/// @param baseLevelBytes target size of the first level below level 0 that is in use, at least
/// @param levelMultiplier how much larger each level is than the one above
/// @param tableBytes outputs are cut at about this size
/// @param compactionBytesMax inputs of one compaction are not extended past this
/// @param grandparentTables an output that overlaps more than so many times `tableBytes` two levels
///   down is cut early
/// @param garbagePercent tables with more dead entries than this are compacted for that alone
/// @param partsMax a merge is cut into at most so many parts, each of at least `tableBytes`
public record CompactionOptions(
    int level0Tables,
    long baseLevelBytes,
    int levelMultiplier,
    long tableBytes,
    long compactionBytesMax,
    int grandparentTables,
    int garbagePercent,
    int partsMax) {
  /// For stores of ordinary size.
  public static final CompactionOptions DEFAULT =
      new CompactionOptions(4, 64L << 20, 10, 16L << 20, 512L << 20, 10, 30, 1);

  public CompactionOptions {
    require("level0Tables", level0Tables, 1);
    require("baseLevelBytes", baseLevelBytes, 1);
    require("levelMultiplier", levelMultiplier, 2);
    require("tableBytes", tableBytes, 1);
    require("compactionBytesMax", compactionBytesMax, 1);
    require("grandparentTables", grandparentTables, 1);
    require("garbagePercent", garbagePercent, 1);
    require("partsMax", partsMax, 1);
  }

  private static void require(String field, long value, long min) {
    if (value < min) {
      throw new IllegalArgumentException(field + "=" + value + ", expected at least " + min);
    }
  }

  /// With another size of outputs; what is measured in outputs follows.
  public CompactionOptions withTableBytes(long newTableBytes) {
    return new CompactionOptions(
        level0Tables,
        baseLevelBytes,
        levelMultiplier,
        newTableBytes,
        compactionBytesMax,
        grandparentTables,
        garbagePercent,
        partsMax);
  }

  /// With another size of the first level.
  public CompactionOptions withBaseLevelBytes(long newBaseLevelBytes) {
    return new CompactionOptions(
        level0Tables,
        newBaseLevelBytes,
        levelMultiplier,
        tableBytes,
        compactionBytesMax,
        grandparentTables,
        garbagePercent,
        partsMax);
  }

  /// With merges in at most so many parts.
  public CompactionOptions withPartsMax(int newPartsMax) {
    return new CompactionOptions(
        level0Tables,
        baseLevelBytes,
        levelMultiplier,
        tableBytes,
        compactionBytesMax,
        grandparentTables,
        garbagePercent,
        newPartsMax);
  }
}
