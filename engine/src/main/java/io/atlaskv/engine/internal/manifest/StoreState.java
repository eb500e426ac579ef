package io.atlaskv.engine.internal.manifest;

import io.atlaskv.engine.api.RecoveryMode;
import io.atlaskv.engine.internal.base.LogBoundary;
import io.atlaskv.engine.internal.wal.RecoveryRequest;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.stream.Stream;

/// All that the manifest knows of a store at one moment: the sum of its edits.
///
/// @param levels the live tables
/// @param nextFileNumber no file has this number or a larger one
/// @param lastSequence last sequence known to be used
/// @param logNumber oldest log segment recovery still needs
/// @param flushedThrough everything up to this sequence is in tables
/// @param counters values of persistent counters as of `flushedThrough`; those that are 0 are left
///   out
/// @param boundaries log boundaries that still matter, to recovery or to history, oldest first
/// @param historyFrom oldest log segment kept for its history; 0 if none is
/// @param features bits of `StoreFeatures` that the store uses
public record StoreState(
    Levels levels,
    long nextFileNumber,
    long lastSequence,
    long logNumber,
    long flushedThrough,
    Map<CounterId, Long> counters,
    List<LogBoundary> boundaries,
    long historyFrom,
    long features) {

  /// A new store.
  public static final StoreState EMPTY =
      new StoreState(Levels.EMPTY, 1, 0, 0, 0, Map.of(), List.of(), 0, 0);

  public StoreState {
    counters = Map.copyOf(counters);
    boundaries = List.copyOf(boundaries);
  }

  /// The state after `edit`. Boundaries of segments that are no longer needed are forgotten.
  ///
  /// @throws IllegalArgumentException if the edit does not fit this state
  public StoreState apply(VersionEdit edit) {
    long newLogNumber = advanced("logNumber", logNumber, edit.logNumber());
    long newHistoryFrom =
        edit.historyFrom() == VersionEdit.UNCHANGED ? historyFrom : edit.historyFrom();
    long oldest = newHistoryFrom == 0 ? newLogNumber : Math.min(newHistoryFrom, newLogNumber);
    Map<CounterId, Long> newCounters = counters;
    if (!edit.counters().isEmpty()) {
      newCounters = new HashMap<>(counters);
      newCounters.putAll(edit.counters());
      newCounters.values().removeIf(value -> value == 0);
    }
    return new StoreState(
        levels.apply(edit),
        advanced("nextFileNumber", nextFileNumber, edit.nextFileNumber()),
        advanced("lastSequence", lastSequence, edit.lastSequence()),
        newLogNumber,
        advanced("flushedThrough", flushedThrough, edit.flushedThrough()),
        newCounters,
        Stream.concat(boundaries.stream(), edit.boundaries().stream())
            .filter(boundary -> boundary.firstSegment() > oldest)
            .toList(),
        newHistoryFrom,
        features | edit.features());
  }

  /// Oldest log segment that is there for something: for recovery, or for its history.
  public long oldestSegment() {
    return historyFrom == 0 ? logNumber : Math.min(historyFrom, logNumber);
  }

  /// What is to be read of the log to come from this state to the last one.
  public RecoveryRequest recovery(UUID storeUuid, RecoveryMode mode) {
    List<LogBoundary> ahead =
        boundaries.stream().filter(boundary -> boundary.firstSegment() > logNumber).toList();
    return new RecoveryRequest(storeUuid, logNumber, flushedThrough, ahead, mode);
  }

  private static long advanced(String name, long value, long told) {
    if (told == VersionEdit.UNCHANGED) {
      return value;
    }
    if (told < value) {
      throw new IllegalArgumentException(name + " goes back from " + value + " to " + told);
    }
    return told;
  }

  /// The edit that makes this state from the empty one.
  VersionEdit asEdit() {
    var edit =
        VersionEdit.builder()
            .nextFileNumber(nextFileNumber)
            .lastSequence(lastSequence)
            .logNumber(logNumber)
            .flushedThrough(flushedThrough);
    for (int level = 0; level < Levels.COUNT; level++) {
      for (TableMeta table : levels.level(level)) {
        edit.add(level, table);
      }
    }
    levels.cursors().forEach(edit::cursor);
    counters.forEach(edit::counter);
    boundaries.forEach(edit::boundary);
    if (historyFrom != 0) {
      edit.historyFrom(historyFrom);
    }
    edit.features(features);
    return edit.build();
  }
}
