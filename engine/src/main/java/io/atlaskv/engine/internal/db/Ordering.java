package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.api.AtlasException;
import io.atlaskv.engine.internal.io.Scheduler;
import io.atlaskv.engine.internal.io.Task;
import io.atlaskv.engine.internal.memtable.Memtable;
import java.util.function.BooleanSupplier;

/// Puts memtables in order when a reader asks for it the first time: in the background, so that no
/// event loop sorts.
final class Ordering {
  private final Scheduler scheduler;
  private final Progress progress;
  private final WritePath writes;
  private final StoreFailure failure;

  Ordering(Scheduler scheduler, Progress progress, WritePath writes, StoreFailure failure) {
    this.scheduler = scheduler;
    this.progress = progress;
    this.writes = writes;
    this.failure = failure;
  }

  /// Blocks until the memtable is in order, or will not be because that failed or the store closes;
  /// the caller holds a view with it.
  void await(Memtable memtable, BooleanSupplier isClosing) {
    begin(memtable);
    progress.await(
        () -> memtable.isOrdered() || memtable.orderProblem() != null || isClosing.getAsBoolean());
  }

  /// Starts to put it in order unless that is done or underway.
  void begin(Memtable memtable) {
    Task task = memtable.requestOrder() ? null : memtable.orderTask(writes.lock());
    if (task != null) {
      scheduler.submit(
          Scheduler.Lane.MEMORY,
          () -> {
            boolean hasMore = step(memtable, task);
            if (!hasMore) {
              progress.run();
            }
            return hasMore;
          });
    }
  }

  private boolean step(Memtable memtable, Task task) {
    try {
      return task.step();
    } catch (RuntimeException | Error e) {
      AtlasException problem = memtable.orderProblem(); // nor will it ever be flushed
      failure.fail(
          problem != null
              ? problem
              : StoreFailure.unexpected("a memtable could not be put in order", e));
      return false;
    }
  }
}
