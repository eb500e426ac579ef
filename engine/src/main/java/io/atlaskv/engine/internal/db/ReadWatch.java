package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.api.ClosedException;
import io.atlaskv.engine.internal.compaction.CompactionOptions;
import io.atlaskv.engine.internal.compaction.CompactionPicker;
import io.atlaskv.engine.internal.io.Scheduler;
import io.atlaskv.engine.internal.manifest.TableMeta;
import java.util.List;
import java.util.concurrent.atomic.AtomicLong;

/// Notices that readers have looked into level 0 so often that merging it would have cost no more.
/// So nothing is merged for readers who do not come, and those who do pay at most twice what the
/// best decision would have cost them.
final class ReadWatch {
  private final Scheduler scheduler;
  private final Views views;
  private final CompactionOptions options;
  private final CompactionWork compactions;
  private final AtomicLong readsLeft = new AtomicLong(CompactionPicker.NEVER);
  private List<TableMeta> level0 = List.of(); // guarded by this

  ReadWatch(
      Scheduler scheduler, Views views, CompactionOptions options, CompactionWork compactions) {
    this.scheduler = scheduler;
    this.views = views;
    this.options = options;
    this.compactions = compactions;
  }

  /// Called when a flush or compaction was installed: counts anew if level 0 is another.
  synchronized void tablesChanged() {
    View view = views.acquire();
    try {
      var levels = view.version().levels();
      if (!levels.level(0).equals(level0)) {
        level0 = levels.level(0);
        readsLeft.set(CompactionPicker.readsWorthMerging(levels, options));
      }
    } finally {
      view.release();
    }
  }

  /// So many keys were read from tables; on any thread, event loops too.
  void read(int keys) {
    long left = readsLeft.addAndGet(-keys);
    if (left <= 0 && left + keys > 0) {
      try {
        scheduler.submit(Scheduler.Lane.COMPACTION, this::merge);
      } catch (ClosedException _) {
        // closed since the read: nobody reads any more
      }
    }
  }

  private boolean merge() {
    compactions.wake();
    return false;
  }

  /// Whether reads have paid for a merge of level 0.
  boolean isWorthMerging() {
    return readsLeft.get() <= 0;
  }
}
