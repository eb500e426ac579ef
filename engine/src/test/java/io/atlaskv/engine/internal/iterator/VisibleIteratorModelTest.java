package io.atlaskv.engine.internal.iterator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.internal.base.InternalKey;
import io.atlaskv.engine.internal.base.NeedsBlocks;
import io.atlaskv.engine.internal.base.RangeTombstone;
import io.atlaskv.engine.internal.base.RangeTombstones;
import io.atlaskv.engine.internal.base.ValueKind;
import io.atlaskv.engine.internal.iterator.InternalIteratorContract.Entry;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/// Random histories, cut into sources as flushes would, read at random snapshots within random
/// bounds by random moves, against a map to which the same history was applied.
class VisibleIteratorModelTest {
  private static final long SEED = Long.getLong("atlaskv.seed", 42);

  private final List<VisibleIterator.Source> sources = new ArrayList<>();
  private final List<Op> history = new ArrayList<>();

  private record Op(byte kind, Bytes key, Bytes end, long sequence) {}

  @Test
  void randomMovesMatchAMap() {
    for (long seed = SEED; seed < SEED + 400; seed++) {
      run(seed, 0);
    }
  }

  @Test
  void missesOnlyInvalidate() {
    for (long seed = SEED; seed < SEED + 150; seed++) {
      run(seed, 20);
    }
  }

  private void run(long seed, int missesPercent) {
    var random = new Random(seed);
    String repro = "rerun: -Datlaskv.seed=" + seed;
    int keys = 1 + random.nextInt(40);
    makeHistory(random, keys);
    for (int round = 0; round < 4; round++) {
      long snapshot = random.nextInt(history.size() + 2);
      Bytes lower = random.nextInt(3) == 0 ? key(random.nextInt(keys)) : null;
      Bytes upper = random.nextInt(3) == 0 ? key(random.nextInt(keys)) : null;
      makeSources(random, missesPercent);
      try (var iterator =
          new VisibleIterator(
              sources,
              snapshot,
              () -> 0,
              lower == null ? null : lower.toArray(),
              upper == null ? null : upper.toArray())) {
        walk(iterator, visible(snapshot, lower, upper), random, keys, repro);
      }
    }
  }

  private void makeHistory(Random random, int keys) {
    history.clear();
    int operations = 1 + random.nextInt(120);
    int hotKey = random.nextInt(keys);
    for (long sequence = 1; sequence <= operations; sequence++) {
      Bytes key = key(random.nextInt(4) == 0 ? hotKey : random.nextInt(keys));
      switch (random.nextInt(8)) {
        case 0 -> {
          int start = random.nextInt(keys);
          int end = start + 1 + random.nextInt(keys);
          history.add(new Op(ValueKind.RANGE_DELETE, key(start), key(end), sequence));
        }
        case 1, 2 -> history.add(new Op(ValueKind.DELETE, key, Bytes.EMPTY, sequence));
        default -> history.add(new Op(ValueKind.PUT, key, Bytes.EMPTY, sequence));
      }
    }
  }

  /// Cuts the history into runs; each becomes a source.
  private void makeSources(Random random, int missesPercent) {
    sources.clear();
    var points = new ArrayList<Entry>();
    var tombstones = new ArrayList<RangeTombstone>();
    for (Op op : history) {
      if (op.kind == ValueKind.RANGE_DELETE) {
        tombstones.add(new RangeTombstone(op.key, op.end, op.sequence));
      } else {
        points.add(
            new Entry(op.key, InternalKey.pack(op.sequence, op.kind), value(op.kind, op.sequence)));
      }
      if (random.nextInt(15) == 0 || op.equals(history.getLast())) {
        points.sort(Comparator.naturalOrder());
        sources.addFirst(
            new VisibleIterator.Source(
                new EntryListIterator(
                    List.copyOf(points), () -> random.nextInt(100) < missesPercent),
                RangeTombstones.ofList(tombstones)));
        points.clear();
        tombstones.clear();
      }
    }
  }

  private NavigableMap<Bytes, Long> visible(
      long snapshot, @Nullable Bytes lower, @Nullable Bytes upper) {
    var model = new TreeMap<Bytes, Long>();
    for (Op op : history) {
      if (op.sequence <= snapshot) {
        switch (op.kind) {
          case ValueKind.PUT -> model.put(op.key, op.sequence);
          case ValueKind.DELETE -> model.remove(op.key);
          default -> model.subMap(op.key, op.end).clear();
        }
      }
    }
    NavigableMap<Bytes, Long> bounded = lower == null ? model : model.tailMap(lower, true);
    if (upper == null) {
      return bounded;
    }
    return lower != null && lower.compareTo(upper) > 0
        ? new TreeMap<>()
        : bounded.headMap(upper, false);
  }

