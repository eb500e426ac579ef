package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.api.AtlasException;
import io.atlaskv.engine.api.HistoryGoneException;
import io.atlaskv.engine.internal.base.BatchBuilder;
import io.atlaskv.engine.internal.io.Clock;
import io.atlaskv.engine.internal.io.Scheduler;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Keeps the history of a store for a time: notes now and then which sequence is visible, and moves
/// the floor below which versions go (`SnapshotList.floor`) to what was visible a window ago.
///
/// Invariants:
/// - H1: the floor only rises, and no version that a sequence at or above it sees has been dropped.
/// - H2: the floor in the manifest is at least the one of each merge whose result is installed, as
///   both are in one edit.
/// - H3: while the store is open, what was visible at a time of the window is known to
///   `periodMillis`.
final class HistoryWindow {
  private static final int PERIODS = 1_000; // of a window: less than there are slots
  private static final long PERIOD_MILLIS_MIN = 100;
  private static final long NANOS_PER_MILLI = 1_000_000;

  /// Reads a row of the store's own.
  interface Rows {
    byte @Nullable [] row(byte[] key);
  }

  private record Row(int slot, long millis, long sequence) {}

  private final WritePath writes;
  private final SnapshotList snapshots;
  private final Scheduler scheduler;
  private final Clock clock;
  private final Runnable writeLog;
  private final Runnable onRaise;
  private final long windowMillis;
  private int nextSlot; // guarded by this
  private long ownSequence; // of the last row; guarded by this
  private volatile HistoryTimes times = HistoryTimes.NONE;

  /// @param writeLog hands what was committed to the kernel
  /// @param onRaise runs when there may be more to drop
  HistoryWindow(
      WritePath writes,
      SnapshotList snapshots,
      Scheduler scheduler,
      Clock clock,
      Runnable writeLog,
      Runnable onRaise,
      Duration window) {
    this.writes = writes;
    this.snapshots = snapshots;
    this.scheduler = scheduler;
    this.clock = clock;
    this.writeLog = writeLog;
    this.onRaise = onRaise;
    this.windowMillis = window.toMillis();
  }

  private long periodMillis() {
    return Math.max(PERIOD_MILLIS_MIN, windowMillis / PERIODS);
  }

  /// Takes up what was noted before.
  synchronized void load(Rows rows) {
    var found = new ArrayList<Row>();
    for (int slot = 0; slot < HistoryTimes.SLOTS; slot++) {
      byte[] value = rows.row(HistoryTimes.key(slot));
      if (value != null) {
        found.add(new Row(slot, HistoryTimes.millis(value), HistoryTimes.sequence(value)));
      }
    }
    found.sort((one, other) -> Long.compare(one.sequence(), other.sequence()));
    take(found);
  }

  private void take(List<Row> oldestFirst) {
    HistoryTimes taken = HistoryTimes.NONE;
    for (Row row : oldestFirst) {
      if (row.sequence() >= snapshots.floor()) {
        taken = taken.with(row.millis(), row.sequence());
      }
      nextSlot = (row.slot() + 1) % HistoryTimes.SLOTS;
    }
    times = taken;
  }

  /// Begins to note; to be called once.
  void begin() {
    look();
  }

  private boolean look() {
    try {
      note();
    } catch (AtlasException _) {
      // The store takes no writes now, so there is nothing new to note.
    }
    scheduler.schedule(Scheduler.Lane.FETCH, periodMillis() * NANOS_PER_MILLI, this::look);
    return false;
  }

  /// Notes what is visible, if that has changed, and lets go what has left the window.
  synchronized void note() {
    long visible = Math.max(1, writes.visibleSequence()); // of nothing, the first row is as good
    long now = clock.currentTimeMillis();
    if (visible != ownSequence || times.count() == 0) {
      try (var batch = new BatchBuilder()) {
        byte[] key = HistoryTimes.key(nextSlot);
        byte[] value = HistoryTimes.value(now, visible);
        batch.put(key, 0, key.length, value, 0, value.length);
        batch.finish();
        long sequence = writes.commit(batch);
        if (sequence != WritePath.STALLED) {
          ownSequence = sequence == visible + 1 ? sequence : 0; // else there is more to note
          nextSlot = (nextSlot + 1) % HistoryTimes.SLOTS;
          times = times.with(now, visible);
          writeLog.run();
        }
      }
    }
    letGo(now - windowMillis);
  }

  private void letGo(long millis) {
    HistoryTimes noted = times;
    int oldest = Math.max(noted.before(millis), noted.count() - HistoryTimes.SLOTS);
    if (oldest < 0) {
      return;
    }
    times = noted.from(oldest);
    long floor = noted.sequence(oldest);
    if (floor > snapshots.floor()) {
      writes.inOrder(() -> snapshots.floor(floor));
      onRaise.run();
    }
  }

  /// The sequence that was visible at a time.
  ///
  /// @throws HistoryGoneException if that is not known any more, or never was
  long sequenceAt(Instant time) {
    long now = clock.currentTimeMillis();
    long millis = time.toEpochMilli();
    if (millis > now) {
      throw new IllegalArgumentException(
          "time " + time + " is to come, now it is " + Instant.ofEpochMilli(now));
    }
    HistoryTimes noted = times;
    int sample = noted.before(millis);
    if (sample < 0) {
      throw gone(time, noted);
    }
    return noted.sequence(sample);
  }

  private HistoryGoneException gone(Instant time, HistoryTimes noted) {
    String bound =
        noted.count() == 0 ? "nothing yet" : "from " + Instant.ofEpochMilli(noted.firstMillis());
    return new HistoryGoneException(
        "what was visible at " + time + " is not kept, but " + bound, snapshots.floor());
  }
}
