package io.atlaskv.redis.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.atlaskv.engine.api.Durability;
import io.atlaskv.redis.store.SimStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Reads delete the expired keys that they meet; there is no expirer here.
class LazyExpiryTest {
  private static final long MILLI = 1_000_000;

  private final SimStore store = SimStore.create(1, Durability.OS);
  private final LocalClient client = new LocalClient(store);

  @AfterEach
  void close() {
    store.close();
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void aReadDeletesAllTheExpiredKeysItMeets(boolean missesFirst) {
    if (missesFirst) {
      store.missFirst();
    }
    for (String key : new String[] {"a", "b", "c"}) {
      client.call("SET", key, "v", "PX", "10");
    }
    client.call("SET", "kept", "v");
    store.sim().clock().advance(11 * MILLI);
    assertEquals(":4\r\n", client.call("DBSIZE"));
    assertEquals(
        "*5\r\n$-1\r\n$1\r\nv\r\n$-1\r\n$-1\r\n$-1\r\n",
        client.call("MGET", "a", "kept", "b", "a", "c"));
    assertEquals(":1\r\n", client.call("DBSIZE"));
  }

  @Test
  void whatItDeletesIsBounded() {
    String[] read = new String[101];
    read[0] = "EXISTS";
    for (int i = 1; i < read.length; i++) {
      read[i] = "k" + i;
      client.call("SET", read[i], "v", "PX", "10");
    }
    store.sim().clock().advance(11 * MILLI);
    assertEquals(":0\r\n", client.call(read));
    assertEquals(":36\r\n", client.call("DBSIZE"));
    assertEquals(":0\r\n", client.call(read));
    assertEquals(":0\r\n", client.call("DBSIZE"));
  }
}
