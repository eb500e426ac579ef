package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.api.AtlasException;
import io.atlaskv.engine.api.HistoryGoneException;
import io.atlaskv.engine.internal.base.BatchBuilder;
import io.atlaskv.engine.internal.base.EpochMillis;
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
///   `periodMillis`, unless writers are stalled. However often it is opened: of more samples than
///   twice the periods, two that follow each other are nearer than a period to the one before.
final class HistoryWindow {
  private static final int PERIODS = 1_000; // of a window: less than half the slots
  private static final long PERIOD_MILLIS_MIN = 100;
  private static final long STALLED_MILLIS = 10;
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
    long floor = snapshots.floor();
    for (Row row : oldestFirst) {
      if (row.sequence() >= floor - 1) { // the floor may be a row that nothing came before
        taken = taken.with(row.millis(), Math.max(floor, row.sequence()), row.slot());
      }
      nextSlot = (row.slot() + 1) % HistoryTimes.SLOTS;
    }
    Row last = oldestFirst.isEmpty() ? null : oldestFirst.getLast();
    long visible = writes.visibleSequence();
    if (last != null && taken.count() > 0 && visible <= last.sequence() + 1) {
      taken = taken.with(last.millis(), visible, last.slot()); // nothing came after the row
      ownSequence = visible;
    }
    times = taken;
  }

  /// Begins to note, at once or a period after the last row; to be called once.
  void begin() {
    long wait = untilNextMillis();
    if (wait > 0) {
      schedule(wait);
    } else {
      look();
    }
  }

  private long untilNextMillis() {
    HistoryTimes noted = times;
    if (noted.count() == 0) {
      return 0;
    }
    long passed = clock.currentTimeMillis() - noted.lastMillis();
    return passed < 0 ? 0 : periodMillis() - passed;
  }

  private boolean look() {
    boolean isNoted = true;
    try {
      isNoted = note();
    } catch (AtlasException _) {
      // The store takes no writes now, so there is nothing new to note.
    } finally { // whatever it was: nobody else lets history go
      schedule(isNoted ? periodMillis() : STALLED_MILLIS);
    }
    return false;
  }

  private void schedule(long delayMillis) {
    scheduler.schedule(Scheduler.Lane.FETCH, delayMillis * NANOS_PER_MILLI, this::look);
  }

  /// Notes what is visible, if that has changed, and lets go what has left the window, even if the
  /// store takes no writes. False if writes are stalled, so that this is to be tried again.
  synchronized boolean note() {
    long now = clock.currentTimeMillis();
    try {
      return isNoted(now);
    } finally {
      letGo(now - windowMillis);
    }
  }

  private boolean isNoted(long now) {
    long visible = writes.visibleSequence();
    if (visible == ownSequence && times.count() > 0) {
      return true;
    }
    HistoryTimes before = times.withRoomAt(now);
    int slot = before.freeSlot(nextSlot);
    try (var batch = new BatchBuilder()) {
      byte[] key = HistoryTimes.key(slot);
      byte[] value = HistoryTimes.value(now, Math.max(1, visible)); // of nothing: as of the row
      batch.put(key, 0, key.length, value, 0, value.length);
      batch.finish();
      long sequence = writes.commit(batch);
      if (sequence == WritePath.STALLED) {
        return false;
      }
      // A row that nothing came before shows the same: when it has left the window, all is let go.
      boolean isAlone = sequence == visible + 1;
      ownSequence = isAlone ? sequence : 0; // else there is more to note
      nextSlot = (slot + 1) % HistoryTimes.SLOTS;
      times = before.with(now, isAlone ? sequence : Math.max(1, visible), slot);
      writeLog.run();
      return true;
    }
  }

  private void letGo(long millis) {
    HistoryTimes noted = times;
    int oldest = noted.before(millis);
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
    long millis = EpochMillis.of(time);
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
