package io.atlaskv.redis.command;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.api.Durability;
import io.atlaskv.redis.store.SimStore;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Random histories of three clients that queue, execute, watch and write in several databases,
/// against maps with times; each reply must be the model's, byte for byte. What a power cut leaves
/// must be the state after some commit: never half an EXEC.
class TransactionModelTest {
  private static final long SEED = Long.getLong("atlaskv.seed", 42);
  private static final String REPRO = "rerun: -Dtest=TransactionModelTest -Datlaskv.seed=" + SEED;
  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final int CLIENTS = 3;
  private static final int DATABASES = 3;
  private static final int KEYS = 12; // few: they must collide
  private static final String NULL = "$-1\r\n";

  private record Value(String text, long expiresAt) {}

  private record Watched(int database, String key, long expiresAt) {}

  private static final class Client {
    private int database;
    private List<String[]> queue;
    private boolean isTouched;
    private final List<Watched> watched = new ArrayList<>();

    private void end() {
      queue = null;
      isTouched = false;
      watched.clear();
    }
  }

  private final Random random = new Random(SEED);
  private final SimStore store = SimStore.create(SEED, Durability.OS);
  private final LocalClient local = new LocalClient(store);
  private final Expirer expirer = new Expirer(local.data(), 2, 5);
  private final Client[] clients = new Client[CLIENTS];
  private List<TreeMap<String, Value>> databases = new ArrayList<>();
  private boolean hasTimes;

  TransactionModelTest() {
    Arrays.setAll(clients, _ -> new Client());
    for (int i = 0; i < DATABASES; i++) {
      databases.add(new TreeMap<>());
    }
  }

  @ParameterizedTest
  @CsvSource({"false, false", "false, true", "true, false", "true, true"})
  void everyReplyIsTheModels(boolean missesFirst, boolean withTimes) {
    hasTimes = withTimes;
    if (missesFirst) {
      store.missFirst();
    }
    int executed = 0;
    int aborted = 0;
    for (int step = 0; step < 6_000; step++) {
      String reply = step();
      executed += reply.startsWith("*") && !reply.startsWith("*-1") ? 1 : 0;
      aborted += reply.equals("*-1\r\n") ? 1 : 0;
      if (hasTimes && random.nextInt(20) == 0) {
        store.sim().clock().advance(random.nextInt(60) * NANOS_PER_MILLI);
        if (random.nextBoolean()) {
          drain();
        }
      }
    }
    assertTrue(executed > 100 && aborted > 20, "executed " + executed + ", aborted " + aborted);
    for (int i = 0; i < CLIENTS; i++) {
      call(i, "RESET");
    }
    assertTrue(local.data().watchedKeys().isEmpty(), "a watch was left behind");
    store.close();
  }

  @ParameterizedTest
  @ValueSource(ints = {20, 150, 400, 900, 1_500})
  void aPowerCutLeavesTheStateAfterSomeCommit(int steps) {
    var states = new ArrayList<String>();
    int durable = 0;
    states.add(databases.toString());
    for (int step = 0; step < steps; step++) {
      step();
      if (!databases.toString().equals(states.getLast())) {
        states.add(databases.toString());
      }
      if (random.nextInt(30) == 0) {
        store.writeLog();
      }
      if (random.nextInt(200) == 0) {
        store.writeLog();
        store.requestSync();
        store.settle();
        durable = states.size() - 1;
      }
    }
    store.writeLog(); // with the kernel, so that any part of it may reach the disk
    SimStore left = store.afterPowerCut(SEED + steps);
    assertThat(states.subList(durable, states.size())).as(REPRO).contains(contents(left));
    left.close();
  }

  private static String contents(SimStore store) {
    var client = new LocalClient(store);
    var databases = new ArrayList<TreeMap<String, Value>>();
    for (int i = 0; i < DATABASES; i++) {
      client.call("SELECT", Integer.toString(i));
      var keys = new TreeMap<String, Value>();
      for (int k = 0; k < KEYS; k++) {
        String reply = client.call("GET", key(k));
        if (!reply.equals(NULL)) {
          keys.put(key(k), new Value(reply.lines().skip(1).findFirst().orElseThrow(), 0));
        }
      }
      assertEquals(":" + keys.size() + "\r\n", client.call("DBSIZE"), REPRO);
      databases.add(keys);
    }
    return databases.toString();
  }

