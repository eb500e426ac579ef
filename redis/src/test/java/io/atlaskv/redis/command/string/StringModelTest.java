package io.atlaskv.redis.command.string;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.api.Durability;
import io.atlaskv.redis.command.LocalClient;
import io.atlaskv.redis.command.RedisData;
import io.atlaskv.redis.config.Settings;
import io.atlaskv.redis.data.ExpiryCheck;
import io.atlaskv.redis.data.FragmentCheck;
import io.atlaskv.redis.data.StringLayout;
import io.atlaskv.redis.store.SimStore;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// Random commands on strings and bits against byte arrays. Strings change over to fragments at a
/// few bytes, so that every command meets both kinds, and holes; now and then the store is flushed,
/// compacted, or loses power. No fragment may ever be left without its string.
class StringModelTest {
  private static final long SEED = Long.getLong("atlaskv.seed", 42);
  private static final int STEPS = Integer.getInteger("atlaskv.strings.steps", 6_000);
  private static final String REPRO = "rerun: -Dtest=StringModelTest -Datlaskv.seed=" + SEED;
  private static final int KEYS = 6;
  private static final int LENGTH_MAX = 400;

  private final Random random = new Random(SEED);
  private final TreeMap<String, byte[]> model = new TreeMap<>();
  private int inlineBytesMax;
  private int fragmentBytes;
  private SimStore store = SimStore.create(SEED, Durability.OS);
  private LocalClient client = open();
  private int fragmentsSeen;

  private LocalClient open() {
    var layout = StringLayout.open(store, inlineBytesMax, fragmentBytes);
    return new LocalClient(store, RedisData.open(store, new Settings(), layout));
  }

  @ParameterizedTest
  @CsvSource({"0, 1, false", "20, 16, false", "20, 16, true", "64, 50, false"})
  void everyReplyIsThatOfByteArrays(int inline, int fragment, boolean missesFirst) {
    inlineBytesMax = inline;
    fragmentBytes = fragment;
    client = open();
    if (missesFirst) {
      store.missFirst();
    }
    int steps = fragment == 1 ? STEPS / 6 : STEPS;
    for (int step = 0; step < steps; step++) {
      step();
      if (step % 200 == 0) {
        disturb(missesFirst);
        check();
      }
    }
    check();
    assertTrue(fragmentsSeen > 0, "the test never met a fragment");
    store.close();
  }

  private void disturb(boolean missesFirst) {
    switch (random.nextInt(4)) {
      case 0 -> store.flush();
      case 1 -> store.compact();
      case 2 -> {
        store.writeLog();
        store.requestSync();
        store.settle();
        cutPower(missesFirst);
      }
      default -> store.settle();
    }
  }

  private void cutPower(boolean missesFirst) {
    store = store.afterPowerCut(random.nextLong());
    client = open();
    if (missesFirst) {
      store.missFirst();
    }
  }

  private void check() {
    int namespace = client.data().databases().namespace(0);
    fragmentsSeen += FragmentCheck.check(store, namespace, REPRO);
    ExpiryCheck.check(store, namespace, REPRO);
    for (int i = 0; i < KEYS; i++) {
      String key = "k" + i;
      byte[] value = model.get(key);
      assertEquals(value == null ? "$-1\r\n" : bulk(value), client.call("GET", key), REPRO);
    }
    assertEquals(":" + model.size() + "\r\n", client.call("DBSIZE"), REPRO);
    long bytes = 0;
    for (Map.Entry<String, byte[]> entry : model.entrySet()) {
      bytes += entry.getKey().length() + entry.getValue().length;
    }
    assertEquals(bytes, client.data().databases().bytes(), REPRO);
    var page = new StringBuilder();
    page.append("*2\r\n$-1\r\n*").append(2 * model.size()).append("\r\n");
    for (Map.Entry<String, byte[]> entry : model.entrySet()) {
      page.append("$2\r\n").append(entry.getKey()).append("\r\n").append(bulk(entry.getValue()));
    }
    assertEquals(page.toString(), client.call("RANGE", "-", "+", "WITHVALUES"), REPRO);
  }

