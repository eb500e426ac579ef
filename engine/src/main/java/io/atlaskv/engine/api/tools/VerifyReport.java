package io.atlaskv.engine.api.tools;

/// What a verification has read and found.
///
/// @param tables tables read
/// @param tableBytes bytes of them
/// @param entries rows in them
/// @param logBatches batches that only the log has
/// @param logOperations operations of them
/// @param logBytes bytes of their groups
/// @param lastSequence sequence of the last write that opening the store would find
/// @param isSealed whether the store was closed in good order
/// @param damages findings that are damage
/// @param notes other findings
public record VerifyReport(
    int tables,
    long tableBytes,
    long entries,
    long logBatches,
    long logOperations,
    long logBytes,
    long lastSequence,
    boolean isSealed,
    int damages,
    int notes) {
  /// True if nothing is lost.
  public boolean isSound() {
    return damages == 0;
  }
}
