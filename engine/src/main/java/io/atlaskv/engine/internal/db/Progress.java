package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.internal.io.Signal;
import io.atlaskv.engine.internal.io.Waiter;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.function.BooleanSupplier;

/// Tells everyone who waits that the log advanced, room appeared, background work ended or the
/// store failed: event loops by their listeners, blocked callers by the signal.
final class Progress implements Runnable {
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private final Signal signal;

  Progress(Waiter waiter) {
    this.signal = waiter.signal();
  }

  void addListener(Runnable listener) {
    listeners.add(listener);
  }

  @Override
  public void run() {
    for (Runnable listener : listeners) {
      listener.run();
    }
    signal.wakeAll();
  }

  /// Blocks the caller until the condition holds; it is asked again after each progress.
  void await(BooleanSupplier done) {
    signal.await(done, Long.MAX_VALUE);
  }

  /// As `await`, for at most this long.
  void await(BooleanSupplier done, long timeoutNanos) {
    signal.await(done, timeoutNanos);
  }
}
