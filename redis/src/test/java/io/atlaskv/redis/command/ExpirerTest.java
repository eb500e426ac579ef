package io.atlaskv.redis.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.atlaskv.engine.api.Durability;
import io.atlaskv.redis.store.SimStore;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ExpirerTest {
  private static final long SEED = 42;

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

  private void wait(int millis) {
    store.sim().clock().advance(millis * 1_000_000L);
  }

  /// How many keys it deletes until nothing is due.
  private long pass() {
    long before = client.data().expiredKeys();
    for (var next = expirer.slice(); next != Expirer.Next.PAUSE; next = expirer.slice()) {
      if (next == Expirer.Next.FETCH) {
        var isFetched = new AtomicBoolean();
        expirer.fetch(() -> isFetched.set(true));
        while (!isFetched.get()) { // no `settle`: it lets time pass
          store.sim().scheduler().step();
        }
      }
    }
    return client.data().expiredKeys() - before;
  }
}
