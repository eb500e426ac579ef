package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.api.AtlasException;
import io.atlaskv.engine.api.StorageException;
import io.atlaskv.engine.internal.cache.ReadContext;
import io.atlaskv.engine.internal.io.Scheduler;
import io.atlaskv.engine.internal.io.Scheduler.Lane;
import io.atlaskv.engine.internal.memtable.Memtable;
import java.util.function.Consumer;

/// Work that may block, done by workers for those who must not: event loops.
final class FetchLane {
  private final Scheduler scheduler;
  private final Views views;
  private final MemtableSupply supply;
  private final BlockingWaits waits;

  FetchLane(Scheduler scheduler, Views views, MemtableSupply supply, BlockingWaits waits) {
    this.scheduler = scheduler;
    this.views = views;
    this.supply = supply;
    this.waits = waits;
  }

  /// Runs work that may block.
  void execute(Runnable work) {
    scheduler.submit(
        Lane.FETCH,
        () -> {
          work.run();
          return false;
        });
  }

  /// As `execute`, once `delayNanos` have passed.
  void executeLater(long delayNanos, Runnable work) {
    scheduler.schedule(
        Lane.FETCH,
        delayNanos,
        () -> {
          work.run();
          return false;
        });
  }

  /// Brings what the last answer lacked, then runs `whenDone`, or `onFailure` if it cannot be read.
  void fetch(ReadContext context, Runnable whenDone, Consumer<AtlasException> onFailure) {
    execute(() -> {
      try {
        context.fetchNeeded();
        orderMemtables();
      } catch (AtlasException e) {
        onFailure.accept(e);
        return;
      } catch (RuntimeException | Error e) { // a bug, but the caller must hear of it
        onFailure.accept(new StorageException("reading failed: " + e, e));
        throw e;
      }
      whenDone.run();
    });
  }

  private void orderMemtables() {
    View view = views.acquire();
    try {
      if (supply.isOrderWanted()) {
        waits.forOrder(view.active());
        for (Memtable memtable : view.sealed()) {
          waits.forOrder(memtable);
        }
      }
    } finally {
      view.release();
    }
  }
}