  /// One command of one client; its reply.
  private String step() {
    int number = random.nextInt(CLIENTS);
    Client client = clients[number];
    String[] words =
        switch (random.nextInt(client.queue == null ? 12 : 16)) {
          case 0 -> words("MULTI");
          case 1 -> client.queue == null ? words("WATCH", key(), key()) : words("GET", key());
          case 2 -> random.nextInt(6) == 0 ? words("UNWATCH") : command();
          case 12, 13 -> words("EXEC");
          case 14 -> random.nextInt(6) == 0 ? words("DISCARD") : words("EXEC");
          default -> command();
        };
    String reply = call(number, words); // first: fetching takes time, the last run is what counts
    String expected = model(client, words);
    assertEquals(expected, reply, () -> REPRO + " " + String.join(" ", words));
    return expected;
  }

  private String call(int number, String... words) {
    return local.as(number).call(words);
  }

  private String[] command() {
    String key = key();
    String value = Integer.toString(random.nextInt(100));
    return switch (random.nextInt(hasTimes ? 27 : 24)) {
      case 0, 1 -> words("SET", key, value);
      case 2 -> words("SET", key, "text" + "x".repeat(random.nextInt(3000)));
      case 3, 4 -> words("GET", key);
      case 5, 6 -> words("INCR", key);
      case 7 -> words("DEL", key, key());
      case 8 -> words("MSET", key, value, key(), "m");
      case 9 -> words("MGET", key, key(), key);
      case 10 -> words("EXISTS", key, key());
      case 11 -> words("RANGE", "-", "+", random.nextBoolean() ? "REV" : "WITHVALUES");
      case 12 -> random.nextInt(4) == 0 ? words("KEYS", "*") : words("RANGECOUNT", "-", "[" + key);
      case 13 -> words("SELECT", Integer.toString(random.nextInt(DATABASES)));
      case 14 -> random.nextInt(4) == 0 ? words("FLUSHDB") : words("SCAN", "0", "COUNT", "100");
      case 15 -> random.nextInt(8) == 0 ? words("FLUSHALL") : words("TYPE", key);
      case 16 -> random.nextInt(3) == 0 ? words("DELRANGE", "[" + key, "+") : words("TYPE", key);
      case 17 -> hasTimes ? words("PERSIST", key) : words("DBSIZE");
      case 18, 19 -> words("APPEND", key, "a".repeat(random.nextInt(9_000)));
      case 20 -> words("SETRANGE", key, Integer.toString(random.nextInt(20_000)), "r" + value);
      case 21 -> words("GETRANGE", key, Integer.toString(random.nextInt(9_000)), "20000");
      case 22 -> words("STRLEN", key);
      case 23 ->
          random.nextBoolean() ? words("GETDEL", key) : words("MSETNX", key, "1", key(), "2");
      case 24 -> words("SET", key, value, "PX", Integer.toString(1 + random.nextInt(100)));
      case 25 -> words("PEXPIRE", key, Integer.toString(random.nextInt(120) - 20));
      default -> words("PTTL", key);
    };
  }

  // --- the model

  private String model(Client client, String[] words) {
    expire();
    boolean isQueueing = client.queue != null;
    return switch (words[0]) {
      case "MULTI" -> {
        if (isQueueing) {
          yield "-ERR MULTI calls can not be nested\r\n";
        }
        client.queue = new ArrayList<>();
        yield "+OK\r\n";
      }
      case "DISCARD" -> {
        client.end();
        yield "+OK\r\n";
      }
      case "WATCH" -> {
        for (int i = 1; i < words.length; i++) {
          watch(client, words[i]);
        }
        yield "+OK\r\n";
      }
      case "EXEC" -> exec(client);
      default -> {
        if (isQueueing) {
          client.queue.add(words);
          yield "+QUEUED\r\n";
        }
        if (words[0].equals("UNWATCH")) {
          client.end();
        }
        yield apply(client, words);
      }
    };
  }

