package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.api.AtlasException;
import io.atlaskv.engine.internal.cache.BufferPool;
import io.atlaskv.engine.internal.io.Clock;
import io.atlaskv.engine.internal.io.Ports;
import io.atlaskv.engine.internal.io.Scheduler;
import io.atlaskv.engine.internal.manifest.PlacedTable;
import io.atlaskv.engine.internal.manifest.Version;
import io.atlaskv.engine.internal.sstable.PointIndexes;
import io.atlaskv.engine.internal.sstable.PointIndexing;
import io.atlaskv.engine.internal.sstable.TableReader;
import java.util.HashSet;
import java.util.Set;
import java.util.function.IntSupplier;
import org.jspecify.annotations.Nullable;

/// Makes the point indexes that the tables of a store just opened lack, once, as long as there is
/// memory for them: newest tables first, as reads ask them first.
///
/// Nobody waits for it, so it takes its time: short steps, pauses four times as long, none while
/// tables are merged, which may be the ones that lack an index. It is a task of the compaction
/// lane, a new one for each step, so that a merge need not wait for more than that.
///
/// Invariant: the version held is the newest as of the last step, so no table stays open that was
/// merged away, or only to the next step.
final class PointIndexWork {
  private static final long START_NANOS = 1_000_000_000;
  private static final long PAUSE_NANOS_MIN = 1_000_000;
  private static final long MERGING_PAUSE_NANOS = 100_000_000;
  private static final int PAUSE_FACTOR = 4;

  private final Scheduler scheduler;
  private final Clock clock;
  private final Views views;
  private final PointIndexes pointIndexes;
  private final BufferPool buffers;
  private final IntSupplier merges;
  private final Set<Long> tried = new HashSet<>();
  private @Nullable Version version; // held
  private @Nullable PointIndexing indexing;
  private long number; // of the table that is being indexed

  /// @param merges how many run now
  PointIndexWork(
      Ports ports, Views views, PointIndexes pointIndexes, BufferPool buffers, IntSupplier merges) {
    scheduler = ports.scheduler();
    clock = ports.clock();
    this.views = views;
    this.pointIndexes = pointIndexes;
    this.buffers = buffers;
    this.merges = merges;
  }

  /// To be called once, when the store is open.
  void begin() {
    scheduleStep(START_NANOS);
  }

  private void scheduleStep(long delayNanos) {
    scheduler.schedule(Scheduler.Lane.COMPACTION, delayNanos, this::step);
  }

  private boolean step() {
    if (merges.getAsInt() > 0) {
      holdNewest();
      scheduleStep(MERGING_PAUSE_NANOS);
      return false;
    }
    long start = clock.nanoTime();
    if (advance()) {
      long taken = clock.nanoTime() - start;
      scheduleStep(Math.max(PAUSE_NANOS_MIN, PAUSE_FACTOR * taken));
    }
    return false;
  }

  /// True if there is more to do.
  private boolean advance() {
    Version newest = holdNewest();
    PointIndexing current = indexing == null ? next(newest) : indexing;
    if (current == null) {
      abandon();
      return false;
    }
    boolean hasMore = false;
    try {
      hasMore = current.step();
    } catch (AtlasException _) {
      // whoever reads the damaged block will be told; the table is as good without an index
    } finally {
      if (!hasMore) {
        tried.add(number);
        endTable();
      }
    }
    return true;
  }

  private Version holdNewest() {
    View view = views.acquire();
    try {
      Version newest = view.version();
      Version held = version;
      if (newest != held) {
        newest.retain();
        version = newest;
        if (!newest.has(number)) {
          endTable();
        }
        if (held != null) {
          held.release();
        }
      }
      return newest;
    } finally {
      view.release();
    }
  }

  private @Nullable PointIndexing next(Version newest) {
    for (PlacedTable placed : newest.state().tables()) {
      long candidate = placed.table().number();
      TableReader table = newest.table(candidate).reader();
      if (pointIndexes.isWorthMaking(table) && !tried.contains(candidate)) {
        number = candidate;
        indexing = new PointIndexing(table, pointIndexes, buffers);
        return indexing;
      }
    }
    return null;
  }

  private void endTable() {
    PointIndexing ended = indexing;
    if (ended != null) {
      indexing = null;
      ended.close();
    }
  }

  /// Lets go of what it holds. At the end: once the scheduler is closed.
  void abandon() {
    endTable();
    Version held = version;
    if (held != null) {
      version = null;
      held.release();
    }
  }
}
