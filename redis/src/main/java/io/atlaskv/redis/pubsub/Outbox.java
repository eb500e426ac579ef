package io.atlaskv.redis.pubsub;

import io.atlaskv.engine.api.Bytes;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/// What one command will publish when its writes are committed, in order. Reused.
public final class Outbox {
  /// A message, or the event of a key if `event` is not null.
  private record Item(
      ChannelKind kind, Bytes name, Bytes message, @Nullable String event, int database) {}

  private static final int EVENT_BYTES = 100; // the objects of one, without the key

  private final PubSub pubSub;
  private final KeyEvents keyEvents;
  private final ArrayList<Item> items = new ArrayList<>();
  private long eventBytes;

  public Outbox(PubSub pubSub, KeyEvents keyEvents) {
    this.pubSub = pubSub;
    this.keyEvents = keyEvents;
  }

  /// Adds a message.
  ///
  /// @param kind CHANNEL or SHARD
  public void message(ChannelKind kind, Bytes channel, Bytes message) {
    items.add(new Item(kind, channel, message, null, 0));
  }

  /// Adds what has happened to a key.
  public void event(String event, Bytes key, int database) {
    items.add(new Item(ChannelKind.CHANNEL, key, Bytes.EMPTY, event, database));
    eventBytes += EVENT_BYTES + key.length();
  }

  /// Memory that events take, about. Messages are in the requests that publish them.
  public long eventBytes() {
    return eventBytes;
  }

  public boolean isEmpty() {
    return items.isEmpty();
  }

  /// Forgets everything.
  public void clear() {
    if (!items.isEmpty()) {
      items.clear();
      eventBytes = 0;
    }
  }

  /// Publishes everything and forgets it.
  ///
  /// @param gate highest sequence that it shows
  public void publish(long gate) {
    for (Item item : items) {
      if (item.event == null) {
        pubSub.publish(item.kind, item.name, item.message, gate);
      } else {
        keyEvents.publish(item.event, item.name, item.database, gate);
      }
    }
    clear();
  }
}
