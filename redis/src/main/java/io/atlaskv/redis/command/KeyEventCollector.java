package io.atlaskv.redis.command;

import io.atlaskv.engine.api.Bytes;
import io.atlaskv.redis.data.DatabaseView;
import io.atlaskv.redis.data.KeyListener;
import io.atlaskv.redis.data.RowKey;
import io.atlaskv.redis.pubsub.KeyEventClass;
import io.atlaskv.redis.pubsub.KeyEvents;
import io.atlaskv.redis.pubsub.Outbox;

/// Puts the key events that the keyspace itself signals into an outbox.
final class KeyEventCollector implements KeyListener {
  private final DatabaseView databases;
  private final KeyEvents events;
  private final Outbox outbox;

  KeyEventCollector(RedisData data, DatabaseView databases, Outbox outbox) {
    this.databases = databases;
    events = data.keyEvents();
    this.outbox = outbox;
  }

  @Override
  public void expired(byte[] row, int length) {
    collect(KeyEventClass.EXPIRED, "expired", row, length);
  }

  @Override
  public void evicted(byte[] row, int length) {
    collect(KeyEventClass.EVICTED, "evicted", row, length);
  }

  @Override
  public void deletedInRange(byte[] row, int length) {
    collect(KeyEventClass.GENERIC, "del", row, length);
  }

  @Override
  public void created(byte[] row, int length) {
    collect(KeyEventClass.NEW, "new", row, length);
  }

  @Override
  public void missed(byte[] row, int length) {
    collect(KeyEventClass.MISS, "keymiss", row, length);
  }

  private void collect(KeyEventClass type, String event, byte[] row, int length) {
    if (!events.isWanted(type)) {
      return;
    }
    int database = databases.numberOf(RowKey.namespaceOf(row));
    if (database >= 0) { // else it was just emptied
      int prefix = RowKey.METADATA_PREFIX_BYTES;
      outbox.event(event, Bytes.of(row, prefix, length - prefix), database);
    }
  }
}
