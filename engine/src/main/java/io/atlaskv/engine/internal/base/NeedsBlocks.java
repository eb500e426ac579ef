package io.atlaskv.engine.internal.base;

/// Control flow, not a failure: a read in cache-only mode met a block that is not in the cache.
/// What is needed has been noted in the read's context; the caller fetches it and runs the read
/// again. Has no stack trace and is never logged; `db` turns it into a result at its border.
public final class NeedsBlocks extends RuntimeException {
  /// The only instance. Shared safely: it has neither stack trace nor suppressed exceptions.
  @SuppressWarnings("StaticAssignmentOfThrowable")
  public static final NeedsBlocks INSTANCE = new NeedsBlocks();

  private static final long serialVersionUID = 1L;

  private NeedsBlocks() {
    super("blocks must be fetched first", null, false, false);
  }
}
