package io.atlaskv.redis.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.atlaskv.engine.api.Durability;
import io.atlaskv.redis.data.WatchList;
import io.atlaskv.redis.store.SimStore;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class TransactionTest {
  private final SimStore store = SimStore.create(1, Durability.OS);
  private final LocalClient client = new LocalClient(store);

  @AfterEach
  void close() {
    if (store.failure() == null) { // else there is no disk that it could be closed on
      store.close();
    }
  }

  @Test
  void changesLargerThanTheStoreTakesAtOnceAreNotMade() {
    String value = "v".repeat((int) Math.min(8 << 20, store.batchBytesMax() / 3));
    client.call("MULTI");
    for (int i = 0; i < 4; i++) {
      assertEquals("+QUEUED\r\n", client.call("SET", "k" + i, value));
    }
    assertThat(client.call("EXEC"))
        .startsWith("-EXECABORT Transaction discarded because of: ")
        .contains("limit");
    assertEquals(":0\r\n", client.call("DBSIZE"));
    assertEquals("-ERR EXEC without MULTI\r\n", client.call("EXEC"));
  }

  @Test
  void watchedKeysOfAllClientsTakeNoMoreThanTheirShareOfTheHeap() {
    int keys = 64;
    String filler = "x".repeat(60_000);
    var watched = client.data().watchedKeys();
    int clients = 0;
    while (watched.hasRoomFor(WatchList.bytes(keys, 60_006L * keys))) {
      String[] watch = new String[keys + 1];
      watch[0] = "WATCH";
      for (int i = 1; i <= keys; i++) {
        watch[i] = filler + (100_000 + i);
      }
      assertEquals("+OK\r\n", client.as(clients++).call(watch));
    }
    assertThat(watched.heldBytes()).isGreaterThanOrEqualTo(60_006L * clients * keys);
    client.as(clients);
    while (watched.hasRoomFor(WatchList.bytes(1, 60_000))) { // fewer than `keys` times
      client.call("WATCH", "y".repeat(59_990) + (1_000_000_000 + watched.heldBytes()));
    }
    String tooMany = "z".repeat(60_000);
    assertEquals(
        "-ERR no room for further watched keys: those of all clients take their share of the heap"
            + "\r\n",
        client.as(clients + 1).call("WATCH", tooMany));
    client.call("MULTI");
    assertEquals("*0\r\n", client.call("EXEC"));
    client.as(0).call("UNWATCH");
    assertEquals("+OK\r\n", client.as(clients + 1).call("WATCH", tooMany));
    client.as(0).call("SET", tooMany, "v");
    client.as(clients + 1).call("MULTI");
    assertEquals("*-1\r\n", client.call("EXEC"));
    for (int i = 0; i <= clients; i++) {
      client.as(i).call("UNWATCH");
    }
    assertThat(watched.heldBytes()).isZero();
  }

  @Test
  void aBitfieldThatStaysAsItWasTouchesNoWatch() {
    client.call("BITFIELD", "k", "SET", "u8", "0", "7");
    long before = store.visibleSequence();
    client.call("WATCH", "k");
    assertEquals(
        "*3\r\n:7\r\n:7\r\n$-1\r\n",
        client.call(
            "BITFIELD",
            "k",
            "SET",
            "u8",
            "0",
            "7",
            "INCRBY",
            "u8",
            "0",
            "0",
            "OVERFLOW",
            "FAIL",
            "INCRBY",
            "u8",
            "0",
            "255"));
    assertEquals(before, store.visibleSequence());
    client.call("MULTI");
    assertEquals("+QUEUED\r\n", client.call("STRLEN", "k"));
    assertEquals("*1\r\n:1\r\n", client.call("EXEC"));
  }

  @Test
  void allCommandsSeeOneTime() {
    client.call("MULTI");
    for (int i = 0; i < 300; i++) { // on a worker
      client.call("SET", "k", "v", "PX", "1");
      client.call("PTTL", "k");
    }
    assertEquals("*600\r\n" + "+OK\r\n:1\r\n".repeat(300), client.call("EXEC"));
  }

  @Test
  void infoCountsWhatTheTransactionHasWritten() {
    client.call("SET", "a", "1");
    client.call("MULTI");
    client.call("SET", "b", "2", "EX", "100");
    client.call("INFO", "keyspace");
    client.call("FLUSHDB");
    client.call("INFO", "keyspace");
    assertThat(client.call("EXEC"))
        .containsOnlyOnce("db0:")
        .contains("db0:keys=2,expires=1,avg_ttl=0\r\n");
  }

  @Test
  void slicesOfOneCommandAreOneChange() {
    for (int i = 0; i < 2_500; i++) {
      client.call("SET", String.format("k%04d", i), "v");
    }
    long before = store.visibleSequence();
    client.call("MULTI");
    client.call("SET", "k0000a", "new");
    client.call("DELRANGE", "-", "[k2400");
    client.call("DBSIZE");
    client.call("RANGE", "-", "[k2401");
    client.call("SET", "k0001", "again");
    assertEquals(
        "*5\r\n+OK\r\n:2402\r\n:99\r\n*2\r\n$-1\r\n*1\r\n$5\r\nk2401\r\n+OK\r\n",
        client.call("EXEC"));
    assertEquals(":100\r\n", client.call("DBSIZE"));
    long changes = store.visibleSequence() - before;
    assertThat(changes).as("two puts, and range tombstones of 1,000 keys each").isLessThan(8);
  }

  @Test
  void aRunThatIsDroppedLeavesTheDatabaseAndTheProtocolAlone() {
    client.call("SELECT", "3");
    client.call("SET", "x", "three");
    client.call("SELECT", "0");
    store.missFirst();
    client.call("MULTI");
    client.call("GET", "x");
    client.call("SELECT", "3");
    client.call("HELLO", "3");
    client.call("GET", "x");
    client.call("GET", "none");
    client.call("EXEC");
    client.call("HELLO", "2");
    client.call("SELECT", "0");
    client.call("MULTI");
    client.call("GET", "x");
    client.call("SELECT", "3");
    client.call("GET", "x");
    client.call("SELECT", "0");
    client.call("GET", "y");
    assertEquals("*5\r\n$-1\r\n+OK\r\n$5\r\nthree\r\n+OK\r\n$-1\r\n", client.call("EXEC"));
    assertEquals("$-1\r\n", client.call("GET", "x"), "database 0 again");
  }

  @Test
  void writesAreRefusedAndTransactionsOfReadsStillRunWhenTheStoreHasFailed() {
    client.call("SET", "a", "1");
    store.writeLog();
    client.as(1).call("MULTI");
    client.as(1).call("SET", "a", "2");
    store.afterPowerCut(1).close(); // this one has no disk any more
    client.as(0).call("SET", "b", "1");
    store.writeLog();
    assertThat(client.as(1).call("EXEC"))
        .startsWith("-EXECABORT Transaction discarded because of: MISCONF");
    client.as(1).call("MULTI");
    assertThat(client.as(1).call("SET", "a", "3")).startsWith("-MISCONF");
    assertEquals(Errors.EXEC_ABORT, client.as(1).call("EXEC").strip().substring(1));
    client.as(1).call("MULTI");
    client.as(1).call("GET", "a");
    assertEquals("*1\r\n$1\r\n1\r\n", client.as(1).call("EXEC"));
  }

  @Test
  void exchangedDatabasesTouchTheKeysThatOneOfThemHas() {
    client.as(0).call("SET", "x", "zero");
    client.as(1).call("WATCH", "x");
    client.as(2).call("SELECT", "1");
    client.as(2).call("WATCH", "x");
    client.as(3).call("WATCH", "none");
    client.as(0).call("SWAPDB", "0", "1");
    for (int number = 1; number <= 3; number++) {
      client.as(number).call("MULTI");
      String expected = number == 3 ? "*0\r\n" : "*-1\r\n";
      assertEquals(expected, client.as(number).call("EXEC"), "client " + number);
    }
  }

  /// A database that is emptied moves, and its watched keys with it.
  @Test
  void aWatchGoesWithItsDatabase() {
    client.as(0).call("SELECT", "1");
    client.as(0).call("SET", "x", "one");
    client.as(0).call("SELECT", "0");
    client.as(1).call("WATCH", "x");
    client.as(2).call("WATCH", "none");
    client.as(0).call("FLUSHALL");
    client.as(1).call("MULTI");
    assertEquals("*0\r\n", client.as(1).call("EXEC"), "x of database 0 was not there");
    client.as(0).call("SET", "other", "1");
    client.as(0).call("FLUSHDB");
    client.as(0).call("SET", "none", "now");
    client.as(2).call("MULTI");
    assertEquals("*-1\r\n", client.as(2).call("EXEC"), "it was watched where its database is now");
  }
}
