package io.atlaskv.redis.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.atlaskv.engine.api.Durability;
import io.atlaskv.redis.store.SimStore;
import org.junit.jupiter.api.Test;

class MemoryUsageTest {
  private static final int ROW_BYTES = 5 + 8; // namespace and type, sequence number
  private static final int FRAGMENT_BYTES = 8 * 1024 - 128;
  private static final int FRAGMENT_ROW_BYTES = 17 + 8;

  private final LocalClient client = new LocalClient(SimStore.create(1, Durability.OS));

  private long usage(String... arguments) {
    String[] request = new String[arguments.length + 2];
    request[0] = "MEMORY";
    request[1] = "USAGE";
    System.arraycopy(arguments, 0, request, 2, arguments.length);
    String reply = client.call(request);
    return Long.parseLong(reply.substring(1).strip());
  }

  @Test
  void aShortStringIsOneRow() {
    client.call("SET", "key", "");
    long empty = usage("key");
    client.call("SET", "key", "x".repeat(1000));
    assertEquals(empty + 1000, usage("key"));
    client.call("SET", "longer-key", "");
    assertEquals(empty + "longer-key".length() - "key".length(), usage("longer-key"));
  }

  @Test
  void anExpiryIsARowOfItsOwn() {
    client.call("SET", "key", "value");
    long before = usage("key");
    client.call("PEXPIRE", "key", "100000");
    assertEquals(before + ROW_BYTES + Long.BYTES + "key".length() + Integer.BYTES, usage("key"));
    client.call("PERSIST", "key");
    assertEquals(before, usage("key"));
  }

  @Test
  void fragmentsThatWereNeverWrittenTakeNothing() {
    client.call("SETRANGE", "key", Integer.toString(100 * FRAGMENT_BYTES - 1), "x");
    long sparse = usage("key", "SAMPLES", "0");
    client.call("SETRANGE", "key", "0", "y".repeat(FRAGMENT_BYTES));
    assertEquals(
        sparse + FRAGMENT_ROW_BYTES + FRAGMENT_BYTES, usage("key", "SAMPLES", "0"), "one more");
  }

  @Test
  void samplesStandForAllFragments() {
    client.call("SET", "key", "x".repeat(100 * FRAGMENT_BYTES));
    long all = usage("key", "SAMPLES", "0");
    assertEquals(100L * (FRAGMENT_ROW_BYTES + FRAGMENT_BYTES), all - metadata());
    assertEquals(all, usage("key"));
    assertEquals(all, usage("key", "SAMPLES", "7"));
    assertEquals(all, usage("key", "SAMPLES", "1000000"));
  }

  /// What is not in fragments of the long string called `key`.
  private long metadata() {
    client.call("SET", "yek", "");
    return usage("yek") + 20; // id, length and size of fragments
  }
}
