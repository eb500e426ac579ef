package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.api.ClosedException;
import io.atlaskv.engine.internal.io.Scheduler;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;

/// Frees views in the background, since whoever lets go last may be an event loop, and closing
/// tables and memory takes its time. After `close` in the caller; and when the last view is gone,
/// the memory that all of them shared.
final class ViewReaper {
  private final Scheduler scheduler;
  private final Runnable whenSomeFreed;
  private final Runnable whenAllFreed;
  private final ConcurrentLinkedQueue<View> freed = new ConcurrentLinkedQueue<>();
  private final AtomicBoolean isQueued = new AtomicBoolean();
  private final AtomicInteger alive = new AtomicInteger(1); // one for the store being open
  private volatile boolean isClosed;

  /// @param whenSomeFreed runs in the background after views were freed
  /// @param whenAllFreed runs once, after `close` and the end of the last view
  ViewReaper(Scheduler scheduler, Runnable whenSomeFreed, Runnable whenAllFreed) {
    this.scheduler = scheduler;
    this.whenSomeFreed = whenSomeFreed;
    this.whenAllFreed = whenAllFreed;
  }

  /// Counts a new view.
  View watch(View view) {
    alive.incrementAndGet();
    return view;
  }

  /// Takes a view nobody holds.
  void free(View view) {
    freed.add(view);
    if (isClosed) {
      drain();
    } else if (isQueued.compareAndSet(false, true)) {
      try {
        scheduler.submit(Scheduler.Lane.MEMORY, this::drainInBackground);
      } catch (ClosedException e) { // the store is being closed
        drain();
      }
    }
  }

  private boolean drainInBackground() {
    isQueued.set(false);
    drain();
    whenSomeFreed.run();
    return false;
  }

  private void drain() {
    for (View view = freed.poll(); view != null; view = freed.poll()) {
      view.releaseParts();
      countDown();
    }
  }

  private void countDown() {
    if (alive.decrementAndGet() == 0) {
      whenAllFreed.run();
    }
  }

  /// From now on views are freed by whoever lets go last, but not what they shared: for an opening
  /// that has failed, which frees that itself.
  void freeAtOnce() {
    isClosed = true;
  }

  /// To be called once the scheduler is closed and the current view let go.
  void close() {
    isClosed = true;
    drain();
    countDown();
  }
}
