package io.atlaskv.redis.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.atlaskv.engine.api.Durability;
import io.atlaskv.redis.store.SimStore;
import java.util.List;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.IntStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class MaxMemoryTest {
  private static final String OOM = "-OOM command not allowed when used memory > 'maxmemory'.\r\n";
  private static final long MILLIS = 1_000_000;
  private static final int KEYS = 200;
  private static final int BYTES = 10; // of each key with its value

  private final SimStore store = SimStore.create(42, Durability.OS);
  private final LocalClient client = new LocalClient(store);

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void withoutAPolicyWhatNeedsMemoryIsRefusedAndTheRestIsNot() {
    set("maxmemory", "10");
    assertEquals("+OK\r\n", client.call("SET", "ab", "12345678"));
    assertEquals(OOM, client.call("SET", "c", "d"));
    assertEquals(OOM, client.call("APPEND", "ab", "9"));
    assertEquals("$8\r\n12345678\r\n", client.call("GET", "ab"));
    assertEquals(":1\r\n", client.call("EXPIRE", "ab", "100"));
    assertEquals(":1\r\n", client.call("DEL", "ab"));
    assertEquals("+OK\r\n", client.call("SET", "c", "d"));
    set("maxmemory", "0");
    assertEquals("+OK\r\n", client.call("SET", "e", "0123456789"));
  }

  @Test
  void aTransactionIsRefusedWhenItBeginsToNeedMemoryOrRuns() {
    set("maxmemory", "4");
    client.call("SET", "a", "123");
    client.call("MULTI");
    assertEquals(OOM, client.call("GET", "a")); // as in Redis: whatever is queued needs memory
    assertThat(client.call("EXEC")).startsWith("-EXECABORT");

    set("maxmemory", "0");
    client.call("MULTI");
    assertEquals("+QUEUED\r\n", client.call("SET", "b", "1"));
    client.as(1).call("CONFIG", "SET", "maxmemory", "4");
    assertEquals(
        "-EXECABORT Transaction discarded because of: " + OOM.substring(1),
        client.as(0).call("EXEC"));
    assertEquals("-ERR EXEC without MULTI\r\n", client.call("EXEC"));

    client.call("MULTI");
    assertEquals("+OK\r\n", client.call("DISCARD"));
    assertEquals("$3\r\n123\r\n", client.call("GET", "a"));
  }

  @Test
  void aPolicyForKeysThatExpireRefusesWhenThereAreNone() {
    set("maxmemory-policy", "volatile-lru");
    set("maxmemory", "20");
    fill(2);
    assertEquals(OOM, client.call("SET", "more", "1"));
    client.call("EXPIRE", key(0), "1000");
    assertEquals("+OK\r\n", client.call("SET", "more", "1"));
    store.settle();
    assertEquals("$-1\r\n", client.call("GET", key(0)));
    assertThat(client.call("GET", key(1))).startsWith("$");
    assertEquals("$1\r\n1\r\n", client.call("GET", "more"));
  }

  @Test
  void aCommandLargerThanTheBoundIsRefusedWhateverCouldBeEvicted() {
    set("maxmemory-policy", "allkeys-random");
    fill(10);
    set("maxmemory", "100");
    assertEquals(OOM, client.call("SET", "k", "v".repeat(100)));
    assertEquals(":10\r\n", client.call("DBSIZE"));
  }

  @Test
  void aLowerBoundEvictsAtOnceAndSaysSo() {
    client.call("SELECT", "3");
    fill(KEYS);
    client.as(1).call("CONFIG", "SET", "notify-keyspace-events", "Ee");
    client.as(1).call("SUBSCRIBE", "__keyevent@3__:evicted");
    client.as(0);
    set("maxmemory-policy", "allkeys-random");
    set("maxmemory", Integer.toString(KEYS * BYTES / 2));
    store.settle();
    String heard = client.call("PING");
    assertThat(heard.split("__keyevent@3__:evicted", -1)).hasSize(KEYS / 2 + 1);
    assertEquals(":" + KEYS / 2 + "\r\n", client.call("DBSIZE"));
    assertEquals(KEYS * BYTES / 2, client.data().databases().bytes());
    assertEquals(KEYS / 2, client.data().maxMemory().evictedKeys());
  }

  @Test
  void writesWaitWhenTheyAreFarAheadOfEviction() {
    set("maxmemory-policy", "allkeys-random");
    String value = "v".repeat(100_000);
    for (int i = 0; i < 40; i++) {
      client.call("SET", key(i), value);
    }
    long bound = 1_000_000;
    set("maxmemory", Long.toString(bound)); // nobody has evicted yet: its worker has had no turn
    assertThat(client.data().databases().bytes()).isGreaterThan(4 * bound);
    client.call("SET", "more", value);
    assertThat(client.data().databases().bytes()).isLessThan(bound + (1 << 20) + 2 * 100_000);
    store.settle();
    assertThat(client.data().databases().bytes()).isLessThanOrEqualTo(bound);
  }

  @Test
  void whatWasReadLatelyStays() {
    set("maxmemory-policy", "allkeys-lru");
    set("maxmemory-samples", "64"); // chance has no say
    fill(KEYS);
    store.flush(); // they are drawn from a table
    pass(10_000);
    List<Integer> hot = IntStream.range(0, KEYS).filter(i -> i % 10 == 0).boxed().toList();
    hot.forEach(i -> client.call("GET", key(i)));
    pass(1_000);
    IntStream.range(0, KEYS).forEach(i -> client.call("TTL", key(i))); // no use of them
    set("maxmemory", Integer.toString(KEYS * BYTES / 2));
    store.settle();
    assertEquals(":" + KEYS / 2 + "\r\n", client.call("DBSIZE"));
    assertThat(hot).allMatch(i -> client.call("EXISTS", key(i)).equals(":1\r\n"));
  }

  @Test
  void whatIsReadOftenStays() {
    set("maxmemory-policy", "allkeys-lfu");
    set("lfu-log-factor", "0"); // each use counts
    set("maxmemory-samples", "64"); // chance has no say
    fill(KEYS);
    for (int use = 0; use < 20; use++) {
      for (int i = 0; i < KEYS; i += 10) {
        client.call("GET", key(i));
      }
    }
    IntStream.range(0, KEYS).forEach(i -> client.call("GET", key(i))); // all of them, last
    // a counter is lost when another key takes its place, which the hash of this process decides
    List<String> often = withFrequency(26);
    assertThat(often).hasSizeBetween(KEYS / 10 - 3, KEYS / 10);
    assertThat(withFrequency(6)).hasSizeBetween(KEYS - KEYS / 10 - 6, KEYS - KEYS / 10);
    assertThat(client.call("OBJECT", "IDLETIME", key(0))).startsWith("-ERR An LFU");
    set("maxmemory", Integer.toString(KEYS * BYTES / 2));
    store.settle();
    for (String key : often) {
      assertEquals(":1\r\n", client.call("EXISTS", key));
    }
    pass(10 * 60_000);
    assertEquals(":16\r\n", client.call("OBJECT", "FREQ", often.getFirst()));
  }

  private List<String> withFrequency(int frequency) {
    return IntStream.range(0, KEYS)
        .mapToObj(MaxMemoryTest::key)
        .filter(key -> client.call("OBJECT", "FREQ", key).equals(":" + frequency + "\r\n"))
        .toList();
  }

  @Test
  void whatExpiresFirstGoesFirst() {
    set("maxmemory-policy", "volatile-ttl");
    set("maxmemory-samples", "64");
    fill(KEYS);
    for (int i = 0; i < 100; i++) {
      client.call("EXPIRE", key(i), Integer.toString(1_000 + i));
    }
    set("maxmemory", Integer.toString((KEYS - 20) * BYTES));
    store.settle();
    assertEquals(":" + (KEYS - 20) + "\r\n", client.call("DBSIZE"));
    for (int i = 60; i < KEYS; i++) {
      assertEquals(":1\r\n", client.call("EXISTS", key(i)));
    }
  }

  @Test
  void aKeyThatIsWatchedAndEvictedFailsItsTransaction() {
    set("maxmemory-policy", "allkeys-random");
    fill(1);
    client.call("WATCH", key(0));
    client.call("MULTI");
    client.call("PING");
    client.as(1).call("CONFIG", "SET", "maxmemory", "1");
    store.settle();
    assertEquals("*-1\r\n", client.as(0).call("EXEC"));
  }

  @Test
  void aReadThatFailsLeavesNoLatchTaken() {
    Logger logger = Logger.getLogger(Evictor.class.getName());
    logger.setLevel(Level.OFF);
    try {
      set("maxmemory-policy", "allkeys-lru");
      boolean hasFailed = true;
      for (int nth = 1; hasFailed; nth++) {
        set("maxmemory", "0");
        fill(KEYS);
        store.failGet(nth);
        set("maxmemory", Integer.toString((KEYS - 2) * BYTES));
        store.settle();
        hasFailed = !store.hasGetToFail();
        store.failGet(0);
        for (int latch = 0; latch < Latches.COUNT; latch++) {
          assertFalse(client.data().latches().isTaken(latch));
        }
        client.call("SET", key(0), "1"); // has it go on
        store.settle();
        assertThat(client.data().databases().bytes()).isLessThanOrEqualTo((KEYS - 2) * BYTES);
      }
    } finally {
      logger.setLevel(null);
    }
  }

  private void set(String name, String value) {
    assertEquals("+OK\r\n", client.call("CONFIG", "SET", name, value));
  }

  private void fill(int count) {
    for (int i = 0; i < count; i++) {
      client.call("SET", key(i), "v".repeat(BYTES - key(i).length()));
    }
  }

  private static String key(int i) {
    return "k" + i;
  }

  /// What was written until now is known to be older than what comes.
  private void pass(int millis) {
    store.sim().clock().advance(1_000 * MILLIS); // notes are half a second apart
    note();
    store.sim().clock().advance(millis * MILLIS);
    note();
  }

  private void note() {
    client.data().accessTimes().note(store.visibleSequence(), store.clock().currentTimeMillis());
  }
}
