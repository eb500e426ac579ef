package io.atlaskv.redis.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.atlaskv.engine.api.Durability;
import io.atlaskv.redis.store.SimStore;
import org.junit.jupiter.api.Test;

class ExpireConditionsTest {
  /// A key that never expires does so later than at any time there is.
  @Test
  void theLastTimeThereIsComesBeforeNever() {
    try (SimStore store = SimStore.create(1, Durability.OS)) {
      var client = new LocalClient(store);
      String last = Long.toString(Long.MAX_VALUE);
      client.call("SET", "k", "v");
      assertEquals(":0\r\n", client.call("PEXPIREAT", "k", last, "GT"));
      assertEquals(":1\r\n", client.call("PEXPIREAT", "k", last, "LT"));
      assertEquals(":" + last + "\r\n", client.call("PEXPIRETIME", "k"));
      assertEquals(":0\r\n", client.call("PEXPIREAT", "k", last, "LT"));
      assertEquals(":0\r\n", client.call("PEXPIREAT", "k", last, "GT"));
    }
  }
}
