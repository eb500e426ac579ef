package io.atlaskv.engine.internal.memtable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.internal.base.InternalKey;
import io.atlaskv.engine.internal.base.Lookup;
import io.atlaskv.engine.internal.base.ValueKind;
import io.atlaskv.engine.internal.io.Task;
import io.atlaskv.engine.internal.iterator.InternalIterator;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;
import java.util.concurrent.ConcurrentSkipListMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Random writes, snapshots, order tasks and iterators against a map that keeps every version.
class MemtableModelTest {
  private static final long SEED = Long.getLong("atlaskv.seed", 42);
  private static final int ROUNDS = Integer.getInteger("atlaskv.rounds", 15);

  @Test
  void everySnapshotSeesWhatTheModelSays() {
    for (long seed = SEED; seed < SEED + ROUNDS; seed++) {
      try (var run = new Run(seed)) {
        run.all();
      }
    }
  }

  /// One memtable from one seed.
  private static final class Run implements AutoCloseable {
    private final Random random;
    private final String repro;
    private final boolean isOrdered;
    private final MemtableFixture fixture;
    private final ConcurrentSkipListMap<Bytes, TreeMap<Long, Bytes>> model =
        new ConcurrentSkipListMap<>();
    private final List<Long> published = new ArrayList<>(List.of(0L)); // what readers may have
    private final int keySpace;
    private final int keyShape;
    private @Nullable Task order;
    private long sequence;

    Run(long seed) {
      random = new Random(seed);
      repro = "rerun: -Dtest=MemtableModelTest -Datlaskv.rounds=1 -Datlaskv.seed=" + seed;
      isOrdered = random.nextBoolean();
      keySpace = 1 << random.nextInt(12);
      keyShape = random.nextInt(4);
      fixture = new MemtableFixture(new ChunkPool(1, true), isOrdered, 2L << 20);
    }

    void all() {
      int steps = 500 + random.nextInt(4_000);
      for (int step = 0; step < steps; step++) {
        switch (random.nextInt(40)) {
          case 0 -> fixture.snapshots.add(fixture.published);
          case 1 -> releaseSnapshot();
          case 2 -> checkSomeReads();
          case 3 -> stepOrder();
          case 4 -> batch(1 + random.nextInt(30));
          case 5 -> {
            if (random.nextInt(10) == 0) {
              checkIterator();
            }
          }
          default -> batch(1);
        }
      }
      checkSomeReads();
      while (!fixture.memtable.isOrdered()) {
        stepOrder();
      }
      checkIterator();
    }

    @Override
    public void close() {
      while (order != null && order.step()) {}
      fixture.close();
    }

    /// Several writes that become visible together.
    private void batch(int operations) {
      long before = fixture.published;
      for (int i = 0; i < operations; i++) {
        sequence++;
        var key = key();
        boolean isDelete = random.nextInt(5) == 0;
        var value = isDelete ? null : value();
        model.computeIfAbsent(key, _ -> new TreeMap<>()).put(sequence, value);
        fixture.put(
            key,
            InternalKey.pack(sequence, isDelete ? ValueKind.DELETE : ValueKind.PUT),
            isDelete ? Bytes.EMPTY : value,
            fixture.live);
        assertEquals(before, fixture.published);
      }
      if (operations > 1 && random.nextBoolean()) {
        checkSomeReads(); // in the middle: nothing of the batch may show
      }
      fixture.published = sequence;
      published.add(sequence);
    }

    private void stepOrder() {
      if (isOrdered || fixture.memtable.isOrdered()) {
        return;
      }
      if (order == null) {
        order = fixture.memtable.orderTask(fixture.commitLock);
      }
      order.step();
    }

    private void releaseSnapshot() {
      if (!fixture.snapshots.isEmpty()) {
        fixture.snapshots.remove(snapshot());
      }
    }

    private long snapshot() {
      return List.copyOf(fixture.snapshots).get(random.nextInt(fixture.snapshots.size()));
    }

    private void checkSomeReads() {
      for (int i = 0; i < 20; i++) {
        var key = key();
        if (!fixture.snapshots.isEmpty()) {
          long snapshot = snapshot();
          check(fixture.get(key, snapshot, true), key, snapshot);
        }
        check(fixture.get(key, fixture.published, false), key, fixture.published);
        long stale = published.get(random.nextInt(published.size()));
        int state = fixture.get(key, stale, false);
        if (state != Memtable.RETRY) {
          check(state, key, stale);
        }
      }
    }

