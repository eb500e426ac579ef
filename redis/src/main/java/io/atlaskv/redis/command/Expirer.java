package io.atlaskv.redis.command;

import io.atlaskv.redis.data.DatabaseView;
import io.atlaskv.redis.data.Databases;
import io.atlaskv.redis.data.ExpiryRows;
import io.atlaskv.redis.data.KeysAhead;
import io.atlaskv.redis.data.Keyspace;
import io.atlaskv.redis.pubsub.Outbox;
import io.atlaskv.redis.store.Batch;
import io.atlaskv.redis.store.Store;
import java.util.Arrays;
import java.util.List;

/// Deletes keys whose time has come, oldest first, a few at a time, by logged batches. Reads hide
/// such keys without it; it gives back space and keeps DBSIZE small.
///
/// One thread at a time. A key whose latch is taken is left for the next slice.
///
/// What it has deleted stays in the expiry index as tombstones until a compaction. So that not each
/// slice walks over all of them, a slice begins where the last one ended (`ExpiryPosition`).
public final class Expirer {
  /// What is to be done after a slice.
  public enum Next {
    /// Nothing is due: come again after a while.
    PAUSE,
    /// More is due: come again soon.
    SOON,
    /// `fetch`, then again.
    FETCH
  }

  private static final int ROWS_PER_SLICE = 128;

  private final RedisData data;
  private final Store store;
  private final Batch batch;
  private final Keyspace keys;
  private final KeysAhead ahead;
  private final LatchSet latches;
  private final Outbox outbox;
  private final ExpiryPosition[] positions = new ExpiryPosition[Databases.COUNT];
  private int database;

  public Expirer(RedisData data) {
    this.data = data;
    store = data.store();
    batch = store.newBatch();
    keys = new Keyspace(store.newReader(false), batch, store.clock(), data.stringLayout());
    ahead = new KeysAhead(store.newLookahead());
    latches = new LatchSet(data.latches());
    Arrays.setAll(positions, _ -> new ExpiryPosition());
    outbox = new Outbox(data.pubSub(), data.keyEvents());
    keys.listener(new KeyEventCollector(data, new DatabaseView(data.databases()), outbox));
  }

  /// Deletes some of what is due.
  public Next slice() {
    Databases databases = data.databases();
    if (!data.isActiveExpire()
        || store.failure() != null
        || data.pause().isActive()
        || store.admit(ROWS_PER_SLICE) != Store.GO) {
      return Next.PAUSE;
    }
    for (int tried = 0; tried < Databases.COUNT; tried++) {
      if (databases.expiring(database) > 0) {
        Next next = slice(databases.namespace(database));
        if (next != Next.PAUSE) {
          return next;
        }
      }
      database = (database + 1) % Databases.COUNT;
    }
    return Next.PAUSE;
  }

  private Next slice(int namespace) {
    keys.begin(namespace, true);
    ExpiryPosition position = positions[database];
    List<byte[]> due = ExpiryRows.due(keys, position.lower(keys), ROWS_PER_SLICE);
    if (due == null) {
      return Next.FETCH;
    }
    if (due.isEmpty()) {
      position.passed();
      keys.reader().reset();
      return Next.PAUSE;
    }
    for (byte[] row : due) {
      latches.add(HashSlot.ofRow(row, ExpiryRows.KEY_OFFSET));
    }
    latches.seal();
    Next next =
        Next.PAUSE; // a writer holds one of them: it meets the key itself, or the next slice
    if (latches.tryTakeAll()) {
      next = data.databases().namespace(database) == namespace ? delete(due) : Next.PAUSE;
    }
    batch.clear();
    outbox.clear();
    latches.release();
    keys.end();
    if (next != Next.FETCH) {
      keys.reader().reset();
    }
    if (next == Next.SOON) {
      position.reached(due.getLast());
    }
    return next;
  }

  private Next delete(List<byte[]> due) {
    if (!ExpiryRows.delete(keys, due, ahead)) {
      return Next.FETCH;
    }
    if (!batch.isEmpty()) {
      long sequence = store.commit(batch);
      if (sequence == Store.STALLED) {
        return Next.PAUSE;
      }
      if (!data.watchedKeys().isEmpty()) {
        data.watchedKeys().committed(batch);
      }
      outbox.publish(sequence);
    }
    for (int i = keys.takeExpired(); i > 0; i--) {
      data.keyExpired();
    }
    return Next.SOON;
  }

  /// Brings what the last slice lacked, then runs `whenDone` on any thread.
  public void fetch(Runnable whenDone) {
    keys.reader().fetch(whenDone);
  }
}
