package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.internal.io.Clock;
import io.atlaskv.engine.internal.io.ForwardingScheduler;
import io.atlaskv.engine.internal.io.Ports;
import io.atlaskv.engine.internal.io.Scheduler;
import io.atlaskv.engine.internal.io.Task;
import java.lang.StackWalker.StackFrame;

/// Ports at which one part of the store meets a lack of memory, when it asks for the time or for
/// work to be done.
final class StarvedPorts {
  private final String part;
  private boolean isPlanted;

  /// @param part end of the name of a class, or of one and its method
  StarvedPorts(String part) {
    this.part = part;
  }

  Ports of(Ports ports) {
    return new Ports(
        ports.files(),
        clock(ports.clock()),
        scheduler(ports.scheduler()),
        ports.waiter(),
        ports.random());
  }

  /// The next time that the part asks, it fails.
  void plant() {
    isPlanted = true;
  }

  private void meet() {
    if (isPlanted && isAtWork(part)) {
      isPlanted = false;
      throw new OutOfMemoryError("planted");
    }
  }

  /// Whether a class, or a method of one, is among the callers of this method.
  static boolean isAtWork(String part) {
    return StackWalker.getInstance().walk(frames -> frames.anyMatch(frame -> isIn(frame, part)));
  }

  private static boolean isIn(StackFrame frame, String part) {
    return frame.getClassName().endsWith(part)
        || (frame.getClassName() + "." + frame.getMethodName()).endsWith(part);
  }

  private Clock clock(Clock clock) {
    return new Clock() {
      @Override
      public long nanoTime() {
        meet();
        return clock.nanoTime();
      }

      @Override
      public long currentTimeMillis() {
        meet();
        return clock.currentTimeMillis();
      }
    };
  }

  private Scheduler scheduler(Scheduler scheduler) {
    return new ForwardingScheduler(scheduler) {
      @Override
      public void submit(Lane lane, Task task) {
        meet();
        super.submit(lane, task);
      }
    };
  }
}
