package io.atlaskv.engine.internal.memtable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.internal.base.ByteArrays;
import io.atlaskv.engine.internal.base.LiveSnapshots;
import io.atlaskv.engine.internal.base.RangeTombstones;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.locks.ReentrantLock;
import org.junit.jupiter.api.Test;

class MemtableTest {
  private static final long SEED = Long.getLong("atlaskv.seed", 42);
  private static final String REPRO = "rerun: -Dtest=MemtableTest -Datlaskv.seed=" + SEED;

  @Test
  void findsWhatWasPut() {
    try (var fixture = new MemtableFixture(false)) {
      assertTrue(fixture.memtable.isEmpty());
      fixture.put("a", 1, "one");
      fixture.put("", 2, "empty key");
      fixture.put("b", 3, "");
      assertEquals("one", fixture.get("a", 9));
      assertEquals("empty key", fixture.get("", 9));
      assertEquals("", fixture.get("b", 9));
      assertEquals("absent", fixture.get("c", 9));
      assertEquals(3, fixture.memtable.entries());
      assertEquals(1, fixture.memtable.smallestSequence());
      assertEquals(3, fixture.memtable.largestSequence());
    }
  }

  @Test
  void snapshotSeesItsVersion() {
    try (var fixture = new MemtableFixture(false)) {
      fixture.snapshots.add(1L);
      fixture.put("k", 1, "v1");
      fixture.snapshots.add(2L);
      fixture.delete("k", 2);
      fixture.put("k", 3, "v3");
      assertEquals("absent", fixture.get("k", 0));
      assertEquals("v1", fixture.get("k", 1));
      assertEquals("deleted", fixture.get("k", 2));
      assertEquals("v3", fixture.get("k", 3));
      assertEquals("v3", fixture.get("k", 4));
    }
  }

  @Test
  void chainOfAHotKeyStaysShort() {
    try (var fixture = new MemtableFixture(true)) {
      for (int i = 1; i <= 5_000; i++) {
        if (i == 1_000 || i == 2_000) {
          fixture.snapshots.add((long) i);
        }
        fixture.put("hot", i, "v" + i);
      }
      assertEquals(4, versionsShown(fixture), "newest, the published before it, two snapshots");
      assertEquals("v1000", fixture.get("hot", 1_000));
      assertEquals("v2000", fixture.get("hot", 2_000));
      fixture.snapshots.clear();
      fixture.put("hot", 5_001, "v5001");
      fixture.put("hot", 5_002, "v5002");
      assertTrue(versionsShown(fixture) <= 4, "nothing new is kept");
      assertEquals("v5002", fixture.get("hot", 6_000));
    }
  }

  @Test
  void chainShrinksWhenSnapshotsGo() {
    try (var fixture = new MemtableFixture(true)) {
      for (long i = 1; i <= 10; i++) {
        fixture.snapshots.add(i);
        fixture.put("k", i, "v" + i);
      }
      assertEquals(10, versionsShown(fixture));
      fixture.snapshots.clear();
      fixture.put("k", 11, "v11");
      fixture.put("k", 12, "v12");
      assertEquals(2, versionsShown(fixture));
    }
  }

  @Test
  void readerWithoutSnapshotRetriesWhenItsVersionIsGone() {
    try (var fixture = new MemtableFixture(false)) {
      fixture.put("k", 1, "v1");
      fixture.put("k", 2, "v2");
      assertEquals("v1", fixture.getLatest("k", 1), "published when 2 came: still there");
      fixture.put("k", 3, "v3");
      assertEquals("retry", fixture.getLatest("k", 1));
      assertEquals("v2", fixture.getLatest("k", 2));
      assertEquals("v3", fixture.getLatest("k", 3));
    }
  }

  @Test
  void readerOlderThanTheKeyRetriesOnlyIfSomethingIsGone() {
    try (var fixture = new MemtableFixture(false)) {
      fixture.published = 4;
      fixture.put("k", 5, "v5");
      assertEquals("absent", fixture.getLatest("k", 4));
      fixture.put("k", 6, "v6");
      assertEquals("absent", fixture.getLatest("k", 4));
      fixture.put("k", 7, "v7");
      assertEquals("retry", fixture.getLatest("k", 4));
      assertEquals("absent", fixture.get("k", 4), "a registered one would have been heeded");
    }
  }

