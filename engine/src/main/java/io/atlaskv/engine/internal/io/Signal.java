package io.atlaskv.engine.internal.io;

import java.util.function.BooleanSupplier;

/// Place where threads wait for a condition that others bring about.
public interface Signal {
  /// Waits until `done` answers true or the time is over; returns the last answer. `done` is asked
  /// at once, after each `wakeAll`, and by the waiting thread only. An interrupt does not end the
  /// wait; the thread's flag is kept.
  ///
  /// @param timeoutNanos at most this long; `Long.MAX_VALUE` = forever
  boolean await(BooleanSupplier done, long timeoutNanos);

  /// Makes all waiting threads ask again. Called after what `done` looks at has been published.
  /// Costs a fence and a read when nobody waits.
  void wakeAll();
}