    private void check(int state, Bytes key, long snapshot) {
      var expected = visible(key, snapshot);
      String message = repro + " key=" + key + " snapshot=" + snapshot;
      if (expected == null) {
        assertEquals(Lookup.ABSENT, state, message);
      } else if (expected.getValue() == null) {
        assertEquals(Lookup.DELETED, state, message);
        assertEquals(expected.getKey(), fixture.sequence(), message);
      } else {
        assertEquals(Lookup.FOUND, state, message);
        assertEquals(expected.getKey(), fixture.sequence(), message);
        assertEquals(expected.getValue(), fixture.value(), message);
      }
    }

    private Map.@Nullable Entry<Long, Bytes> visible(Bytes key, long snapshot) {
      var versions = model.get(key);
      return versions == null ? null : versions.floorEntry(snapshot);
    }

    /// All that a snapshot sees, in order, both ways, while writes go on.
    private void checkIterator() {
      if (!fixture.memtable.isOrdered()) {
        return;
      }
      long snapshot = fixture.published;
      boolean isNew = fixture.snapshots.add(snapshot);
      var expected = new ArrayList<String>();
      model.forEach((key, versions) -> {
        var entry = versions.floorEntry(snapshot);
        if (entry != null) {
          expected.add(key + "@" + entry.getKey() + "=" + entry.getValue());
        }
      });
      try (var iterator = fixture.memtable.iterator()) {
        var forward = new ArrayList<String>();
        Bytes last = null;
        for (iterator.seekToFirst(); iterator.isValid(); iterator.next()) {
          var key = keyOf(iterator);
          assertTrue(last == null || last.compareTo(key) <= 0, repro);
          if (!key.equals(last) && sequenceOf(iterator) <= snapshot) {
            forward.add(show(iterator));
            last = key;
          }
          writeBeside();
        }
        assertEquals(expected, forward, repro);
        var backward = new ArrayList<String>();
        last = null;
        for (iterator.seekToLast(); iterator.isValid(); iterator.prev()) {
          var key = keyOf(iterator);
          if (sequenceOf(iterator) <= snapshot) {
            if (key.equals(last)) {
              backward.removeLast(); // a newer one that the snapshot sees, too
            }
            backward.add(show(iterator));
            last = key;
          }
          writeBeside();
        }
        assertEquals(expected, backward.reversed(), repro);
        checkSeeks(iterator, snapshot);
      }
      if (isNew) {
        fixture.snapshots.remove(snapshot);
      }
    }

    private void checkSeeks(InternalIterator iterator, long snapshot) {
      for (int i = 0; i < 20; i++) {
        var target = key();
        iterator.seek(target.toArray(), 0, target.length());
        var ceiling = model.ceilingKey(target);
        assertEquals(ceiling != null, iterator.isValid(), repro);
        if (ceiling != null) {
          assertEquals(ceiling, keyOf(iterator), repro + " snapshot=" + snapshot);
        }
        iterator.seekForPrev(target.toArray(), 0, target.length());
        var floor = model.floorKey(target);
        assertEquals(floor != null, iterator.isValid(), repro);
        if (floor != null) {
          assertEquals(floor, keyOf(iterator), repro + " snapshot=" + snapshot);
        }
      }
    }

    private void writeBeside() {
      if (random.nextInt(8) == 0) {
        batch(1 + random.nextInt(3));
      }
    }

    private String show(InternalIterator iterator) {
      if (InternalKey.kind(iterator.trailer()) == ValueKind.DELETE) {
        return keyOf(iterator) + "@" + sequenceOf(iterator) + "=null";
      }
      byte[] value = new byte[iterator.valueLength()];
      MemorySegment.copy(
          iterator.valueSegment(),
          ValueLayout.JAVA_BYTE,
          iterator.valueOffset(),
          value,
          0,
          value.length);
      return keyOf(iterator) + "@" + sequenceOf(iterator) + "=" + Bytes.of(value);
    }

    private static Bytes keyOf(InternalIterator iterator) {
      return Bytes.of(iterator.keyBuffer(), 0, iterator.keyLength());
    }

    private static long sequenceOf(InternalIterator iterator) {
      return InternalKey.sequence(iterator.trailer());
    }

    /// Keys that share prefixes, short, long beyond what a tree node strips, or hardly different.
    private Bytes key() {
      int number = random.nextInt(keySpace);
      return switch (keyShape) {
        case 0 -> Bytes.ofUtf8("user:" + number);
        case 1 -> Bytes.ofUtf8("x".repeat(45 + number % 3) + number);
        case 2 -> {
          byte[] key = new byte[number % 17];
          key = key.length == 0 ? new byte[] {(byte) number} : key;
          key[key.length - 1] = (byte) (number / 17);
          yield Bytes.of(key);
        }
        default -> Bytes.ofUtf8((number % 5 == 0 ? "a" : "account/") + number * 7919);
      };
    }

    private Bytes value() {
      byte[] value = new byte[random.nextInt(20)];
      random.nextBytes(value);
      return Bytes.of(value);
    }
  }
}
