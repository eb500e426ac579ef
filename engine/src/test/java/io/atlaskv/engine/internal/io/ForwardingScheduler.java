package io.atlaskv.engine.internal.io;

/// Hands everything on to another scheduler: to be changed in one place or the other.
public class ForwardingScheduler implements Scheduler {
  private final Scheduler scheduler;

  /// @param scheduler that runs the tasks
  public ForwardingScheduler(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  @Override
  public void submit(Lane lane, Task task) {
    scheduler.submit(lane, task);
  }

  @Override
  public Cancellable schedule(Lane lane, long delayNanos, Task task) {
    return scheduler.schedule(lane, delayNanos, task);
  }

  @Override
  public void close() {
    scheduler.close();
  }
}
