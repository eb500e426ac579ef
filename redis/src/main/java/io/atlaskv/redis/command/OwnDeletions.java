package io.atlaskv.redis.command;

import io.atlaskv.redis.data.DatabaseView;
import io.atlaskv.redis.data.Keyspace;
import io.atlaskv.redis.pubsub.Outbox;
import io.atlaskv.redis.store.Batch;
import io.atlaskv.redis.store.Store;

/// What deletes keys that no client has asked to delete writes with: a batch of its own, and what
/// others are to hear of it once it is committed.
final class OwnDeletions {
  private final RedisData data;
  private final Store store;
  private final Batch batch;
  private final Keyspace keys;
  private final Outbox outbox;
  private final KeyEventCollector events;

  /// @param isBlocking whether reads wait for blocks
  OwnDeletions(RedisData data, boolean isBlocking) {
    this.data = data;
    store = data.store();
    batch = store.newBatch();
    keys = new Keyspace(store.newReader(isBlocking), batch, store.clock(), data.stringLayout());
    outbox = new Outbox(data.pubSub(), data.keyEvents());
    events = new KeyEventCollector(data, new DatabaseView(data.databases()), outbox);
    keys.listener(events);
  }

  /// The keys; what is deleted of them goes into the batch.
  Keyspace keys() {
    return keys;
  }

  /// Where events of keys go that the keyspace does not tell of itself.
  KeyEventCollector events() {
    return events;
  }

  /// True if nothing was deleted.
  boolean isEmpty() {
    return batch.isEmpty();
  }

  /// Commits what was deleted, under its latches, and tells everybody. False: there is no room now.
  boolean commit() {
    if (!batch.isEmpty()) {
      long sequence = store.commit(batch);
      if (sequence == Store.STALLED) {
        return false;
      }
      if (!data.watchedKeys().isEmpty()) {
        data.watchedKeys().committed(batch);
      }
      outbox.publish(sequence);
    }
    data.keysExpired(keys.takeExpired());
    return true;
  }

  /// Ends a run, committed or not. Blocks that it lacked stay asked for.
  void end() {
    batch.clear();
    outbox.clear();
    keys.end();
  }
}