  private static void walk(
      VisibleIterator iterator,
      NavigableMap<Bytes, Long> model,
      Random random,
      int keys,
      String repro) {
    Map.@Nullable Entry<Bytes, Long> expected = null;
    for (int step = 0; step < 60; step++) {
      byte[] target = key(random.nextInt(keys + 1)).toArray();
      int move = random.nextInt(expected == null ? 4 : 14);
      try {
        switch (move) {
          case 0 -> {
            expected = model.firstEntry();
            iterator.seekToFirst();
          }
          case 1 -> {
            expected = model.lastEntry();
            iterator.seekToLast();
          }
          case 2 -> {
            expected = model.ceilingEntry(Bytes.of(target));
            iterator.seek(target, 0, target.length);
          }
          case 3 -> {
            expected = model.floorEntry(Bytes.of(target));
            iterator.seekForPrev(target, 0, target.length);
          }
          case 4, 5, 6, 7, 8 -> {
            expected = model.higherEntry(expected.getKey());
            iterator.next();
          }
          default -> {
            expected = model.lowerEntry(expected.getKey());
            iterator.prev();
          }
        }
      } catch (NeedsBlocks e) {
        expected = null;
      }
      assertAt(expected, iterator, repro + " step " + step + " move " + move);
    }
  }

  private static void assertAt(
      Map.@Nullable Entry<Bytes, Long> expected, VisibleIterator iterator, String message) {
    assertEquals(expected != null, iterator.isValid(), message);
    if (expected != null) {
      assertEquals(
          expected.getKey(), Bytes.of(iterator.keyBuffer(), 0, iterator.keyLength()), message);
      assertEquals(expected.getValue(), iterator.sequence(), message);
      byte[] value = new byte[iterator.valueLength()];
      MemorySegment.copy(
          iterator.valueSegment(),
          ValueLayout.JAVA_BYTE,
          iterator.valueOffset(),
          value,
          0,
          value.length);
      assertEquals(value(ValueKind.PUT, expected.getValue()), Bytes.of(value), message);
    }
  }

  private static Bytes value(byte kind, long sequence) {
    return kind == ValueKind.PUT ? Bytes.ofUtf8("value " + sequence) : Bytes.EMPTY;
  }

  private static Bytes key(int index) {
    return Bytes.ofUtf8("key" + (char) ('a' + index / 26) + (char) ('a' + index % 26));
  }

  /// A deleted range costs a few moves however long it is: that is what the skip is for.
  @Test
  void deletedRangeOfAnOlderSourceIsSkippedByOneSeek() {
    var moves = new int[1];
    var older = new ArrayList<Entry>();
    for (int i = 0; i < 10_000; i++) {
      older.add(Entry.put("k%05d".formatted(i), 1 + i, "v"));
    }
    var tombstone = new RangeTombstone(Bytes.ofUtf8("k00001"), Bytes.ofUtf8("k09999"), 20_000);
    var newer = List.of(Entry.put("k05000", 20_001, "new"));
    InternalIterator counted =
        new EntryListIterator(
            older,
            () -> {
              moves[0]++;
              return false;
            });
    try (var iterator =
        new VisibleIterator(
            List.of(
                new VisibleIterator.Source(
                    new EntryListIterator(newer), RangeTombstones.ofList(List.of(tombstone))),
                new VisibleIterator.Source(counted, RangeTombstones.EMPTY)),
            30_000,
            () -> 0,
            null,
            null)) {
      iterator.seekToFirst();
      iterator.next();
      assertEquals("k05000", keyOf(iterator));
      iterator.next();
      assertEquals("k09999", keyOf(iterator));
      iterator.prev();
      assertEquals("k05000", keyOf(iterator));
      iterator.prev();
      assertEquals("k00000", keyOf(iterator));
    }
    assertTrue(moves[0] < 20, "moves=" + moves[0]);
  }

  private static String keyOf(VisibleIterator iterator) {
    return Bytes.of(iterator.keyBuffer(), 0, iterator.keyLength()).toUtf8();
  }
}