  @Test
  void unpublishedVersionsOfABatchDoNotPushOutThePublishedOne() {
    try (var fixture = new MemtableFixture(false)) {
      fixture.put("k", 1, "v1");
      for (int i = 2; i < 50; i++) {
        fixture.put("k", i, "v" + i);
        fixture.published = 1;
      }
      assertEquals("v1", fixture.getLatest("k", 1));
      assertEquals("v49", fixture.getLatest("k", 49));
    }
  }

  @Test
  void rangeDeletionsArePublished() {
    try (var fixture = new MemtableFixture(false)) {
      assertTrue(fixture.memtable.rangeTombstones().isEmpty());
      fixture.memtable.deleteRange(4, key("b"), key("d"), LiveSnapshots.all());
      RangeTombstones tombstones = fixture.memtable.rangeTombstones();
      assertEquals(4, tombstones.coveringSequence(key("c"), 0, 1, 9));
      assertFalse(fixture.memtable.isEmpty());
      assertEquals(4, fixture.memtable.largestSequence());
    }
  }

  @Test
  void keepsLargeValuesAndKeys() {
    var pool = new ChunkPool(0, true);
    try (var fixture = new MemtableFixture(pool, true, 64L << 20)) {
      var random = new Random(SEED);
      int[] sizes = {
        0, 1, 7, 8, 9, 1_000, 262_000, 262_144, 300_000, 1 << 20, (1 << 20) + 1, 5_000_000
      };
      long sequence = 1;
      for (int size : sizes) {
        fixture.put(Bytes.ofUtf8("v" + size), sequence++, random(random, size));
        fixture.put(random(random, 65_536 + 16 - size % 3), sequence++, Bytes.ofUtf8("key"));
        fixture.put(Bytes.ofUtf8("twice"), sequence++, random(random, size));
      }
      random = new Random(SEED);
      var twice = Bytes.EMPTY;
      for (int size : sizes) {
        var value = random(random, size);
        fixture.get(Bytes.ofUtf8("v" + size), 99, true);
        assertEquals(value, fixture.value(), REPRO + " size=" + size);
        fixture.get(random(random, 65_536 + 16 - size % 3), 99, true);
        assertEquals("key", fixture.value().toUtf8(), REPRO + " size=" + size);
        twice = random(random, size);
      }
      fixture.get(Bytes.ofUtf8("twice"), 99, true);
      assertEquals(twice, fixture.value(), REPRO);
      assertTrue(fixture.memtable.bytes() <= pool.bytes(), "all memory is the pool's");
    }
  }

  @Test
  void isFullByBytes() {
    try (var fixture = new MemtableFixture(false)) {
      var value = random(new Random(SEED), 10_000);
      int puts = 0;
      while (!fixture.memtable.isFull()) {
        fixture.put(Bytes.ofUtf8("k" + puts), ++puts, value);
      }
      long room = MemtableFixture.BUDGET - fixture.memtable.index().bytes();
      assertEquals(room / 10_040.0, puts, 2, "puts until full");
      fixture.put(Bytes.ofUtf8("one more"), ++puts, value);
      assertEquals("absent", fixture.get("k" + puts, 1 << 20));
    }
  }

  @Test
  void stretchesBeyondItsBudgetForAWhile() {
    try (var fixture = new MemtableFixture(false)) {
      var value = random(new Random(SEED), 10_000);
      int puts = 0;
      while (!fixture.memtable.isFull()) {
        fixture.put(Bytes.ofUtf8("k" + puts), ++puts, value);
      }
      int full = puts;
      while (fixture.memtable.canStretch(1, 10_000)) {
        fixture.put(Bytes.ofUtf8("k" + puts), ++puts, value);
      }
      assertEquals((4 << 20) / 10_040.0, puts - full, 3, "puts beyond");
      assertFalse(fixture.memtable.canStretch(1, 10_000));
      assertTrue(fixture.memtable.canTake(1, 10_000), "it is for memory's sake");
    }
  }

