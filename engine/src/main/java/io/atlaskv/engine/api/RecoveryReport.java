package io.atlaskv.engine.api;

/// What opening found in the log.
///
/// @param replayedBatches batches that were not yet in tables
/// @param replayedOperations their operations
/// @param lastSequence sequence of the last recovered write
/// @param wasCleanShutdown whether the log ended with a seal
/// @param droppedGroups intact groups of writes after the end of the log, not replayed because they
///   or something before them never reached the disk; 0 in the normal case
/// @param droppedFrom where the dropped part starts, as `000012.log@4096`, or empty
public record RecoveryReport(
    long replayedBatches,
    long replayedOperations,
    long lastSequence,
    boolean wasCleanShutdown,
    long droppedGroups,
    String droppedFrom) {

  /// The report of a store that has just been created.
  public static final RecoveryReport EMPTY = new RecoveryReport(0, 0, 0, true, 0, "");
}
