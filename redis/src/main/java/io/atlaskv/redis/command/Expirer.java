package io.atlaskv.redis.command;

import io.atlaskv.redis.data.DatabaseView;
import io.atlaskv.redis.data.Databases;
import io.atlaskv.redis.data.ExpiryRows;
import io.atlaskv.redis.data.Keyspace;
import io.atlaskv.redis.pubsub.Outbox;
import io.atlaskv.redis.store.Batch;
import io.atlaskv.redis.store.Reader;
import io.atlaskv.redis.store.Store;
import java.util.List;

/// Deletes keys whose time has come, oldest first, a few at a time, by logged batches. Reads hide
/// such keys without it; it gives back space and keeps DBSIZE small.
///
/// One thread at a time. A key whose latch is taken is left for the next slice.
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

  private static final int ROWS_PER_SLICE = 64;

  private final RedisData data;
  private final Store store;
  private final Batch batch;
  private final Keyspace keys;
  private final LatchSet latches;
  private final Outbox outbox;
  private int database;

  public Expirer(RedisData data) {
    this.data = data;
    store = data.store();
    batch = store.newBatch();
    keys = new Keyspace(store.newReader(false), batch, store.clock(), data.stringLayout());
    latches = new LatchSet(data.latches());
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
    List<byte[]> due = ExpiryRows.due(keys, ROWS_PER_SLICE);
    if (due == null) {
      return Next.FETCH;
    }
    if (due.isEmpty()) {
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
      next = data.databases().namespace(database) == namespace ? delete(due) : Next.SOON;
    }
    batch.clear();
    outbox.clear();
    latches.release();
    keys.end();
    if (next != Next.FETCH) {
      keys.reader().reset();
    }
    return next;
  }

  private Next delete(List<byte[]> due) {
    for (byte[] row : due) {
      if (ExpiryRows.delete(keys, row) == Reader.NEEDS_BLOCKS) {
        return Next.FETCH;
      }
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
    return due.size() == ROWS_PER_SLICE ? Next.SOON : Next.PAUSE;
  }

  /// Brings what the last slice lacked, then runs `whenDone` on any thread.
  public void fetch(Runnable whenDone) {
    keys.reader().fetch(whenDone);
  }
}