  @Test
  void doesNotStretchWithoutSlots() {
    try (var fixture = new MemtableFixture(false)) {
      int puts = 0;
      while (!fixture.memtable.isFull()) {
        fixture.put(Integer.toString(puts, 36), ++puts, "");
      }
      assertFalse(fixture.memtable.canStretch(1, 1));
    }
  }

  @Test
  void isFullBySlots() {
    try (var fixture = new MemtableFixture(false)) {
      long slots = fixture.memtable.index().slots();
      int puts = 0;
      while (!fixture.memtable.isFull()) {
        fixture.put(Integer.toString(puts, 36), ++puts, "");
      }
      assertEquals(slots * 4 / 5, puts);
      assertFalse(fixture.memtable.canTake(1, 0));
    }
  }

  @Test
  void isFullByRangeDeletions() {
    try (var fixture = new MemtableFixture(false)) {
      int deletions = 0;
      while (!fixture.memtable.isFull()) {
        byte[] start = {'k', (byte) (deletions >> 8), (byte) deletions, 0};
        byte[] end = {'k', (byte) (deletions >> 8), (byte) deletions, 1};
        fixture.memtable.deleteRange(++deletions, start, end, LiveSnapshots.all());
      }
      assertEquals(Memtable.RANGE_FRAGMENTS_MAX, deletions);
    }
  }

  @Test
  void isFullByTheKeysOfRangeDeletions() {
    try (var fixture = new MemtableFixture(false)) {
      int keyBytes = 60_000;
      int deletions = 0;
      while (!fixture.memtable.isFull()) {
        byte[] start = new byte[keyBytes];
        ByteArrays.putBeInt(start, 0, deletions);
        byte[] end = start.clone();
        end[keyBytes - 1] = 1;
        fixture.memtable.deleteRange(++deletions, start, end, LiveSnapshots.all());
      }
      assertTrue(
          2L * keyBytes * (deletions - 1) < MemtableFixture.BUDGET, "deletions=" + deletions);
    }
  }

  @Test
  void saysWhetherABatchFits() {
    try (var fixture = new MemtableFixture(false)) {
      long slots = fixture.memtable.index().slots();
      assertTrue(fixture.memtable.canTake(slots * 4 / 5, 100));
      assertFalse(fixture.memtable.canTake(slots, 100));
    }
    var pool = new ChunkPool(0, true);
    var options = new MemtableOptions(MemtableFixture.BUDGET, 1_000_000, false, 7);
    var large = new Memtable(pool, options);
    assertTrue(large.canTake(1_000_000, 100));
    large.release();
    pool.close();
  }

  @Test
  void iteratorNeedsOrder() {
    try (var fixture = new MemtableFixture(false)) {
      fixture.put("a", 1, "v");
      assertThrows(IllegalStateException.class, fixture.memtable::iterator);
      assertFalse(fixture.memtable.isOrderRequested());
      assertFalse(fixture.memtable.requestOrder());
      assertTrue(fixture.memtable.isOrderRequested());
      var task = fixture.memtable.orderTask(fixture.commitLock);
      assertNotNull(task);
      assertNull(fixture.memtable.orderTask(fixture.commitLock), "taken once");
      while (task.step()) {}
      assertTrue(fixture.memtable.requestOrder());
    }
  }

  @Test
  void eagerMemtableIsOrderedAtOnce() {
    try (var fixture = new MemtableFixture(true)) {
      assertTrue(fixture.memtable.isOrdered());
      assertNull(fixture.memtable.orderTask(fixture.commitLock));
      assertFalse(fixture.memtable.isOrderRequested(), "nobody has asked this one");
    }
  }

  @Test
  void writerFinishesAnIndexThatIsHandedOver() {
    var pool = new ChunkPool(0, true);
    try (var fixture = new MemtableFixture(pool, false, 16L << 20)) {
      for (int i = 0; i < 1_000; i++) {
        fixture.put("k" + i, i + 1, "v");
      }
      var task = fixture.memtable.orderTask(fixture.commitLock);
      int at = 1_000;
      // The writer outruns the task, so that catching up alone would never end.
      for (int steps = 0; !fixture.memtable.isOrdered(); steps++) {
        assertTrue(steps < 100, "the writer's share ends it");
        assertTrue(task.step());
        assertFalse(fixture.memtable.isOrdered(), "by the writer, not by the task");
        for (int i = 0; i < 2_200 && !fixture.memtable.isOrdered(); i++) {
          fixture.put("k" + at, ++at, "v");
        }
      }
      while (task.step()) {}
      fixture.put("k" + at, ++at, "v");
      try (var iterator = fixture.memtable.iterator()) {
        int seen = 0;
        for (iterator.seekToFirst(); iterator.isValid(); iterator.next()) {
          seen++;
        }
        assertEquals(at, seen);
      }
    }
  }

