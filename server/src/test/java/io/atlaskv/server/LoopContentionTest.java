package io.atlaskv.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.stream.IntStream;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.JedisPubSub;
import redis.clients.jedis.Response;
import redis.clients.jedis.params.SetParams;

/// Many connections on few keys, served by four loops on real threads and sockets. Who wins is left
/// to chance; what was answered must add up in any case.
@Timeout(60)
class LoopContentionTest {
  private static final int LOOPS = 4;
  private static final int CLIENTS = 8; // two for each loop, in turn
  private static final int BATCH = 16; // commands in one pipeline

  @TempDir Path directory;

  private AtlasServer server;

  @BeforeEach
  void start() throws IOException {
    server = AtlasServer.start(TestSettings.of(directory, LOOPS), "test");
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  /// What one client does, on a connection of its own.
  private interface Client<T> {
    T run(Jedis jedis, int number);
  }

  /// Runs clients that begin together; their answers in the order of their numbers. If one fails,
  /// all end, so that none waits for what that one was to do.
  private <T> List<T> inParallel(int clients, Client<T> client) throws Exception {
    var start = new CyclicBarrier(clients);
    var failure = new AtomicReference<Throwable>();
    try (var pool = Executors.newFixedThreadPool(clients)) {
      var tasks = new ArrayList<Callable<T>>();
      for (int i = 0; i < clients; i++) {
        int number = i;
        tasks.add(() -> {
          try (var jedis = TestClient.of(server)) {
            jedis.ping();
            start.await();
            return client.run(jedis, number);
          } catch (Throwable e) {
            if (failure.compareAndSet(null, e)) {
              pool.shutdownNow(); // interrupts those that wait for each other
              server.close();
            }
            throw e;
          }
        });
      }
      List<Future<T>> results = pool.invokeAll(tasks);
      if (failure.get() != null) {
        throw new AssertionError("a client failed", failure.get());
      }
      var answers = new ArrayList<T>();
      for (Future<T> done : results) {
        answers.add(done.get());
      }
      return answers;
    }
  }

  /// Pipelined, so that loops run into each other's latches within a turn.
  @Test
  void everyIncrementCountsOnce() throws Exception {
    int keys = 2;
    int each = 1_600;
    List<List<Long>> answers =
        inParallel(
            CLIENTS,
            (jedis, number) -> {
              var counts = new ArrayList<Long>();
              for (int i = 0; i < each; i += BATCH) {
                var pipeline = jedis.pipelined();
                List<Response<Long>> sent =
                    IntStream.range(i, i + BATCH)
                        .mapToObj(n -> pipeline.incr("n" + n % keys))
                        .toList();
                pipeline.sync();
                sent.forEach(reply -> counts.add(reply.get()));
              }
              return counts;
            });
    for (int key = 0; key < keys; key++) {
      var seen = new HashSet<Long>();
      for (List<Long> counts : answers) {
        long last = 0;
        for (int i = key; i < counts.size(); i += keys) {
          assertTrue(counts.get(i) > last, "a client saw a counter go back");
          last = counts.get(i);
          assertTrue(seen.add(last), "two increments were answered " + last);
        }
      }
      assertEquals(CLIENTS * each / keys, seen.size());
      try (var jedis = TestClient.of(server)) {
        assertEquals(Long.toString(seen.size()), jedis.get("n" + key));
      }
    }
  }

  /// Publishers and subscribers on all loops: each subscriber gets every message of each publisher,
  /// once and in order, and each PUBLISH says how many got it.
  @Test
  void messagesOfOnePublisherArriveInOrderEverywhere() throws Exception {
    int publishers = CLIENTS / 2;
    int each = 2_000;
    var subscribed = new CountDownLatch(CLIENTS - publishers);
    List<List<String>> answers =
        inParallel(
            CLIENTS,
            (jedis, number) -> {
              if (number < publishers) {
                var listener = new Collector(subscribed, publishers * each);
                jedis.subscribe(listener, "channel");
                return listener.messages;
              }
              await(subscribed);
              for (int i = 0; i < each; i += BATCH) {
                var pipeline = jedis.pipelined();
                List<Response<Long>> sent =
                    IntStream.range(i, i + BATCH)
                        .mapToObj(n -> pipeline.publish("channel", number + ":" + n))
                        .toList();
                pipeline.sync();
                sent.forEach(reply -> assertEquals(CLIENTS - publishers, reply.get()));
              }
              return List.of();
            });
    for (List<String> messages : answers.subList(0, publishers)) {
      var next = new int[CLIENTS];
      for (String message : messages) {
        int publisher = message.charAt(0) - '0';
        assertEquals(publisher + ":" + next[publisher]++, message);
      }
      assertEquals(publishers * each, messages.size());
    }
  }

  private static void await(CountDownLatch latch) {
    try {
      latch.await();
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }

  /// Listens until it has so many messages.
  private static final class Collector extends JedisPubSub {
    private final List<String> messages = new ArrayList<>();
    private final CountDownLatch subscribed;
    private final int wanted;

    Collector(CountDownLatch subscribed, int wanted) {
      this.subscribed = subscribed;
      this.wanted = wanted;
    }

    @Override
    public void onSubscribe(String channel, int count) {
      subscribed.countDown();
    }

    @Override
    public void onMessage(String channel, String message) {
      messages.add(message);
      if (messages.size() == wanted) {
        unsubscribe();
      }
    }
  }

  /// SET with NX as a lock, DEL as its release: never two at a time inside, and as many releases as
  /// locks.
  @Test
  void oneAtATimeHoldsALockMadeOfSetNx() throws Exception {
    var inside = new AtomicInteger();
    int each = 50;
    List<Integer> taken =
        inParallel(
            CLIENTS,
            (jedis, number) -> {
              int locks = 0;
              String me = "client " + number;
              while (locks < each) {
                if (jedis.set("lock", me, SetParams.setParams().nx().px(60_000)) != null) {
                  assertEquals(1, inside.incrementAndGet());
                  assertEquals(me, jedis.get("lock"));
                  assertEquals(1, jedis.pexpire("lock", 50_000));
                  inside.decrementAndGet();
                  assertEquals(1, jedis.del("lock"));
                  locks++;
                }
              }
              return locks;
            });
    assertThat(taken).containsOnly(each);
    try (var jedis = TestClient.of(server)) {
      assertEquals(0, jedis.dbSize());
    }
  }

  /// Each value but the last is the old value of exactly one SET with GET: no write is lost between
  /// what it has read and what it has written.
  @Test
  void everyValueIsReplacedOnce() throws Exception {
    int each = 150;
    List<List<String>> answers =
        inParallel(
            CLIENTS,
            (jedis, number) -> {
              var replaced = new ArrayList<String>();
              for (int i = 0; i < each; i++) {
                String old = jedis.setGet("k", number + ":" + i);
                replaced.add(old == null ? "none" : old);
              }
              return replaced;
            });
    List<String> replaced = answers.stream().flatMap(List::stream).toList();
    var all =
        IntStream.range(0, CLIENTS)
            .boxed()
            .flatMap(c -> IntStream.range(0, each).mapToObj(i -> c + ":" + i));
    try (var jedis = TestClient.of(server)) {
      assertThat(Stream.concat(replaced.stream(), Stream.of(jedis.get("k"))).sorted())
          .containsExactlyElementsOf(Stream.concat(all, Stream.of("none")).sorted().toList());
    }
  }

  /// A key is made by NX, changed by XX, deleted by DEL: the number of keys follows the answers.
  @Test
  void makingAndDeletingAddUp() throws Exception {
    List<String> keys = List.of("a", "b", "c");
    int each = 600;
    List<long[]> balances =
        inParallel(
            CLIENTS,
            (jedis, number) -> {
              var random = new Random(number);
              long[] balance = new long[keys.size()];
              for (int i = 0; i < each; i++) {
                int key = random.nextInt(keys.size());
                String name = keys.get(key);
                switch (random.nextInt(4)) {
                  case 0 -> balance[key] -= jedis.del(name);
                  case 1 -> jedis.set(name, "changed", SetParams.setParams().xx());
                  case 2 -> jedis.expire(name, 1_000);
                  default ->
                      balance[key] +=
                          jedis.set(name, "made", SetParams.setParams().nx()) == null ? 0 : 1;
                }
              }
              return balance;
            });
    try (var jedis = TestClient.of(server)) {
      for (int key = 0; key < keys.size(); key++) {
        int index = key;
        long balance = balances.stream().mapToLong(counts -> counts[index]).sum();
        assertEquals(jedis.exists(keys.get(key)) ? 1 : 0, balance, keys.get(key));
      }
      assertEquals(keys.stream().filter(jedis::exists).count(), jedis.dbSize());
    }
  }

  /// Half of the clients write the same keys at once, in any order; the others never see two
  /// values. So many keys that most reads are under way while a write becomes visible.
  @Test
  void nobodySeesHalfOfAnMset() throws Exception {
    String[] keys = IntStream.range(0, 256).mapToObj(i -> "key:" + i).toArray(String[]::new);
    String[] first = pairs(keys, "begin", new Random(0));
    try (var jedis = TestClient.of(server)) {
      jedis.mset(first);
    }
    var writing = new AtomicInteger(CLIENTS / 2);
    int each = 60;
    List<Integer> changes =
        inParallel(
            CLIENTS,
            (jedis, number) -> {
              var random = new Random(number);
              if (number % 2 == 0) {
                for (int i = 0; i < each; i++) {
                  jedis.mset(pairs(keys, number + ":" + i, random));
                }
                writing.decrementAndGet();
                return each;
              }
              int seen = 0;
              String last = "begin";
              boolean isOver;
              do {
                isOver = writing.get() == 0; // then what is read next is the last value
                List<String> values = jedis.mget(keys);
                var different = new HashSet<>(values);
                assertEquals(1, different.size(), () -> "half of an MSET: " + different);
                seen += values.getFirst().equals(last) ? 0 : 1;
                last = values.getFirst();
              } while (!isOver);
              return seen;
            });
    assertThat(changes.stream().mapToInt(Integer::intValue).sum())
        .as("writes, and changes that readers saw")
        .isGreaterThanOrEqualTo(CLIENTS / 2 * each + CLIENTS / 2);
  }

  private static String[] pairs(String[] keys, String value, Random random) {
    int turn = random.nextInt(keys.length);
    return IntStream.range(0, keys.length)
        .mapToObj(i -> keys[(i + turn) % keys.length])
        .flatMap(key -> Stream.of(key, value))
        .toArray(String[]::new);
  }
}
