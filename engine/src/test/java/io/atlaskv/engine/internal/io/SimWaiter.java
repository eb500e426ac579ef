package io.atlaskv.engine.internal.io;

import java.util.function.BooleanSupplier;

/// Waiting in a simulation: the one thread there is runs everything else meanwhile.
final class SimWaiter implements Waiter {
  private final SimScheduler scheduler;
  private final SimClock clock;

  SimWaiter(SimScheduler scheduler, SimClock clock) {
    this.scheduler = scheduler;
    this.clock = clock;
  }

  @Override
  public Signal signal() {
    return new Signal() {
      @Override
      public boolean await(BooleanSupplier done, long timeoutNanos) {
        long deadline =
            timeoutNanos == Long.MAX_VALUE ? Long.MAX_VALUE : clock.nanoTime() + timeoutNanos;
        while (!done.getAsBoolean()) {
          if (clock.nanoTime() >= deadline) {
            return false;
          }
          if (!scheduler.stepOrAdvance(deadline) && deadline == Long.MAX_VALUE) {
            throw scheduler.deadlock();
          }
        }
        return true;
      }

      @Override
      public void wakeAll() {} // whoever waits asks after each step
    };
  }

  @Override
  public boolean spin(BooleanSupplier done, long timeoutNanos) {
    return signal().await(done, timeoutNanos);
  }
}