  @Test
  void memoryGoesBackWithTheLastReference() {
    var pool = new ChunkPool(0, true);
    try (var fixture = new MemtableFixture(pool, true, MemtableFixture.BUDGET)) {
      fixture.put("a", 1, "v");
      assertEquals(0, pool.idleBytes());
      var iterator = fixture.memtable.iterator();
      iterator.seekToFirst();
      var first = fixture.memtable;
      fixture.memtable = new Memtable(pool, new MemtableOptions(1 << 20, 0, false, 7));
      first.release();
      assertEquals(0, pool.idleBytes());
      assertTrue(iterator.isValid());
      assertEquals(1, iterator.valueLength());
      iterator.close();
      assertTrue(pool.idleBytes() > 0);
      assertThrows(IllegalStateException.class, first::retain);
      assertThrows(IllegalStateException.class, first::release);
    }
  }

  @Test
  void abandonedOrderTaskEndsAndReleases() {
    var pool = new ChunkPool(0, true);
    try (var fixture = new MemtableFixture(pool, false, MemtableFixture.BUDGET)) {
      for (int i = 0; i < 10_000; i++) {
        fixture.put("k" + i, i + 1, "v");
      }
      var task = fixture.memtable.orderTask(new ReentrantLock());
      assertTrue(task.step());
      assertTrue(task.step());
      var first = fixture.memtable;
      fixture.memtable = new Memtable(pool, new MemtableOptions(1 << 20, 0, false, 7));
      long lent = pool.bytes() - pool.idleBytes();
      first.release();
      assertEquals(lent, pool.bytes() - pool.idleBytes(), "the task still holds it");
      assertFalse(task.step());
      assertEquals(fixture.memtable.bytes(), pool.bytes() - pool.idleBytes());
    }
  }

  @Test
  void recycledMemoryIsAsGoodAsNew() {
    var pool = new ChunkPool(0, true);
    for (int round = 0; round < 4; round++) {
      var fixture = new MemtableFixture(pool, round % 2 == 0, MemtableFixture.BUDGET);
      for (int i = 0; i < 5_000; i++) {
        fixture.put("key" + i * 7919 % 5_000, i + 1, "round" + round + "/" + i);
      }
      if (round % 2 != 0) {
        fixture.order();
      }
      for (int i = 0; i < 5_000; i++) {
        assertEquals("round" + round + "/" + i, fixture.get("key" + i * 7919 % 5_000, 9_999));
        assertEquals("absent", fixture.get("other" + i, 9_999));
      }
      try (var iterator = fixture.memtable.iterator()) {
        iterator.seekToFirst();
        byte[] before = new byte[0];
        int seen = 0;
        for (; iterator.isValid(); iterator.next()) {
          byte[] key = Arrays.copyOf(iterator.keyBuffer(), iterator.keyLength());
          assertTrue(Arrays.compareUnsigned(before, key) < 0);
          before = key;
          seen++;
        }
        assertEquals(5_000, seen);
      }
      fixture.releaseMemtable();
    }
    pool.close();
  }

  private static int versionsShown(MemtableFixture fixture) {
    int versions = 0;
    try (var iterator = fixture.memtable.iterator()) {
      for (iterator.seekToFirst(); iterator.isValid(); iterator.next()) {
        versions++;
      }
    }
    return versions;
  }

  private static Bytes random(Random random, int size) {
    byte[] bytes = new byte[size];
    random.nextBytes(bytes);
    return Bytes.of(bytes);
  }

  private static byte[] key(String text) {
    return Bytes.ofUtf8(text).toArray();
  }
}
