package io.atlaskv.engine.api;

/// What was to be read of the history is not kept: see `Options.logRetainedSegments` for the change
/// feed, `Options.historyWindow` for snapshots of the past.
public final class HistoryGoneException extends AtlasException {
  private static final long serialVersionUID = 1L;

  private final long firstAvailableSequence;

  /// @param wantedSequence what was to be read
  /// @param firstAvailableSequence where the history begins now
  public HistoryGoneException(long wantedSequence, long firstAvailableSequence) {
    super(
        "sequence "
            + wantedSequence
            + " is no longer in the log, the first one that is: "
            + firstAvailableSequence,
        null);
    this.firstAvailableSequence = firstAvailableSequence;
  }

  /// @param message what was wanted, and what is kept
  /// @param firstAvailableSequence where the history begins now
  public HistoryGoneException(String message, long firstAvailableSequence) {
    super(message, null);
    this.firstAvailableSequence = firstAvailableSequence;
  }

  /// First sequence that can still be read. Whoever needs what was before it has to read the store
  /// itself, as of a snapshot, and go on behind that.
  public long firstAvailableSequence() {
    return firstAvailableSequence;
  }
}
