package io.atlaskv.redis.command;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.api.Durability;
import io.atlaskv.engine.api.StorageException;
import io.atlaskv.redis.data.ExpiryCheck;
import io.atlaskv.redis.data.FragmentCheck;
import io.atlaskv.redis.store.SimStore;
import java.util.BitSet;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ExpirerTest {
  private static final long SEED = 42;
  private static final int FRAGMENTS_OF_LARGE = 13; // of 8,064 bytes

  private final SimStore store = SimStore.create(SEED, Durability.OS);
  private final LocalClient client = new LocalClient(store);
  private final Expirer expirer = new Expirer(client.data());

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void whatIsDueGoesInOrderOfTimeAndWhatIsNotStays() {
    for (int i = 0; i < 1_000; i++) {
      client.call("SET", "k" + i, "v", "PX", Integer.toString(1_000 + i));
    }
    wait(1_500);
    assertEquals(501, pass());
    assertEquals(":499\r\n", client.call("DBSIZE"));
    wait(500);
    pass();
    assertEquals(":0\r\n", client.call("DBSIZE"));
  }

  @Test
  void keysOfManyPassesAreAllFound() {
    for (int pass = 0; pass < 50; pass++) {
      client.call("SET", "a" + pass, "v", "PX", "30");
      client.call("SET", "b" + pass, "v", "PX", "90");
      wait(100);
      assertEquals(2, pass());
    }
  }

  @Test
  void aRowBeforeThePositionIsFoundByThePassOverEverything() {
    client.call("SET", "early", "v", "PX", "1");
    client.call("SET", "much later", "v", "EX", "1000");
    wait(5_000);
    assertEquals(1, pass());
    store.sim().clock().jumpWall(-1_000);
    client.call("SET", "late", "v", "PX", "1");
    store.sim().clock().jumpWall(1_000); // no pass has seen the clock set back
    assertEquals(0, pass());
    assertEquals(":2\r\n", client.call("DBSIZE"));
    wait(60_000);
    assertEquals(1, pass());
    assertEquals(":1\r\n", client.call("DBSIZE"));
  }

  @Test
  void aClockThatIsSetBackBeginsAnew() {
    client.call("SET", "a", "v", "PX", "1");
    wait(5_000);
    assertEquals(1, pass());
    store.sim().clock().jumpWall(-3_600_000);
    client.call("SET", "b", "v", "PX", "1");
    wait(5);
    assertEquals(1, pass());
  }

  @Test
  void aSweepTakesWhatIsDueAndNothingElse() {
    String large = "x".repeat(100_000);
    for (int i = 0; i < 3_000; i++) {
      client.call(
          "SET", "k" + i, i % 100 == 1 ? large : "v", "PX", Integer.toString(1_000 + i % 7));
    }
    client.call("SET", "later", "v", "PX", "2000");
    client.call("SET", "never", "v");
    for (int i = 0; i < 3_000; i += 10) {
      client.call(i % 20 == 0 ? "PERSIST" : "DEL", "k" + i);
    }
    assertEquals(30 * FRAGMENTS_OF_LARGE, FragmentCheck.check(store, namespace(), ""));
    wait(1_500);
    assertEquals(2_700, pass());
    assertEquals(":152\r\n", client.call("DBSIZE"));
    assertEquals(1, ExpiryCheck.check(store, namespace(), ""));
    assertEquals(0, FragmentCheck.check(store, namespace(), ""));
    wait(1_000);
    assertEquals(1, pass());
  }

  @Test
  void aRowBeforeASweepIsNotLost() {
    client.call("SET", "early", "v", "PX", "1");
    wait(10);
    assertEquals(1, pass());
    for (int i = 0; i < 500; i++) {
      client.call("SET", "k" + i, "v", "PX", "1000");
    }
    wait(2_000);
    assertEquals(Expirer.Next.SOON, expirer.slice()); // of 128: the next ones sweep
    store.sim().clock().jumpWall(-1_500);
    client.call("SET", "late", "v", "PX", "1");
    store.sim().clock().jumpWall(1_500);
    assertEquals(500 - 128, pass());
    assertEquals(1, ExpiryCheck.check(store, namespace(), ""));
    wait(60_000);
    assertEquals(1, pass());
    assertEquals(0, ExpiryCheck.check(store, namespace(), ""));
  }

  @Test
  void whileAWriterHoldsALatchKeysGoWithoutSweeps() {
    var free = new BitSet();
    free.set(0, Latches.COUNT);
    for (int i = 0; i < 1_000; i++) {
      client.call("SET", "k" + i, "v", "PX", "1");
      free.clear(HashSlot.ofRow(("k" + i).getBytes(US_ASCII), 0) & (Latches.COUNT - 1));
    }
    wait(10);
    var writer = new LatchSet(client.data().latches());
    writer.add(free.nextSetBit(0));
    assertTrue(writer.tryTakeAll());
    assertEquals(1_000, pass());
    writer.release();
    assertEquals(0, ExpiryCheck.check(store, namespace(), ""));
  }

  /// Whichever read it is, of a slice by latches of keys or of a sweep.
  @Test
  void aReadThatFailsLeavesNoLatchTakenAndNothingHalfDone() {
    String large = "x".repeat(100_000); // that a sweep reads
    boolean hasFailed = true;
    for (int nth = 1; hasFailed; nth++) {
      for (int i = 0; i < 200; i++) {
        client.call("SET", "k" + i, i % 80 == 79 ? large : "v", "PX", "1000");
      }
      wait(1_500);
      long before = client.data().expiredKeys();
      store.failGet(nth);
      var ofThisRound = new Expirer(client.data()); // its first slice goes by latches of keys
      hasFailed = isFailing(ofThisRound);
      store.failGet(0);
      for (int latch = 0; latch < Latches.COUNT; latch++) {
        assertFalse(client.data().latches().isTaken(latch));
      }
      pass(ofThisRound);
      assertEquals(200, client.data().expiredKeys() - before, "failed at " + nth);
      assertEquals(":0\r\n", client.call("DBSIZE"));
      assertEquals(0, ExpiryCheck.check(store, namespace(), ""));
      assertTrue(hasFailed || nth > 128, "nothing failed at " + nth);
    }
  }

  private boolean isFailing(Expirer some) {
    try {
      pass(some);
      return false;
    } catch (StorageException _) {
      return true;
    }
  }

  private int namespace() {
    return client.data().databases().namespace(0);
  }

  private void wait(int millis) {
    store.sim().clock().advance(millis * 1_000_000L);
  }

  /// How many keys it deletes until nothing is due.
  private long pass() {
    return pass(expirer);
  }

  private long pass(Expirer some) {
    long before = client.data().expiredKeys();
    for (var next = some.slice(); next != Expirer.Next.PAUSE; next = some.slice()) {
      if (next == Expirer.Next.FETCH) {
        var isFetched = new AtomicBoolean();
        some.fetch(() -> isFetched.set(true));
        while (!isFetched.get()) { // no `settle`: it lets time pass
          store.sim().scheduler().step();
        }
      }
    }
    return client.data().expiredKeys() - before;
  }
}
