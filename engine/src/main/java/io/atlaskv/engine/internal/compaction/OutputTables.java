package io.atlaskv.engine.internal.compaction;

import io.atlaskv.engine.api.StorageException;
import io.atlaskv.engine.internal.base.RangeTombstones;
import io.atlaskv.engine.internal.cache.FreshBlocks;
import io.atlaskv.engine.internal.io.FileName;
import io.atlaskv.engine.internal.manifest.TableMeta;
import io.atlaskv.engine.internal.manifest.TableTimes;
import io.atlaskv.engine.internal.sstable.TableMemory;
import io.atlaskv.engine.internal.sstable.TableProperties;
import io.atlaskv.engine.internal.sstable.TableWriter;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The tables a job writes, one after the other, all of one level.
///
/// Invariants:
/// - O1: a table is cut only before another user key: all versions of a key are in one table.
/// - O2: range tombstones are cut where tables are cut: each table has those between its first key,
///   or the end of the last table, and the first key of the next table. So no two tables overlap.
/// - O3: finished tables are synced, their names are not: the version set sees to that.
final class OutputTables implements MergeOutputs {
  private final OutputOptions options;
  private final int level;
  private final RangeTombstones tombstones;
  private final FreshBlocks freshBlocks;
  private final TableTimes times;
  private final List<TableMeta> finished = new ArrayList<>();
  private @Nullable TableWriter writer;
  private @Nullable TableMemory memory; // lent to one writer after the other
  private long shadowed;
  private byte @Nullable [] lower; // where the last table was cut
  private long finishedBytes;
  private boolean areTombstonesWritten;

  /// @param tombstones to be written with the tables
  /// @param freshBlocks is offered the tables' blocks
  /// @param times of the entries
  OutputTables(
      OutputOptions options,
      int level,
      RangeTombstones tombstones,
      FreshBlocks freshBlocks,
      TableTimes times) {
    this.options = options;
    this.level = level;
    this.tombstones = tombstones;
    this.freshBlocks = freshBlocks;
    this.times = times;
  }

  @Override
  public long tableBytes() {
    TableWriter current = writer;
    return current == null ? 0 : current.fileBytes();
  }

  /// Bytes of all tables, finished or not.
  long bytes() {
    return finishedBytes + tableBytes();
  }

  @Override
  public void add(
      byte[] key,
      int length,
      long trailer,
      MemorySegment value,
      long valueOffset,
      int valueLength,
      boolean isShadowed) {
    TableWriter current = writer;
    if (current == null) {
      current = open();
    }
    current.add(key, length, trailer, value, valueOffset, valueLength);
    if (isShadowed) {
      shadowed++;
    }
  }

  private TableWriter open() {
    TableMemory lent = memory;
    if (lent == null) {
      lent = new TableMemory();
      memory = lent;
    }
    var opened =
        new TableWriter(
            options.files(),
            options.numbers().getAsLong(),
            options.storeUuid(),
            options.tables().apply(level),
            freshBlocks,
            options.pointIndexes(),
            options.clock().currentTimeMillis(),
            lent);
    writer = opened;
    shadowed = 0;
    return opened;
  }

  @Override
  public void cutBefore(byte[] key, int length) { // O1, O2
    byte[] cut = Arrays.copyOf(key, length);
    finish(tombstones.clip(lower, cut));
    lower = cut;
  }

  @Override
  public void finishAll() {
    if (!areTombstonesWritten) {
      areTombstonesWritten = true;
      finish(tombstones.clip(lower, null));
      freeMemory();
    }
  }

  private void freeMemory() {
    TableMemory lent = memory;
    memory = null;
    if (lent != null) {
      lent.close();
    }
  }

  private void finish(RangeTombstones clipped) {
    TableWriter current = writer;
    if (current == null) {
      if (clipped.isEmpty()) {
        return;
      }
      current = open();
    }
    current.addRangeTombstones(clipped);
    TableProperties properties = current.finish();
    writer = null;
    finished.add(TableMeta.of(properties, shadowed, times));
    finishedBytes += properties.fileBytes();
  }

  /// The tables finished so far, in key order.
  List<TableMeta> finished() {
    return List.copyOf(finished);
  }

  /// Deletes all tables, finished or not; what cannot be deleted is left to the next open.
  void discard() {
    TableWriter current = writer;
    writer = null;
    if (current != null) {
      tryTo(current::abandon);
    }
    freeMemory();
    for (TableMeta table : finished) {
      freshBlocks.drop(table.number());
      options.pointIndexes().drop(table.number());
      tryTo(() -> options.files().delete(FileName.table(table.number())));
    }
    finished.clear();
  }

  private static void tryTo(Runnable deletion) {
    try {
      deletion.run();
    } catch (StorageException e) {
      System.getLogger(OutputTables.class.getName())
          .log(
              System.Logger.Level.WARNING,
              "left to the next open: output of an abandoned job: {0}",
              e.getMessage());
    }
  }
}
