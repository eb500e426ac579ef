package io.atlaskv.engine.internal.iterator;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.internal.base.InternalKey;
import io.atlaskv.engine.internal.base.ValueKind;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

/// What every `InternalIterator` must do. A subclass per implementation says how to make one over
/// given entries.
public abstract class InternalIteratorContract {
  private static final long SEED = Long.getLong("atlaskv.seed", 42);

  /// One entry, as the iterator under test must show it.
  public record Entry(Bytes key, long trailer, Bytes value) implements Comparable<Entry> {
    /// A value.
    public static Entry put(String key, long sequence, String value) {
      return new Entry(
          Bytes.ofUtf8(key), InternalKey.pack(sequence, ValueKind.PUT), Bytes.ofUtf8(value));
    }

    /// A tombstone.
    public static Entry delete(String key, long sequence) {
      return new Entry(
          Bytes.ofUtf8(key), InternalKey.pack(sequence, ValueKind.DELETE), Bytes.EMPTY);
    }

    @Override
    public int compareTo(Entry other) {
      int order = key.compareTo(other.key);
      return order != 0 ? order : InternalKey.compareTrailers(trailer, other.trailer);
    }
  }

  /// Makes an iterator over `entries`, which are in internal order and have distinct (key, trailer)
  /// pairs. The test closes the iterator; what lies behind it is the subclass's business.
  protected abstract InternalIterator open(List<Entry> entries);

  @Test
  void isInvalidBeforeTheFirstSeek() {
    try (var iterator = open(sample())) {
      assertFalse(iterator.isValid());
    }
  }

  @Test
  void findsNothingWhenThereIsNothing() {
    try (var iterator = open(List.of())) {
      iterator.seekToFirst();
      assertFalse(iterator.isValid());
      iterator.seekToLast();
      assertFalse(iterator.isValid());
      seek(iterator, Bytes.EMPTY);
      assertFalse(iterator.isValid());
      seekForPrev(iterator, Bytes.ofUtf8("z"));
      assertFalse(iterator.isValid());
    }
  }

  @Test
  void walksForwardOverAllVersionsNewestFirst() {
    var entries = sample();
    try (var iterator = open(entries)) {
      iterator.seekToFirst();
      for (var entry : entries) {
        assertAt(entry, iterator, "forward");
        iterator.next();
      }
      assertFalse(iterator.isValid());
    }
  }

  @Test
  void walksBackward() {
    var entries = sample();
    try (var iterator = open(entries)) {
      iterator.seekToLast();
      for (var entry : entries.reversed()) {
        assertAt(entry, iterator, "backward");
        iterator.prev();
      }
      assertFalse(iterator.isValid());
    }
  }

  @Test
  void seekFindsTheNewestVersionOfTheFirstKeyAtOrAfter() {
    try (var iterator = open(sample())) {
      seek(iterator, Bytes.ofUtf8("b"));
      assertAt(Entry.put("b", 9, "b9"), iterator, "seek b");
      seek(iterator, Bytes.ofUtf8("bb"));
      assertAt(Entry.put("c", 1, ""), iterator, "seek bb");
      seek(iterator, Bytes.EMPTY);
      assertAt(Entry.put("a", 2, "a2"), iterator, "seek start");
      seek(iterator, Bytes.ofUtf8("zz"));
      assertFalse(iterator.isValid());
    }
  }

  @Test
  void seekForPrevFindsTheOldestVersionOfTheLastKeyAtOrBefore() {
    try (var iterator = open(sample())) {
      seekForPrev(iterator, Bytes.ofUtf8("b"));
      assertAt(Entry.put("b", 3, "b3"), iterator, "seekForPrev b");
      seekForPrev(iterator, Bytes.ofUtf8("bz"));
      assertAt(Entry.put("b", 3, "b3"), iterator, "seekForPrev bz");
      seekForPrev(iterator, Bytes.ofUtf8("zz"));
      assertAt(Entry.put("cc", 7, "cc7"), iterator, "seekForPrev end");
      seekForPrev(iterator, Bytes.ofUtf8("A"));
      assertFalse(iterator.isValid());
    }
  }

  @Test
  void seekReadsOnlyTheSliceOfTheArray() {
    try (var iterator = open(sample())) {
      byte[] padded = {'z', 'b', 'z'};
      iterator.seek(padded, 1, 1);
      assertAt(Entry.put("b", 9, "b9"), iterator, "seek slice");
      iterator.seekForPrev(padded, 1, 1);
      assertAt(Entry.put("b", 3, "b3"), iterator, "seekForPrev slice");
    }
  }

  @Test
  void becomesUsableAgainAfterRunningOffAnEnd() {
    try (var iterator = open(sample())) {
      iterator.seekToLast();
      iterator.next();
      assertFalse(iterator.isValid());
      iterator.seekToFirst();
      assertAt(sample().getFirst(), iterator, "first again");
      iterator.prev();
      assertFalse(iterator.isValid());
      iterator.seekToLast();
      assertAt(sample().getLast(), iterator, "last again");
    }
  }

  @Test
  void closesTwice() {
    var iterator = open(sample());
    iterator.seekToFirst();
    iterator.close();
    iterator.close();
  }

