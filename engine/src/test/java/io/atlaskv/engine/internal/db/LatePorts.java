package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.internal.io.ForwardingScheduler;
import io.atlaskv.engine.internal.io.Ports;
import io.atlaskv.engine.internal.io.Scheduler;
import io.atlaskv.engine.internal.io.Signal;
import io.atlaskv.engine.internal.io.SimScheduler;
import io.atlaskv.engine.internal.io.Waiter;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/// Ports on which whoever waits goes on late, as a thread may that has no processor: background
/// work has come further meanwhile. And it comes further before the scheduler is closed. Without, a
/// close in a simulation runs no step that it does not wait for.
final class LatePorts {
  private static final int STEPS_MAX = 12;

  private final SimScheduler steps;
  private final SplittableRandom random;

  /// @param steps runs what is to come further
  LatePorts(SimScheduler steps, long seed) {
    this.steps = steps;
    random = new SplittableRandom(seed);
  }

  Ports of(Ports ports) {
    return new Ports(
        ports.files(),
        ports.clock(),
        scheduler(ports.scheduler()),
        waiter(ports.waiter()),
        ports.random());
  }

  private void beLate() {
    for (int left = random.nextInt(1 + random.nextInt(STEPS_MAX));
        left > 0 && steps.step();
        left--) {
      // each step is one of the background
    }
  }

  private Waiter waiter(Waiter waiter) {
    return new Waiter() {
      @Override
      public Signal signal() {
        return LatePorts.this.signal(waiter.signal());
      }

      @Override
      public boolean spin(BooleanSupplier done, long timeoutNanos) {
        boolean isDone = waiter.spin(done, timeoutNanos);
        beLate();
        return isDone;
      }
    };
  }

  private Signal signal(Signal signal) {
    return new Signal() {
      @Override
      public boolean await(BooleanSupplier done, long timeoutNanos) {
        boolean isDone = signal.await(done, timeoutNanos);
        beLate();
        return isDone;
      }

      @Override
      public void wakeAll() {
        signal.wakeAll();
      }
    };
  }

  private Scheduler scheduler(Scheduler scheduler) {
    return new ForwardingScheduler(scheduler) {
      @Override
      public void close() {
        beLate();
        super.close();
      }
    };
  }
}
