package io.atlaskv.redis.command;

import io.atlaskv.redis.data.Databases;
import io.atlaskv.redis.data.ExpiryRows;
import io.atlaskv.redis.data.ExpirySweep;
import io.atlaskv.redis.data.KeysAhead;
import io.atlaskv.redis.data.Keyspace;
import io.atlaskv.redis.store.Reader;
import io.atlaskv.redis.store.Store;
import java.util.Arrays;
import java.util.List;

/// Deletes keys whose time has come, oldest first, a few at a time, by logged batches. Reads hide
/// such keys without it; it gives back space and keeps DBSIZE small.
///
/// One thread at a time. A few keys are deleted under their latches, one after the other; a key
/// whose latch is taken is left for the next slice. When more are due than a slice takes, the next
/// one tries to get all latches for a moment, and deletes many at once (`ExpirySweep`).
///
/// What it has deleted stays in the expiry index under tombstones until a compaction. So that not
/// each slice walks over all of it, a slice begins where the last one ended (`ExpiryPosition`).
public final class Expirer {
  /// What is to be done after a slice.
  public enum Next {
    /// Nothing is due: come again after a while.
    PAUSE,
    /// More is due: come again soon.
    SOON,
    /// `fetch`, then again.
    FETCH,
    /// More is due, and the store has no room now: come again after `delayNanos`.
    ROOM
  }

  private static final int ROWS_PER_SLICE = 128;
  private static final int ROWS_PER_SWEEP = 1024; // 0.7 ms
  private static final int ROWS_PER_SHORT_SWEEP = 256; // 0.2 ms
  private static final int BYTES_PER_SWEEP = 64 * 1024;

  private final RedisData data;
  private final int rowsPerSlice;
  private final int rowsPerSweep;
  private final Store store;
  private final OwnDeletions deletions;
  private final Keyspace keys;
  private final KeysAhead ahead;
  private final ExpirySweep sweep;
  private final LatchSet latches;
  private final Latches allLatches;
  private final ExpiryPosition[] positions = new ExpiryPosition[Databases.COUNT];
  private int database;
  private long delayNanos;
  private boolean isBehind; // more was due than the last slice has deleted

  public Expirer(RedisData data) {
    this(data, ROWS_PER_SLICE, ROWS_PER_SWEEP);
  }

  /// One that takes so many keys at once.
  Expirer(RedisData data, int rowsPerSlice, int rowsPerSweep) {
    this.data = data;
    this.rowsPerSlice = rowsPerSlice;
    this.rowsPerSweep = rowsPerSweep;
    store = data.store();
    deletions = new OwnDeletions(data, false);
    keys = deletions.keys();
    ahead = new KeysAhead(store.newLookahead());
    sweep = new ExpirySweep(keys, ahead);
    latches = new LatchSet(data.latches());
    allLatches = data.latches();
    Arrays.setAll(positions, _ -> new ExpiryPosition());
  }

  /// Deletes some of what is due.
  ///
  /// @throws io.atlaskv.engine.api.AtlasException if something cannot be read; then nothing was
  ///   deleted, and the next slice tries again
  public Next slice() {
    return slice(rowsPerSweep);
  }

  /// Deletes less of it, for a bit more each, unless that is to be done with all effort: when
  /// clients wait.
  public Next shortSlice() {
    double effort = 1 - data.settings().eviction.expiryPatience();
    int rows = ROWS_PER_SHORT_SWEEP + (int) (effort * (ROWS_PER_SWEEP - ROWS_PER_SHORT_SWEEP));
    return slice(Math.min(rowsPerSweep, rows));
  }

  /// After `ROOM`: how long the store lets a writer wait; `Store.STALL` if it does not know.
  public long delayNanos() {
    return delayNanos;
  }

  private Next slice(int sweepRowsMax) {
    Databases databases = data.databases();
    if (!data.isActiveExpire() || store.failure() != null || data.pause().isActive()) {
      return Next.PAUSE;
    }
    delayNanos = store.admit(rowsPerSlice);
    if (delayNanos != Store.GO) {
      return Next.ROOM;
    }
    for (int tried = 0; tried < Databases.COUNT; tried++) {
      if (databases.expiring(database) > 0) {
        Next next = endedSlice(databases.namespace(database), sweepRowsMax);
        if (next != Next.PAUSE) {
          return next;
        }
      }
      database = (database + 1) % Databases.COUNT;
    }
    return Next.PAUSE;
  }

  /// A slice of which nothing is left in the batch, even if a read fails: the next one holds other
  /// latches.
  private Next endedSlice(int namespace, int sweepRowsMax) {
    boolean isEnded = false;
    try {
      Next next = sliceOf(namespace, sweepRowsMax);
      isEnded = true;
      return next;
    } finally {
      if (!isEnded) {
        end(Next.PAUSE);
      }
    }
  }

  private Next sliceOf(int namespace, int sweepRowsMax) {
    if (isBehind && allLatches.tryTakeAll()) {
      try {
        return sweep(namespace, sweepRowsMax);
      } finally {
        allLatches.releaseAll();
      }
    }
    keys.begin(namespace, true);
    ExpiryPosition position = positions[database];
    List<byte[]> due = ExpiryRows.due(keys, position.lower(keys), rowsPerSlice);
    if (due == null) {
      return Next.FETCH;
    }
    isBehind = due.size() == rowsPerSlice;
    if (due.isEmpty()) {
      return passed(position);
    }
    for (byte[] row : due) {
      latches.add(HashSlot.ofRow(row, ExpiryRows.KEY_OFFSET));
    }
    latches.seal();
    Next next =
        Next.PAUSE; // a writer holds one of them: it meets the key itself, or the next slice
    try {
      if (latches.tryTakeAll() && data.databases().namespace(database) == namespace) {
        next = ExpiryRows.delete(keys, due, ahead) ? commit() : Next.FETCH;
      }
    } finally {
      latches.release();
    }
    end(next);
    if (next == Next.SOON) {
      position.reached(due.getLast());
    }
    return next;
  }

  /// Under all latches.
  private Next sweep(int namespace, int rowsMax) {
    if (data.databases().namespace(database) != namespace) {
      return Next.PAUSE;
    }
    keys.begin(namespace, true);
    ExpiryPosition position = positions[database];
    int count = sweep.delete(position.lower(keys), rowsMax, BYTES_PER_SWEEP);
    if (count == 0) {
      isBehind = false;
      return passed(position);
    }
    Next next = count == Reader.NEEDS_BLOCKS ? Next.FETCH : commit();
    end(next);
    if (next == Next.SOON) {
      position.reached(sweep.last());
    }
    return next;
  }

  private Next passed(ExpiryPosition position) {
    position.passed();
    keys.reader().reset();
    return Next.PAUSE;
  }

  private void end(Next next) {
    deletions.end();
    if (next != Next.FETCH) {
      keys.reader().reset();
    }
  }

  private Next commit() {
    if (deletions.commit()) {
      return Next.SOON;
    }
    delayNanos = Store.STALL;
    return Next.ROOM;
  }

  /// Brings what the last slice lacked, then runs `whenDone` on any thread.
  public void fetch(Runnable whenDone) {
    keys.reader().fetch(whenDone);
  }
}
