package io.atlaskv.engine.internal.io;

/// Spreads threads over the cells of striped counters.
public final class ThreadStripe {
  private ThreadStripe() {}

  /// The cell of the calling thread, for a power of two of cells. Threads may share one.
  public static int of(int cells) {
    return (int) Thread.currentThread().threadId() & (cells - 1);
  }
}
