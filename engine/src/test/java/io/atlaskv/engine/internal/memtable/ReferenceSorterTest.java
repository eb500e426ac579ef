package io.atlaskv.engine.internal.memtable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.internal.base.KeyBytes;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// Key sets that differ late, or not at all in the bytes that are compared first.
class ReferenceSorterTest {
  private static final long SEED = Long.getLong("atlaskv.seed", 42);

  private final Random random = new Random(SEED);

  private void check(Collection<Bytes> keys) {
    var inOrder = new TreeSet<>(keys);
    var shuffled = new ArrayList<>(inOrder);
    Collections.shuffle(shuffled, random);
    check(inOrder, shuffled);
    check(inOrder, List.copyOf(inOrder));
    if (inOrder.size() > 1) {
      var almost = new ArrayList<>(inOrder);
      Collections.swap(almost, almost.size() - 2, almost.size() - 1);
      check(inOrder, almost);
    }
  }

  private void check(Collection<Bytes> inOrder, List<Bytes> added) {
    try (var fixture = new MemtableFixture(false)) {
      long sequence = 0;
      for (Bytes key : added) {
        fixture.put(key, ++sequence, Bytes.EMPTY);
      }
      EntryLog log = fixture.memtable.log();
      var sorter = new ReferenceSorter(log, fixture.pool, added.size(), SEED);
      for (var walk = new KeyNodeWalk(log, log.mark()); walk.hasNext(); ) {
        int node = walk.next();
        if (node != 0) {
          sorter.add(node);
        }
      }
      while (sorter.step(1_000)) {}
      assertEquals(inOrder.size(), sorter.count());
      int at = 0;
      for (Bytes key : inOrder) {
        byte[] bytes = key.toArray();
        String what = "seed " + SEED + ": " + key + " at " + at;
        assertTrue(log.keyEquals(sorter.reference(at), bytes, 0, bytes.length), what);
        int common = sorter.common();
        long prefix = KeyBytes.prefix8(bytes, common, bytes.length - common);
        assertEquals(prefix, sorter.key(at), what);
        at++;
      }
      assertFalse(sorter.step(1));
      sorter.release();
    }
  }

  private static Bytes numbered(String prefix, int number) {
    return Bytes.ofUtf8(prefix + String.format(Locale.ROOT, "%09d", number));
  }

  @Test
  void oneOddKeyAmongManyAlike() {
    var keys = new ArrayList<Bytes>();
    for (int i = 0; i < 5_000; i++) {
      keys.add(numbered("a long beginning of all keys ", random.nextInt(1 << 20)));
    }
    check(keys);
    keys.add(Bytes.ofUtf8("b"));
    check(keys);
    keys.add(Bytes.EMPTY);
    check(keys);
  }

  @Test
  void familiesWithinFamilies() {
    var keys = new ArrayList<Bytes>();
    for (int i = 0; i < 8_000; i++) {
      keys.add(
          numbered(
              "family" + "s".repeat(random.nextInt(4) * 10),
              random.nextInt(random.nextInt(1, 9_000))));
    }
    check(keys);
  }

  @Test
  void keysThatGoOnWithZeros() {
    var keys = new ArrayList<Bytes>();
    for (int length = 0; length < 300; length++) {
      keys.add(Bytes.of(new byte[length]));
    }
    check(keys);
    for (int i = 0; i < 2_000; i++) {
      byte[] key = new byte[random.nextInt(60)];
      if (key.length > 0) {
        key[random.nextInt(key.length)] = (byte) random.nextInt(3);
      }
      keys.add(Bytes.of(key));
    }
    check(keys);
  }

  @Test
  void anyKeys() {
    for (int round = 0; round < 20; round++) {
      int letters = random.nextInt(1, 4);
      int lengthMax = random.nextInt(1, 40);
      var keys = new ArrayList<Bytes>();
      for (int i = random.nextInt(3_000); i >= 0; i--) {
        byte[] key = new byte[random.nextInt(lengthMax)];
        for (int j = 0; j < key.length; j++) {
          key[j] = (byte) (random.nextInt(letters) * 127);
        }
        keys.add(Bytes.of(key));
      }
      check(keys);
    }
  }

  @Test
  void noneAndOne() {
    check(List.of());
    check(List.of(Bytes.ofUtf8("one")));
  }
}
