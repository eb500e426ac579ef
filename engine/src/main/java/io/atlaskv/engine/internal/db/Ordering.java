package io.atlaskv.engine.internal.db;

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

  Ordering(Scheduler scheduler, Progress progress, WritePath writes) {
    this.scheduler = scheduler;
    this.progress = progress;
    this.writes = writes;
  }

  /// Blocks until the memtable is in order, or will not be because the store closes; the caller
  /// holds a view with it.
  void await(Memtable memtable, BooleanSupplier isClosing) {
    begin(memtable);
    progress.await(() -> memtable.isOrdered() || isClosing.getAsBoolean());
  }

  /// Starts to put it in order unless that is done or underway.
  void begin(Memtable memtable) {
    Task task = memtable.requestOrder() ? null : memtable.orderTask(writes.lock());
    if (task != null) {
      scheduler.submit(
          Scheduler.Lane.MEMORY,
          () -> {
            boolean hasMore = task.step();
            if (!hasMore) {
              progress.run();
            }
            return hasMore;
          });
    }
  }
}