  private void watch(Client client, String key) {
    Value value = databases.get(client.database).get(key);
    boolean isKnown =
        client.watched.stream().anyMatch(w -> w.database == client.database && w.key.equals(key));
    if (!isKnown && !client.isTouched) {
      client.watched.add(new Watched(client.database, key, value == null ? 0 : value.expiresAt));
    }
  }

  private String exec(Client client) {
    boolean isExpired =
        client.watched.stream().anyMatch(w -> w.expiresAt != 0 && w.expiresAt <= now());
    boolean isTouched = client.isTouched || isExpired;
    List<String[]> queue = client.queue;
    client.end();
    if (isTouched) {
      return "*-1\r\n";
    }
    var reply = new StringBuilder("*" + queue.size() + "\r\n");
    queue.forEach(words -> reply.append(apply(client, words)));
    return reply.toString();
  }

  private String apply(Client client, String[] words) {
    TreeMap<String, Value> keys = databases.get(client.database);
    String key = words.length > 1 ? words[1] : "";
    Value old = keys.get(key);
    return switch (words[0]) {
      case "SET" -> {
        put(client, key, words[2], words.length > 4 ? now() + Long.parseLong(words[4]) : 0);
        yield "+OK\r\n";
      }
      case "GET" -> bulk(old);
      case "INCR" -> {
        if (old != null && !old.text.matches("[0-9]{1,18}")) {
          yield "-ERR value is not an integer or out of range\r\n";
        }
        long next = old == null ? 1 : Long.parseLong(old.text) + 1;
        put(client, key, Long.toString(next), old == null ? 0 : old.expiresAt);
        yield ":" + next + "\r\n";
      }
      case "APPEND" -> {
        String text = old == null ? words[2] : old.text + words[2];
        put(client, key, text, old == null ? 0 : old.expiresAt);
        yield ":" + text.length() + "\r\n";
      }
      case "SETRANGE" -> {
        int offset = Integer.parseInt(words[2]);
        var text = new StringBuilder(old == null ? "" : old.text);
        text.setLength(Math.max(text.length(), offset + words[3].length()));
        text.replace(offset, offset + words[3].length(), words[3]);
        put(client, key, text.toString(), old == null ? 0 : old.expiresAt);
        yield ":" + text.length() + "\r\n";
      }
      case "GETRANGE" -> {
        String text = old == null ? "" : old.text;
        int from = Math.min(text.length(), Integer.parseInt(words[2]));
        yield bulk(text.substring(from, Math.min(text.length(), Integer.parseInt(words[3]) + 1)));
      }
      case "STRLEN" -> ":" + (old == null ? 0 : old.text.length()) + "\r\n";
      case "GETDEL" -> {
        remove(client, key);
        yield bulk(old);
      }
      case "MSETNX" -> {
        if (old != null || keys.containsKey(words[3])) {
          yield ":0\r\n";
        }
        put(client, key, words[2], 0);
        put(client, words[3], words[4], 0);
        yield ":1\r\n";
      }
      case "DEL" -> {
        int deleted = remove(client, key);
        yield ":" + (deleted + remove(client, words[2])) + "\r\n";
      }
      case "MSET" -> {
        put(client, key, words[2], 0);
        put(client, words[3], words[4], 0);
        yield "+OK\r\n";
      }
      case "MGET" -> "*3\r\n" + bulk(old) + bulk(keys.get(words[2])) + bulk(keys.get(words[3]));
      case "EXISTS" ->
          ":" + ((old == null ? 0 : 1) + (keys.containsKey(words[2]) ? 1 : 0)) + "\r\n";
      case "TYPE" -> old == null ? "+none\r\n" : "+string\r\n";
      case "DBSIZE" -> ":" + keys.size() + "\r\n";
      case "RANGE" -> range(keys, words[3].equals("REV"));
      case "RANGECOUNT" -> ":" + keys.headMap(words[2].substring(1), true).size() + "\r\n";
      case "KEYS" -> list(keys);
      case "SCAN" -> "*2\r\n$1\r\n0\r\n" + list(keys);
      case "SELECT" -> {
        client.database = Integer.parseInt(key);
        yield "+OK\r\n";
      }
      case "FLUSHDB" -> {
        List.copyOf(keys.keySet()).forEach(each -> remove(client, each));
        yield "+OK\r\n";
      }
      case "FLUSHALL" -> {
        int chosen = client.database;
        for (int i = 0; i < DATABASES; i++) {
          client.database = i;
          List.copyOf(databases.get(i).keySet()).forEach(each -> remove(client, each));
        }
        client.database = chosen;
        yield "+OK\r\n";
      }
      case "DELRANGE" -> {
        List<String> deleted = List.copyOf(keys.tailMap(key.substring(1)).keySet());
        deleted.forEach(each -> remove(client, each));
        yield ":" + deleted.size() + "\r\n";
      }
      case "PERSIST" -> {
        if (old == null || old.expiresAt == 0) {
          yield ":0\r\n";
        }
        put(client, key, old.text, 0);
        yield ":1\r\n";
      }
      case "PEXPIRE" -> {
        if (old == null) {
          yield ":0\r\n";
        }
        long life = Long.parseLong(words[2]);
        if (life <= 0) {
          remove(client, key);
        } else {
          put(client, key, old.text, now() + life);
        }
        yield ":1\r\n";
      }
      case "PTTL" ->
          ":" + (old == null ? -2 : old.expiresAt == 0 ? -1 : old.expiresAt - now()) + "\r\n";
      case "UNWATCH" -> "+OK\r\n";
      default -> throw new AssertionError(words[0]);
    };
  }

