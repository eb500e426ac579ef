package io.atlaskv.engine.internal.compaction;

import io.atlaskv.engine.internal.io.Clock;
import io.atlaskv.engine.internal.io.FileSystem;
import io.atlaskv.engine.internal.manifest.Levels;
import io.atlaskv.engine.internal.sstable.PointIndexes;
import io.atlaskv.engine.internal.sstable.TableOptions;
import java.util.UUID;
import java.util.function.IntFunction;
import java.util.function.LongSupplier;

/// Where new tables go and how they are written.
///
/// @param numbers gives file numbers
/// @param tables how tables of a level are written
/// @param pointIndexes takes along where the keys of new tables are
public record OutputOptions(
    FileSystem files,
    Clock clock,
    UUID storeUuid,
    LongSupplier numbers,
    IntFunction<TableOptions> tables,
    PointIndexes pointIndexes) {

  /// Like `table` in all levels but the last, which holds nine tenths of the data and is written
  /// least often for its size: it is compressed.
  public static IntFunction<TableOptions> compressedAtTheBottom(TableOptions table) {
    TableOptions compressed = table.withCompression(TableOptions.Compression.LZ4);
    return level -> level == Levels.LAST ? compressed : table;
  }
}
