package io.atlaskv.engine.api;

/// Pessimistic transactions would have held more locks than there is memory for, an eighth of
/// [Options#memoryLimitBytes()], at most 512 MiB. The transaction goes on without the lock: its
/// caller may try again when others have ended, or end it.
public final class LockLimitException extends AtlasException {
  private static final long serialVersionUID = 1L;

  private final long limit;
  private final long used;

  /// @param limit bytes that locks of all transactions may take
  /// @param used bytes that they take
  public LockLimitException(long limit, long used) {
    super(
        "locks of transactions may take " + limit + " bytes (of memoryLimitBytes), take " + used,
        null);
    this.limit = limit;
    this.used = used;
  }

  /// Bytes that the locks of all transactions may take.
  public long limit() {
    return limit;
  }

  /// Bytes that they take.
  public long used() {
    return used;
  }
}