  @Test
  void randomMovesMatchASortedList() {
    for (long seed = SEED; seed < SEED + 10; seed++) {
      var random = new Random(seed);
      var entries = randomEntries(random, 1 + random.nextInt(600));
      var repro = "rerun: -Datlaskv.seed=" + seed + " step ";
      try (var iterator = open(entries)) {
        int at = -1;
        for (int step = 0; step < 600; step++) {
          boolean isInside = at >= 0 && at < entries.size();
          switch (random.nextInt(isInside ? 20 : 4)) {
            case 0 -> {
              iterator.seekToFirst();
              at = 0;
            }
            case 1 -> {
              iterator.seekToLast();
              at = entries.size() - 1;
            }
            case 2 -> {
              var target = randomTarget(random, entries);
              seek(iterator, target);
              at = firstAtOrAfter(entries, target);
            }
            case 3 -> {
              var target = randomTarget(random, entries);
              seekForPrev(iterator, target);
              at = lastAtOrBefore(entries, target);
            }
            case 4, 5, 6, 7, 8, 9, 10, 11, 12, 13 -> {
              iterator.next();
              at++;
              if (at < entries.size()) {
                boolean isOlder = entries.get(at).key().equals(entries.get(at - 1).key());
                assertEquals(isOlder, iterator.isOlderVersion(), repro + step);
              }
            }
            default -> {
              iterator.prev();
              at--;
            }
          }
          if (at >= 0 && at < entries.size()) {
            assertAt(entries.get(at), iterator, repro + step);
          } else {
            assertFalse(iterator.isValid(), repro + step);
          }
        }
      }
    }
  }

  /// Asserts that the iterator stands on `expected`.
  protected static void assertAt(Entry expected, InternalIterator iterator, String message) {
    assertTrue(iterator.isValid(), message);
    assertEquals(expected.key(), Bytes.of(iterator.keyBuffer(), 0, iterator.keyLength()), message);
    assertEquals(expected.trailer(), iterator.trailer(), message);
    byte[] value = new byte[iterator.valueLength()];
    MemorySegment.copy(
        iterator.valueSegment(),
        ValueLayout.JAVA_BYTE,
        iterator.valueOffset(),
        value,
        0,
        value.length);
    assertEquals(expected.value(), Bytes.of(value), message);
  }

  /// Random entries in internal order: keys that share prefixes, several versions of some, empty
  /// and long values, tombstones.
  protected static List<Entry> randomEntries(Random random, int count) {
    var keys = new ArrayList<Bytes>();
    var entries = new TreeSet<Entry>();
    while (entries.size() < count) {
      Bytes key;
      if (!keys.isEmpty() && random.nextInt(3) == 0) {
        key = keys.get(random.nextInt(keys.size()));
      } else {
        key = randomKey(random);
        keys.add(key);
      }
      long sequence = random.nextInt(4) == 0 ? random.nextLong(1L << 50) : random.nextInt(2_000);
      if (random.nextInt(5) == 0) {
        entries.add(new Entry(key, InternalKey.pack(sequence, ValueKind.DELETE), Bytes.EMPTY));
      } else {
        byte[] value =
            new byte[random.nextInt(20) == 0 ? random.nextInt(9_000) : random.nextInt(60)];
        random.nextBytes(value);
        entries.add(new Entry(key, InternalKey.pack(sequence, ValueKind.PUT), Bytes.of(value)));
      }
    }
    return List.copyOf(entries);
  }

  private static Bytes randomKey(Random random) {
    return switch (random.nextInt(4)) {
      case 0 -> Bytes.ofUtf8("user:" + random.nextInt(200) + ":name");
      case 1 -> Bytes.ofUtf8("user:" + random.nextInt(50));
      case 2 -> {
        byte[] key = new byte[random.nextInt(4)];
        random.nextBytes(key);
        yield Bytes.of(key);
      }
      default -> {
        byte[] key = new byte[random.nextInt(40)];
        for (int i = 0; i < key.length; i++) {
          key[i] = (byte) (random.nextInt(8) == 0 ? 0xff : 0);
        }
        yield Bytes.of(key);
      }
    };
  }

  private static Bytes randomTarget(Random random, List<Entry> entries) {
    return random.nextBoolean()
        ? entries.get(random.nextInt(entries.size())).key()
        : randomKey(random);
  }

  private static int firstAtOrAfter(List<Entry> entries, Bytes target) {
    int at = 0;
    while (at < entries.size() && entries.get(at).key().compareTo(target) < 0) {
      at++;
    }
    return at;
  }

  private static int lastAtOrBefore(List<Entry> entries, Bytes target) {
    int at = entries.size() - 1;
    while (at >= 0 && entries.get(at).key().compareTo(target) > 0) {
      at--;
    }
    return at;
  }

  private static void seek(InternalIterator iterator, Bytes target) {
    iterator.seek(target.toArray(), 0, target.length());
  }

  private static void seekForPrev(InternalIterator iterator, Bytes target) {
    iterator.seekForPrev(target.toArray(), 0, target.length());
  }

  private static List<Entry> sample() {
    return List.of(
        Entry.put("a", 2, "a2"),
        Entry.put("b", 9, "b9"),
        Entry.delete("b", 5),
        Entry.put("b", 3, "b3"),
        Entry.put("c", 1, ""),
        Entry.delete("ca", 4),
        Entry.put("cc", 7, "cc7"));
  }
}
