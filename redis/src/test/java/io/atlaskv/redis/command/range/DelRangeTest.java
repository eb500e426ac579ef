package io.atlaskv.redis.command.range;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.api.Durability;
import io.atlaskv.redis.command.LocalClient;
import io.atlaskv.redis.store.SimStore;
import java.util.Locale;
import org.junit.jupiter.api.Test;

class DelRangeTest {
  /// Keys of one length: a slice then begins with a bound as long as the end it is looking for.
  @Test
  void everySliceDeletesWhatItCounts() {
    SimStore store = SimStore.create(1, Durability.OS);
    var client = new LocalClient(store);
    int keys = 3 * DelRangeCommand.SLICE_KEYS + 1;
    for (int i = 0; i <= keys; i++) {
      client.call("SET", String.format(Locale.ROOT, "k%05d", i), "v");
    }
    String last = String.format(Locale.ROOT, "k%05d", keys);
    assertEquals(":" + keys + "\r\n", client.call("DELRANGE", "-", "(" + last));
    assertEquals(":1\r\n", client.call("RANGECOUNT", "-", "+"));
    assertEquals(":1\r\n", client.call("DBSIZE"));
    store.close();
  }

  /// What client 1, who listens, gets of one call of client 0.
  private static String events(LocalClient client, String... words) {
    return client.as(0).call(words).transform(text -> text.substring(text.indexOf("\r\n") + 2));
  }

  private static String event(String name, String key) {
    String channel = "__keyevent@0__:" + name;
    return "*4\r\n$8\r\npmessage\r\n$1\r\n*\r\n$%d\r\n%s\r\n$%d\r\n%s\r\n"
        .formatted(channel.length(), channel, key.length(), key);
  }

  @Test
  void eachKeyHasItsEventIfAsked() {
    SimStore store = SimStore.create(1, Durability.OS);
    var client = new LocalClient(store);
    client.as(1).call("PSUBSCRIBE", "*");
    client.as(0).call("MSET", "a", "1", "b", "2", "c", "3", "d", "4", "e", "5");
    assertEquals("", events(client, "DELRANGE", "-", "[a"));
    client.call("CONFIG", "SET", "notify-keyspace-events", "Egx");
    client.call("SET", "c", "3", "PX", "1");
    store.sim().clock().advance(2_000_000);
    assertEquals(
        event("del", "b") + event("expired", "c") + event("del", "d"),
        events(client, "DELRANGE", "-", "[d"));
    assertEquals("", events(client, "DELRANGE", "-", "[d"));
    client.call("CONFIG", "SET", "notify-keyspace-events", "Ex");
    assertEquals("", events(client, "DELRANGE", "-", "+"));
    store.close();
  }

  @Test
  void watchedKeysAreTouchedAndThoseBesideAreNot() {
    SimStore store = SimStore.create(1, Durability.OS);
    var client = new LocalClient(store);
    client.call("MSET", "a", "1", "b", "2");
    for (String watched : new String[] {"a", "b"}) {
      client.as(0).call("WATCH", watched);
      client.as(1).call("DELRANGE", "-", "[a");
      client.as(0).call("MULTI");
      client.call("PING");
      assertEquals(watched.equals("a") ? "*-1\r\n" : "*1\r\n+PONG\r\n", client.call("EXEC"));
      client.call("SET", "a", "1");
    }
    store.close();
  }

  /// Within EXEC there are no slices: events count towards the batch.
  @Test
  void eventsOfATransactionHaveABound() {
    SimStore store = SimStore.create(1, Durability.OS);
    var client = new LocalClient(store);
    String key = "k".repeat(60_000);
    long keys = 1 + store.batchBytesMax() / key.length();
    for (int i = 0; i < keys; i++) {
      client.call("SET", key + i, "v");
    }
    client.call("CONFIG", "SET", "notify-keyspace-events", "Eg");
    client.call("MULTI");
    client.call("DELRANGE", "-", "+");
    assertTrue(client.call("EXEC").startsWith("-EXECABORT "));
    assertEquals(":" + keys + "\r\n", client.call("DBSIZE"));
    client.call("CONFIG", "SET", "notify-keyspace-events", "");
    client.call("MULTI");
    client.call("DELRANGE", "-", "+");
    assertEquals("*1\r\n:" + keys + "\r\n", client.call("EXEC"));
    store.close();
  }
}
