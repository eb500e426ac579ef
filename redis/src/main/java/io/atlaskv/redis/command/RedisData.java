package io.atlaskv.redis.command;

import io.atlaskv.redis.data.Databases;
import io.atlaskv.redis.data.ScanCursors;
import io.atlaskv.redis.pubsub.KeyEvents;
import io.atlaskv.redis.pubsub.PubSub;
import io.atlaskv.redis.store.Store;
import java.util.concurrent.atomic.LongAdder;

/// Everything that all commands of one store share.
public final class RedisData {
  private final Store store;
  private final Databases databases;
  private final Latches latches = new Latches();
  private final ScanCursors scanCursors = new ScanCursors();
  private final Settings settings = new Settings();
  private final PubSub pubSub = new PubSub();
  private final KeyEvents keyEvents = new KeyEvents(pubSub);
  private final LongAdder expiredKeys = new LongAdder();

  private RedisData(Store store, Databases databases) {
    this.store = store;
    this.databases = databases;
    settings.live("notify-keyspace-events", keyEvents::letters, keyEvents::select);
  }

  /// Opens the databases of a store. May block.
  public static RedisData open(Store store) {
    return new RedisData(store, Databases.open(store));
  }

  public Store store() {
    return store;
  }

  public Databases databases() {
    return databases;
  }

  public Latches latches() {
    return latches;
  }

  public ScanCursors scanCursors() {
    return scanCursors;
  }

  public Settings settings() {
    return settings;
  }

  public PubSub pubSub() {
    return pubSub;
  }

  public KeyEvents keyEvents() {
    return keyEvents;
  }

  /// Counts a key that was deleted because its time had come.
  public void keyExpired() {
    expiredKeys.increment();
  }

  public long expiredKeys() {
    return expiredKeys.sum();
  }
}
