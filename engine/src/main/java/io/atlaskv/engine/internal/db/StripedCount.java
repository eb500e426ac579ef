package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.internal.io.ThreadStripe;
import java.util.concurrent.atomic.AtomicIntegerArray;

/// A count of holders that threads change without meeting each other: one cell, on a cache line of
/// its own, for each group of threads.
///
/// Only the sum has a meaning: a holder may go in one cell and out in another.
final class StripedCount {
  private static final int CELLS = 8;
  private static final int CELL_STRIDE = 16; // ints in a cache line

  private final AtomicIntegerArray cells = new AtomicIntegerArray((CELLS + 1) * CELL_STRIDE);

  void increment() {
    cells.getAndIncrement(index());
  }

  void decrement() {
    cells.getAndDecrement(index());
  }

  /// The sum. Exact if no holder comes in while it is made; holders that leave may be counted or
  /// not.
  int sum() {
    int sum = 0;
    for (int i = 1; i <= CELLS; i++) {
      sum += cells.get(i * CELL_STRIDE);
    }
    return sum;
  }

  private static int index() {
    return (1 + ThreadStripe.of(CELLS)) * CELL_STRIDE;
  }
}
