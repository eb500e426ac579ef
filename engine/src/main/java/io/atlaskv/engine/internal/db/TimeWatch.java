package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.api.CompactionStyle;
import io.atlaskv.engine.internal.io.Scheduler;
import io.atlaskv.engine.internal.manifest.PlacedTable;
import io.atlaskv.engine.internal.manifest.StoreState;
import java.util.concurrent.atomic.AtomicBoolean;

/// Has compactions look again from time to time where time alone makes work for them: entries
/// become due, windows end. A store without such tables is left in peace.
final class TimeWatch {
  private static final long PERIOD_NANOS = 5_000_000_000L;

  private final Scheduler scheduler;
  private final Views views;
  private final CompactionWork compactions;
  private final AtomicBoolean isWatching = new AtomicBoolean();

  TimeWatch(Scheduler scheduler, Views views, CompactionWork compactions) {
    this.scheduler = scheduler;
    this.views = views;
    this.compactions = compactions;
  }

  /// Called when a flush or compaction was installed, and once the store is open.
  void tablesChanged() {
    if (isNeeded() && isWatching.compareAndSet(false, true)) {
      scheduler.schedule(Scheduler.Lane.COMPACTION, PERIOD_NANOS, this::look);
    }
  }

  private boolean look() {
    compactions.wake();
    isWatching.set(false);
    tablesChanged();
    return false;
  }

  private boolean isNeeded() {
    View view = views.acquire();
    try {
      StoreState state = view.version().state();
      return state.trees().values().stream()
              .anyMatch(tree ->
                  !(tree.profile().style() instanceof CompactionStyle.Leveled)
                      && tree.levels().tables() > 0)
          || state.tables().stream()
              .map(PlacedTable::table)
              .anyMatch(table -> table.times().expiring() > 0);
    } finally {
      view.release();
    }
  }
}
