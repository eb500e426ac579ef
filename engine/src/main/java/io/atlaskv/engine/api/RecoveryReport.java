package io.atlaskv.engine.api;

import java.util.List;

/// What opening found in the log.
///
/// @param replayedBatches batches that were not yet in tables
/// @param replayedOperations their operations
/// @param lastSequence sequence of the last recovered write
/// @param wasCleanShutdown whether the log ended with a seal
/// @param droppedGroups intact groups of writes after the end of the log, not replayed because they
///   or something before them never reached the disk; 0 in the normal case
/// @param droppedFrom where the dropped part starts, as `000012.log@4096`, or empty
/// @param losses what of the log could not be read and was passed over, with the recovery modes
///   `STOP_AT_FIRST` and `SKIP_CORRUPT`; others refuse to open instead
public record RecoveryReport(
    long replayedBatches,
    long replayedOperations,
    long lastSequence,
    boolean wasCleanShutdown,
    long droppedGroups,
    String droppedFrom,
    List<Loss> losses) {

  /// The report of a store that has just been created.
  public static final RecoveryReport EMPTY = new RecoveryReport(0, 0, 0, true, 0, "", List.of());

  public RecoveryReport {
    losses = List.copyOf(losses);
  }
}
