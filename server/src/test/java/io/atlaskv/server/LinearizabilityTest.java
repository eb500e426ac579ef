package io.atlaskv.server;

import static org.assertj.core.api.Assertions.assertThat;

import io.atlaskv.testkit.linear.History;
import io.atlaskv.testkit.linear.KeyValueModel;
import io.atlaskv.testkit.linear.KeyValueModel.Kind;
import io.atlaskv.testkit.linear.KeyValueModel.Step;
import io.atlaskv.testkit.linear.LinearizabilityChecker;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import redis.clients.jedis.Jedis;
import redis.clients.jedis.Transaction;
import redis.clients.jedis.params.SetParams;

/// What many connections were answered, on few keys, can be explained by one order of commands and
/// transactions. Which histories come up is left to chance; what each client asks to the seed.
@Timeout(120)
class LinearizabilityTest {
  private static final long SEED = Long.getLong("atlaskv.seed", 42);
  private static final int CLIENTS = 8;
  private static final int ROUNDS = 40; // each on keys of its own: their histories are short
  private static final int CALLS = 30; // of each client in a round
  private static final int KEYS = 3;

  @TempDir Path directory;

  @ParameterizedTest
  @CsvSource({"1, 0", "1, 256", "4, 0", "4, 256"})
  void everyHistoryHasAnOrder(int loops, int otherKeys) throws Exception {
    var history = new History<List<Step>, List<String>>();
    var start = new CyclicBarrier(CLIENTS);
    try (var server = AtlasServer.start(TestSettings.of(directory, loops), "test");
        var pool = Executors.newFixedThreadPool(CLIENTS)) {
      var tasks = new ArrayList<Callable<Integer>>();
      for (int i = 0; i < CLIENTS; i++) {
        int number = i;
        tasks.add(() -> {
          try (var jedis = TestClient.of(server)) {
            var client = new Client(jedis, number, history, otherKeys);
            for (int round = 0; round < ROUNDS; round++) {
              start.await();
              client.play(round);
            }
            return client.executed;
          }
        });
      }
      int executed = 0;
      for (Future<Integer> done : pool.invokeAll(tasks)) {
        executed += done.get();
      }
      assertThat(executed).as("transactions that were executed").isGreaterThan(ROUNDS * CLIENTS);
    }
    assertThat(new LinearizabilityChecker<>(new KeyValueModel()).check(history.calls()))
        .as("seed=" + SEED + ", " + loops + " loops")
        .isEmpty();
  }

  private static final class Client {
    private final Jedis jedis;
    private final int number;
    private final History<List<Step>, List<String>> history;
    private final Random random;
    private final int otherKeys;
    private String prefix = "";
    private int values;
    private int executed;

    Client(Jedis jedis, int number, History<List<Step>, List<String>> history, int otherKeys) {
      this.jedis = jedis;
      this.number = number;
      this.history = history;
      this.otherKeys = otherKeys;
      random = new Random(SEED + number);
    }

    void play(int round) {
      prefix = "round" + round + ":";
      for (int i = 0; i < CALLS; i++) {
        switch (random.nextInt(8)) {
          case 0, 1, 2 -> command(step());
          case 3 -> readAll();
          case 4 -> writeTwo();
          case 5, 6 -> transaction();
          default -> compareAndSet();
        }
      }
    }

    private String key() {
      return prefix + "k" + random.nextInt(KEYS);
    }

    private String value() {
      return number + "." + values++;
    }

    private Step step() {
      return switch (random.nextInt(7)) {
        case 0, 1 -> new Step(Kind.GET, key(), "");
        case 2 -> new Step(Kind.SET, key(), value());
        case 3 -> new Step(Kind.GET_SET, key(), value());
        case 4 -> new Step(Kind.DELETE, key(), "");
        default -> new Step(Kind.INCREMENT, prefix + "n", "");
      };
    }

    private void command(Step step) {
      long calledAt = history.now();
      String answer =
          switch (step.kind()) {
            case GET -> text(jedis.get(step.key()));
            case SET -> jedis.set(step.key(), step.value());
            case GET_SET -> text(jedis.setGet(step.key(), step.value()));
            case INCREMENT -> Long.toString(jedis.incr(step.key()));
            case DELETE -> Long.toString(jedis.del(step.key()));
            case EXPECT -> throw new AssertionError();
          };
      history.answered(number, List.of(step), List.of(answer), calledAt);
    }

    /// MGET: one moment for all keys.
    private void readAll() {
      String[] keys =
          IntStream.range(0, KEYS).mapToObj(i -> prefix + "k" + i).toArray(String[]::new);
      long calledAt = history.now();
      List<String> answer = jedis.mget(keys);
      history.answered(
          number,
          List.of(keys).stream().map(key -> new Step(Kind.GET, key, "")).toList(),
          answer.stream().map(Client::text).toList(),
          calledAt);
    }

    private void writeTwo() {
      var first = new Step(Kind.SET, prefix + "k0", value());
      var second = new Step(Kind.SET, prefix + "k1", value());
      long calledAt = history.now();
      String ok = jedis.mset(first.key(), first.value(), second.key(), second.value());
      history.answered(number, List.of(first, second), List.of(ok, ok), calledAt);
    }

    private void transaction() {
      var steps = new ArrayList<Step>();
      for (int i = random.nextInt(4); i >= 0; i--) {
        steps.add(step());
      }
      long calledAt = history.now();
      exec(jedis.multi(), steps, steps, calledAt);
    }

    /// WATCH and GET, then a transaction that counts only if the key is still the same.
    private void compareAndSet() {
      String key = key();
      jedis.watch(key);
      long readAt = history.now();
      String seen = text(jedis.get(key));
      history.answered(number, List.of(new Step(Kind.GET, key, "")), List.of(seen), readAt);
      var steps = List.of(new Step(Kind.SET, key, value()), step());
      var withExpected = new ArrayList<>(List.of(new Step(Kind.EXPECT, key, seen)));
      withExpected.addAll(steps);
      long calledAt = history.now();
      exec(jedis.multi(), steps, withExpected, calledAt);
    }

    private void exec(Transaction multi, List<Step> steps, List<Step> meant, long calledAt) {
      for (Step step : steps) {
        switch (step.kind()) {
          case GET -> multi.get(step.key());
          case SET -> multi.set(step.key(), step.value());
          case GET_SET -> multi.setGet(step.key(), step.value(), SetParams.setParams());
          case INCREMENT -> multi.incr(step.key());
          case DELETE -> multi.del(step.key());
          case EXPECT -> throw new AssertionError();
        }
      }
      for (int i = 0; i < otherKeys; i++) { // so many that it does not run on a loop
        multi.exists(prefix + "k" + i % KEYS);
      }
      List<Object> replies = multi.exec();
      if (replies == null) { // nothing was done
        assertThat(meant).as("an EXEC without watched keys").isNotEqualTo(steps);
        return;
      }
      executed++;
      var answer = new ArrayList<String>();
      for (int i = steps.size(); i < meant.size(); i++) {
        answer.add("OK");
      }
      replies.subList(0, steps.size()).forEach(reply -> answer.add(text(reply)));
      history.answered(number, meant, answer, calledAt);
    }

    private static String text(Object reply) {
      return reply == null ? KeyValueModel.ABSENT : reply.toString();
    }
  }
}
