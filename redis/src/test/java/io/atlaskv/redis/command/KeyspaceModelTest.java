package io.atlaskv.redis.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.atlaskv.engine.api.Durability;
import io.atlaskv.redis.data.Databases;
import io.atlaskv.redis.data.ExpiryCheck;
import io.atlaskv.redis.store.SimStore;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// Random commands against a sorted map with times, under a clock that jumps forward; the counters
/// behind DBSIZE and the expiry index must agree with it at every step.
class KeyspaceModelTest {
  private static final long SEED = Long.getLong("atlaskv.seed", 42);
  private static final String REPRO = "rerun: -Dtest=KeyspaceModelTest -Datlaskv.seed=" + SEED;
  private static final long NANOS_PER_MILLI = 1_000_000;

  private record Value(String text, long expiresAt) {}

  private final Random random = new Random(SEED);
  private final TreeMap<String, Value> model = new TreeMap<>();
  private final SimStore store = SimStore.create(SEED, Durability.OS);
  private final LocalClient client = new LocalClient(store);
  private final Expirer expirer = new Expirer(client.data(), 2, 5); // so that it often sweeps

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void randomCommandsMatchTheModel(boolean missesFirst) {
    if (missesFirst) {
      store.missFirst();
    }
    for (int step = 0; step < 3_000; step++) {
      step(step);
      if (step % 50 == 0) {
        check();
      }
    }
    check();
    store.close();
  }

  @Test
  void countersSurviveAPowerCut() {
    for (int step = 0; step < 500; step++) {
      step(step);
    }
    store.writeLog();
    store.requestSync();
    store.settle();
    SimStore left = store.afterPowerCut(SEED);
    left.sim().clock().jumpWall(now() - left.clock().currentTimeMillis()); // its clock starts anew
    var databases = Databases.open(left);
    expireModel();
    var reopened = new LocalClient(left);
    var drained = new Expirer(reopened.data(), 2, 5);
    drain(drained, left);
    assertEquals(model.size(), databases.keys(0), REPRO);
    long expiring = model.values().stream().filter(value -> value.expiresAt != 0).count();
    assertEquals(expiring, databases.expiring(0), REPRO);
    assertEquals(bytes(), databases.bytes(), REPRO);
    left.close();
  }

  /// What the model says is asked after each call: one that waits for blocks runs at a later time.
  private void step(int step) {
    String key = "k" + random.nextInt(40); // few keys: they must collide
    String value = Integer.toString(step);
    switch (random.nextInt(12)) {
      case 0, 1, 2 -> {
        assertEquals("+OK\r\n", client.call("SET", key, value));
        model.put(key, new Value(value, 0));
      }
      case 3 -> {
        long life = 1L + random.nextInt(500);
        assertEquals("+OK\r\n", client.call("SET", key, value, "PX", Long.toString(life)));
        model.put(key, new Value(value, now() + life));
      }
      case 4 -> {
        long life = random.nextInt(500) - 50L;
        String reply = client.call("PEXPIRE", key, Long.toString(life));
        Value old = live(key);
        assertEquals(old == null ? ":0\r\n" : ":1\r\n", reply, REPRO);
        if (old != null && life > 0) {
          model.put(key, new Value(old.text, now() + life));
        } else {
          model.remove(key);
        }
      }
      case 5 -> {
        String reply = client.call("DEL", key);
        assertEquals(live(key) == null ? ":0\r\n" : ":1\r\n", reply, REPRO);
        model.remove(key);
      }
      case 6 -> {
        String reply = client.call("GET", key);
        Value old = live(key);
        assertEquals(old == null ? "$-1\r\n" : bulk(old.text), reply, REPRO);
      }
      case 7 -> {
        client.call("PERSIST", key);
        Value old = live(key);
        if (old != null) {
          model.put(key, new Value(old.text, 0));
        }
      }
      case 8 -> {
        String reply = client.call("INCR", key);
        Value old = live(key);
        long next = old == null ? 1 : Long.parseLong(old.text) + 1;
        assertEquals(":" + next + "\r\n", reply, REPRO);
        model.put(key, new Value(Long.toString(next), old == null ? 0 : old.expiresAt));
      }
      case 9 -> {
        String other = "k" + random.nextInt(40);
        client.call("MSET", key, value, other, value, key, "7");
        model.put(other, new Value(value, 0));
        model.put(key, new Value("7", 0));
      }
      case 10 -> store.sim().clock().advance(random.nextInt(100) * NANOS_PER_MILLI);
      default -> {
        if (random.nextInt(20) == 0) {
          String reply = client.call("DELRANGE", "[k1", "(k3");
          expireModel();
          Map<String, Value> range = model.subMap("k1", "k3");
          assertEquals(":" + range.size() + "\r\n", reply, REPRO);
          range.clear();
        } else if (random.nextInt(100) == 0) {
          client.call("FLUSHDB");
          model.clear();
        }
      }
    }
  }

  /// After the expirer has done its work all counts are exact.
  private void check() {
    drain(expirer, store);
    expireModel();
    drain(expirer, store); // what has come due while the first one waited
    var keys = new StringBuilder("*2\r\n$-1\r\n*" + model.size() + "\r\n");
    model.keySet().forEach(key -> keys.append(bulk(key)));
    assertEquals(keys.toString(), client.call("RANGE", "-", "+"), REPRO);
    assertEquals(":" + model.size() + "\r\n", client.call("DBSIZE"), REPRO);
    long expiring = model.values().stream().filter(value -> value.expiresAt != 0).count();
    assertEquals(expiring, client.data().databases().expiring(0), REPRO);
    int namespace = client.data().databases().namespace(0);
    assertEquals(expiring, ExpiryCheck.check(store, namespace, REPRO), REPRO);
    assertEquals(bytes(), client.data().databases().bytes(), REPRO);
  }

  private long bytes() {
    return model.entrySet().stream()
        .mapToLong(entry -> entry.getKey().length() + entry.getValue().text.length())
        .sum();
  }

  private static void drain(Expirer expirer, SimStore store) {
    Expirer.Next next = expirer.slice();
    while (next != Expirer.Next.PAUSE) {
      if (next == Expirer.Next.FETCH) {
        expirer.fetch(() -> {});
        store.settle();
      }
      next = expirer.slice();
    }
  }

  private long now() {
    return store.clock().currentTimeMillis();
  }

  private Value live(String key) {
    expireModel();
    return model.get(key);
  }

  private void expireModel() {
    long now = now();
    model.values().removeIf(value -> value.expiresAt != 0 && value.expiresAt <= now);
  }

  private static String bulk(String text) {
    return "$" + text.length() + "\r\n" + text + "\r\n";
  }
}