  private void put(Client client, String key, String text, long expiresAt) {
    databases.get(client.database).put(key, new Value(text, expiresAt));
    touch(client.database, key);
  }

  private int remove(Client client, String key) {
    if (databases.get(client.database).remove(key) == null) {
      return 0;
    }
    touch(client.database, key);
    return 1;
  }

  private void touch(int database, String key) {
    for (Client other : clients) {
      other.isTouched |=
          other.watched.stream().anyMatch(w -> w.database == database && w.key.equals(key));
    }
  }

  private void expire() {
    long now = now();
    databases.forEach(
        keys -> keys.values().removeIf(value -> value.expiresAt != 0 && value.expiresAt <= now));
  }

  private long now() {
    return store.clock().currentTimeMillis();
  }

  private void drain() {
    Expirer.Next next = expirer.slice();
    while (next != Expirer.Next.PAUSE) {
      if (next == Expirer.Next.FETCH) {
        expirer.fetch(() -> {});
        store.settle();
      }
      next = expirer.slice();
    }
  }

  // --- words and replies

  private String key() {
    return key(random.nextInt(KEYS));
  }

  private static String key(int number) {
    return "k" + (char) ('a' + number);
  }

  private static String[] words(String... words) {
    return words;
  }

  private static String range(NavigableMap<String, Value> keys, boolean isReverse) {
    var reply = new StringBuilder("*2\r\n" + NULL);
    if (isReverse) {
      reply.append("*").append(keys.size()).append("\r\n");
      keys.descendingKeySet().forEach(key -> reply.append(bulk(key)));
    } else {
      reply.append("*").append(2 * keys.size()).append("\r\n");
      keys.forEach((key, value) -> reply.append(bulk(key)).append(bulk(value)));
    }
    return reply.toString();
  }

  private static String list(Map<String, Value> keys) {
    var reply = new StringBuilder("*" + keys.size() + "\r\n");
    keys.keySet().forEach(key -> reply.append(bulk(key)));
    return reply.toString();
  }

  private static String bulk(Value value) {
    return value == null ? NULL : bulk(value.text);
  }

  private static String bulk(String text) {
    return "$" + text.length() + "\r\n" + text + "\r\n";
  }
}
