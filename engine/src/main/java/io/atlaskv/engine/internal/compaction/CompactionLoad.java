package io.atlaskv.engine.internal.compaction;

import io.atlaskv.engine.internal.base.RangeTombstones;
import io.atlaskv.engine.internal.manifest.TableMeta;
import java.util.List;
import java.util.Set;
import java.util.function.Function;

/// What a picker must know beside the levels.
///
/// @param busy tables in use by running compactions
/// @param snapshots those that are live
/// @param isIdle whether nobody would mind work that is merely useful
/// @param isReadOften whether there were `CompactionPicker.readsWorthMerging` reads since level 0
///   changed
/// @param hasOlderShared whether the shared tree may have older entries than all that is looked at
/// @param nowMillis time since 1970
/// @param tombstones range tombstones of a table; asked only for tables that have some
public record CompactionLoad(
    Set<Long> busy,
    Snapshots snapshots,
    boolean isIdle,
    boolean isReadOften,
    boolean hasOlderShared,
    long nowMillis,
    Function<TableMeta, RangeTombstones> tombstones) {

  public CompactionLoad {
    busy = Set.copyOf(busy);
  }

  /// The same for another tree: readers are counted for the shared one only.
  CompactionLoad with(boolean isOwn, boolean hasOlder) {
    return new CompactionLoad(
        busy, snapshots, isIdle, isReadOften && !isOwn, hasOlder, nowMillis, tombstones);
  }

  boolean isBusy(TableMeta table) {
    return busy.contains(table.number());
  }

  boolean isAnyBusy(List<TableMeta> tables) {
    return tables.stream().anyMatch(this::isBusy);
  }

  /// True if every live snapshot sees everything up to `sequence`, so that only the newest version
  /// of what it covers is needed.
  boolean isSeenByAll(long sequence) {
    return snapshots.areAllFrom(sequence);
  }

  /// True if a live snapshot sees `from`, but not `to`.
  boolean isSnapshotBetween(long from, long to) {
    return snapshots.anyIn(from, to);
  }
}