  private void step() {
    String key = "k" + random.nextInt(KEYS);
    byte[] old = model.get(key);
    byte[] now = old == null ? new byte[0] : old;
    switch (random.nextInt(20)) {
      case 0, 1 -> set(key);
      case 2, 3 -> {
        byte[] more = value(60);
        byte[] longer = Arrays.copyOf(now, now.length + more.length);
        System.arraycopy(more, 0, longer, now.length, more.length);
        if (longer.length <= LENGTH_MAX) {
          expect(longer.length, "APPEND", key, text(more));
          model.put(key, longer);
        }
      }
      case 4, 5 -> {
        int offset = random.nextInt(LENGTH_MAX);
        byte[] part = value(60);
        byte[] after = now;
        if (part.length > 0) {
          after = Arrays.copyOf(now, Math.max(now.length, offset + part.length));
          System.arraycopy(part, 0, after, offset, part.length);
          model.put(key, after);
        }
        expect(after.length, "SETRANGE", key, "" + offset, text(part));
      }
      case 6 -> {
        int from = random.nextInt(LENGTH_MAX);
        int to = from + random.nextInt(60);
        byte[] part =
            from >= now.length
                ? new byte[0]
                : Arrays.copyOfRange(now, from, Math.min(to + 1, now.length));
        assertEquals(bulk(part), client.call("GETRANGE", key, "" + from, "" + to), REPRO);
      }
      case 7, 8 -> setBit(key, now);
      case 9 -> {
        int bit = random.nextInt(8 * LENGTH_MAX);
        expect(bitAt(now, bit), "GETBIT", key, "" + bit);
      }
      case 10 -> countAndFind(key, now);
      case 11, 12 -> bitOp(key);
      case 13, 14 -> bitField(key, now);
      case 15 -> {
        assertEquals(old == null ? "$-1\r\n" : bulk(old), client.call("GETDEL", key), REPRO);
        model.remove(key);
      }
      case 16 -> {
        expect(old == null ? 0 : 1, "EXPIRE", key, "1000000");
        expect(now.length, "STRLEN", key);
      }
      case 17 -> {
        byte[] value = value(LENGTH_MAX);
        assertEquals("+OK\r\n", client.call("MSET", key, text(value), "k0", "7"), REPRO);
        model.put(key, value);
        model.put("k0", new byte[] {'7'});
      }
      case 18 -> {
        assertEquals("+OK\r\n", client.call("SET", key, text(value(LENGTH_MAX)), "PX", "5"));
        store.sim().clock().advance(10_000_000);
        model.remove(key);
        if (random.nextBoolean()) {
          set(key);
        }
      }
      default -> delete();
    }
  }

  private void set(String key) {
    byte[] value = value(LENGTH_MAX);
    assertEquals("+OK\r\n", client.call("SET", key, text(value)), REPRO);
    model.put(key, value);
  }

  private void delete() {
    if (random.nextInt(5) == 0) {
      expect(model.subMap("k1", "k4").size(), "DELRANGE", "[k1", "(k4");
      model.subMap("k1", "k4").clear();
    } else if (random.nextInt(20) == 0) {
      client.call("FLUSHDB");
      model.clear();
    }
  }

  private void setBit(String key, byte[] now) {
    int bit = random.nextInt(8 * LENGTH_MAX);
    int wanted = random.nextInt(2);
    byte[] after = Arrays.copyOf(now, Math.max(now.length, bit / 8 + 1));
    int old = bitAt(now, bit);
    if (old != wanted) {
      after[bit / 8] ^= (byte) (1 << (7 - bit % 8));
    }
    expect(old, "SETBIT", key, "" + bit, "" + wanted);
    model.put(key, after);
  }

  private void countAndFind(String key, byte[] now) {
    int first = random.nextInt(8 * LENGTH_MAX);
    int last = first + random.nextInt(300);
    int wanted = random.nextInt(2);
    int count = 0;
    int position = -1;
    for (int bit = first; bit <= Math.min(last, 8 * now.length - 1); bit++) {
      count += bitAt(now, bit);
      if (position < 0 && bitAt(now, bit) == wanted) {
        position = bit;
      }
    }
    if (now.length == 0 && !model.containsKey(key)) {
      position = wanted == 1 ? -1 : 0;
    }
    expect(count, "BITCOUNT", key, "" + first, "" + last, "BIT");
    expect(position, "BITPOS", key, "" + wanted, "" + first, "" + last, "BIT");
  }

