package io.atlaskv.engine.internal.memtable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.api.Bytes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.NavigableSet;
import java.util.Random;
import java.util.TreeSet;
import java.util.function.IntFunction;
import org.junit.jupiter.api.Test;

/// Trees of three levels and more, in orders of insertion that are hard on splits and prefixes.
class PackedTreeTest {
  private static final long SEED = Long.getLong("atlaskv.seed", 42);
  private static final String REPRO = "rerun: -Dtest=PackedTreeTest -Datlaskv.seed=" + SEED;
  private static final int COUNT = 8_000;

  @Test
  void ascendingKeysFillTheLeaves() {
    double bytes = check("ascending", i -> number("key:", i));
    assertTrue(bytes < 20, "index bytes per key=" + bytes);
  }

  @Test
  void descendingKeysFillTheLeaves() {
    double bytes = check("descending", i -> number("key:", COUNT - i));
    assertTrue(bytes < 20, "index bytes per key=" + bytes);
  }

  @Test
  void mixedKeys() {
    var random = new Random(SEED);
    int[] numbers = random.ints(0, 1 << 30).distinct().limit(COUNT).toArray();
    double bytes = check("mixed", i -> number("key:", numbers[i]));
    assertTrue(bytes < 27, "index bytes per key=" + bytes);
  }

  @Test
  void prefixesBeyondWhatANodeStrips() {
    var random = new Random(SEED);
    int[] numbers = random.ints(0, 1 << 30).distinct().limit(COUNT).toArray();
    check("long prefix", i -> number("p".repeat(50), numbers[i]));
  }

  @Test
  void outliersShortenPrefixes() {
    var random = new Random(SEED);
    int[] numbers = random.ints(0, 1 << 30).distinct().limit(COUNT).toArray();
    check(
        "outliers",
        i -> i % 97 == 0 ? number("a", numbers[i]) : number("some/longer/prefix/", numbers[i]));
  }

  @Test
  void keysThatArePrefixesOfEachOther() {
    check(
        "prefixes",
        i -> {
          byte[] key = new byte[1 + i % 200];
          key[0] = (byte) (i / 200);
          return Bytes.of(key);
        });
  }

  /// Index bytes per key.
  private static double check(String name, IntFunction<Bytes> keys) {
    double bytes = 0;
    for (int late = 0; late < 3; late++) { // ordered from the start, midway, afterwards
      var pool = new ChunkPool(0, true);
      try (var fixture = new MemtableFixture(pool, late == 0, 16L << 20)) {
        var expected = new TreeSet<Bytes>();
        for (int i = 0; i < COUNT; i++) {
          if (late == 1 && i == COUNT / 2) {
            fixture.order();
          }
          var key = keys.apply(i);
          expected.add(key);
          fixture.put(key, i + 1, Bytes.EMPTY);
        }
        if (late == 2) {
          fixture.order();
        }
        var message = REPRO + " " + name + " late=" + late;
        assertEquals(expected.size(), fixture.memtable.entries(), message);
        assertEquals(List.copyOf(expected), walk(fixture), message);
        if (late == 0) {
          bytes = fixture.memtable.treeBytes() / (double) expected.size();
        }
        seeks(fixture, expected, message);
      }
    }
    return bytes;
  }

  private static List<Bytes> walk(MemtableFixture fixture) {
    var keys = new ArrayList<Bytes>();
    try (var iterator = fixture.memtable.iterator()) {
      for (iterator.seekToFirst(); iterator.isValid(); iterator.next()) {
        keys.add(Bytes.of(iterator.keyBuffer(), 0, iterator.keyLength()));
      }
      int at = keys.size();
      for (iterator.seekToLast(); iterator.isValid(); iterator.prev()) {
        assertEquals(keys.get(--at), Bytes.of(iterator.keyBuffer(), 0, iterator.keyLength()));
      }
      assertEquals(0, at);
    }
    return keys;
  }

  private static void seeks(MemtableFixture fixture, NavigableSet<Bytes> expected, String message) {
    var random = new Random(SEED);
    var keys = List.copyOf(expected);
    try (var iterator = fixture.memtable.iterator()) {
      for (int i = 0; i < 500; i++) {
        byte[] near = keys.get(random.nextInt(keys.size())).toArray();
        if (near.length > 0 && random.nextBoolean()) {
          near[near.length - 1 - random.nextInt(Math.min(3, near.length))] += (byte) 1;
        }
        var target = Bytes.of(near);
        iterator.seek(near, 0, near.length);
        var ceiling = expected.ceiling(target);
        assertEquals(ceiling != null, iterator.isValid(), message);
        if (ceiling != null) {
          assertEquals(ceiling, Bytes.of(iterator.keyBuffer(), 0, iterator.keyLength()), message);
        }
      }
    }
  }

  private static Bytes number(String prefix, int number) {
    return Bytes.ofUtf8(prefix + String.format(Locale.ROOT, "%012d", number));
  }
}