  private void bitOp(String target) {
    String operation = new String[] {"AND", "OR", "XOR"}[random.nextInt(3)];
    int sources = 1 + random.nextInt(random.nextInt(20) == 0 ? 100 : 4);
    String[] words = new String[3 + sources];
    words[0] = "BITOP";
    words[1] = operation;
    words[2] = target;
    int length = 0;
    for (int i = 0; i < sources; i++) {
      words[3 + i] = "k" + random.nextInt(KEYS);
      length = Math.max(length, model.getOrDefault(words[3 + i], new byte[0]).length);
    }
    byte[] result = new byte[length];
    for (int i = 0; i < sources; i++) {
      byte[] source = Arrays.copyOf(model.getOrDefault(words[3 + i], new byte[0]), length);
      for (int at = 0; at < length; at++) {
        result[at] =
            i == 0
                ? source[at]
                : switch (operation) {
                  case "AND" -> (byte) (result[at] & source[at]);
                  case "OR" -> (byte) (result[at] | source[at]);
                  default -> (byte) (result[at] ^ source[at]);
                };
      }
    }
    if (random.nextInt(4) == 0) {
      byte[] source = model.getOrDefault(words[3], new byte[0]);
      result = source.clone();
      for (int at = 0; at < result.length; at++) {
        result[at] = (byte) ~result[at];
      }
      words = new String[] {"BITOP", "NOT", target, words[3]};
    }
    expect(result.length, words);
    if (result.length == 0) {
      model.remove(target);
    } else {
      model.put(target, result);
    }
  }

  private void bitField(String key, byte[] now) {
    int bits = 1 + random.nextInt(63);
    int offset = random.nextInt(8 * LENGTH_MAX - 64);
    BigInteger old = BigInteger.ZERO;
    for (int bit = offset; bit < offset + bits; bit++) {
      old = old.shiftLeft(1).add(BigInteger.valueOf(bitAt(now, bit)));
    }
    long increment = random.nextLong();
    BigInteger next = old.add(BigInteger.valueOf(increment)).mod(BigInteger.ONE.shiftLeft(bits));
    byte[] after = Arrays.copyOf(now, Math.max(now.length, (offset + bits - 1) / 8 + 1));
    for (int i = 0; i < bits; i++) {
      int bit = offset + i;
      int mask = 1 << (7 - bit % 8);
      boolean isSet = next.testBit(bits - 1 - i);
      after[bit / 8] = (byte) (isSet ? after[bit / 8] | mask : after[bit / 8] & ~mask);
    }
    String type = "u" + bits;
    String reply =
        client.call(
            "BITFIELD",
            key,
            "GET",
            type,
            "" + offset,
            "INCRBY",
            type,
            "" + offset,
            "" + increment,
            "GET",
            type,
            "" + offset);
    assertEquals("*3\r\n:" + old + "\r\n:" + next + "\r\n:" + next + "\r\n", reply, REPRO);
    model.put(key, after);
  }

  private void expect(long number, String... words) {
    assertEquals(
        ":" + number + "\r\n", client.call(words), () -> Arrays.toString(words) + ", " + REPRO);
  }

  private static int bitAt(byte[] value, int bit) {
    return bit / 8 < value.length ? (value[bit / 8] >> (7 - bit % 8)) & 1 : 0;
  }

  private byte[] value(int lengthMax) {
    byte[] value = new byte[random.nextInt(lengthMax)];
    if (random.nextInt(4) > 0) { // else zeroes
      random.nextBytes(value);
    }
    return value;
  }

  private static String text(byte[] value) {
    return new String(value, StandardCharsets.ISO_8859_1);
  }

  private static String bulk(byte[] value) {
    return "$" + value.length + "\r\n" + text(value) + "\r\n";
  }
}
