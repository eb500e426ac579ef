package io.atlaskv.engine.internal.base;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.api.Bytes;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import java.util.TreeSet;
import org.junit.jupiter.api.Test;

class RangeTombstonesTest {
  private static final long SEED = Long.getLong("atlaskv.seed", 42);
  private static final String REPRO =
      "rerun: -Dtest=RangeTombstonesTest -Datlaskv.seed=" + SEED + " step ";
  private static final LiveSnapshots NONE = (_, _) -> false;

  @Test
  void emptySetCoversNothing() {
    var set = RangeTombstones.EMPTY;
    assertTrue(set.isEmpty());
    assertEquals(0, set.fragments());
    assertEquals(RangeTombstones.NONE, covering(set, "a", 9));
    assertSame(set, RangeTombstones.ofList(List.of()));
  }

  @Test
  void startIsInsideAndEndIsOutside() {
    var set = RangeTombstones.EMPTY.with(bytes("b"), bytes("d"), 7, LiveSnapshots.all());
    assertEquals(RangeTombstones.NONE, covering(set, "azz", 9));
    assertEquals(7, covering(set, "b", 9));
    assertEquals(7, covering(set, "czz", 9));
    assertEquals(RangeTombstones.NONE, covering(set, "d", 9));
  }

  @Test
  void snapshotSeesOnlyOlderDeletions() {
    var set =
        RangeTombstones.EMPTY
            .with(bytes("a"), bytes("m"), 5, LiveSnapshots.all())
            .with(bytes("f"), bytes("z"), 8, LiveSnapshots.all());
    assertEquals("[a, f)@5 [f, m)@8,5 [m, z)@8", set.toString());
    assertEquals(RangeTombstones.NONE, covering(set, "g", 4));
    assertEquals(5, covering(set, "g", 7));
    assertEquals(8, covering(set, "g", 8));
    assertEquals(RangeTombstones.NONE, covering(set, "p", 7));
  }

  @Test
  void splitsWhatSticksOutOnBothSides() {
    var set =
        RangeTombstones.EMPTY
            .with(bytes("a"), bytes("z"), 5, LiveSnapshots.all())
            .with(bytes("f"), bytes("m"), 8, LiveSnapshots.all());
    assertEquals("[a, f)@5 [f, m)@8,5 [m, z)@5", set.toString());
  }

  @Test
  void fillsGapsBetweenFragments() {
    var set =
        RangeTombstones.EMPTY
            .with(bytes("c"), bytes("d"), 1, LiveSnapshots.all())
            .with(bytes("f"), bytes("g"), 2, LiveSnapshots.all())
            .with(bytes("a"), bytes("z"), 3, LiveSnapshots.all());
    assertEquals("[a, c)@3 [c, d)@3,1 [d, f)@3 [f, g)@3,2 [g, z)@3", set.toString());
  }

  @Test
  void broadDeletionReplacesAllThatNoSnapshotNeeds() {
    var set = RangeTombstones.EMPTY;
    for (int i = 0; i < 26; i++) {
      String key = "" + (char) ('a' + i);
      set = set.with(bytes(key), bytes(key + "x"), i + 1, NONE);
    }
    assertEquals(26, set.fragments());
    set = set.with(bytes("a"), bytes("zz"), 100, NONE);
    assertEquals("[a, ax)@100* [ax, b)@100", set.toString().substring(0, 24));
    set = set.with(bytes("a"), bytes("zz"), 101, NONE);
    assertEquals("[a, zz)@101*", set.toString());
  }

  @Test
  void keepsWhatALiveSnapshotNeeds() {
    LiveSnapshots six = (from, to) -> from <= 6 && 6 < to;
    var set = RangeTombstones.EMPTY;
    for (long sequence : new long[] {3, 5, 7, 9}) {
      set = set.with(bytes("a"), bytes("z"), sequence, six);
    }
    assertEquals("[a, z)@9*,5*", set.toString());
    assertEquals(5, covering(set, "k", 6));
    assertEquals(9, covering(set, "k", 10));
  }

  @Test
  void unregisteredReaderInAGapIsToldToRetry() {
    var set = RangeTombstones.EMPTY;
    for (long sequence : new long[] {3, 5, 7}) {
      set = set.with(bytes("a"), bytes("z"), sequence, (from, to) -> from <= 3 && 3 < to);
    }
    assertEquals("[a, z)@7*,3", set.toString());
    byte[] key = bytes("k");
    assertEquals(7, set.latestCoveringSequence(key, 0, 1, 7));
    assertEquals(RangeTombstones.RETRY, set.latestCoveringSequence(key, 0, 1, 6));
    assertEquals(RangeTombstones.RETRY, set.latestCoveringSequence(key, 0, 1, 3));
    assertEquals(RangeTombstones.NONE, set.latestCoveringSequence(key, 0, 1, 2));
    assertEquals(3, set.coveringSequence(key, 0, 1, 3));
    assertEquals(RangeTombstones.NONE, set.latestCoveringSequence(bytes("zz"), 0, 2, 3));
  }

  @Test
  void emptyRangeChangesNothing() {
    var set = RangeTombstones.EMPTY.with(bytes("b"), bytes("b"), 7, LiveSnapshots.all());
    assertTrue(set.isEmpty());
  }

  @Test
  void joinsTouchingFragmentsOfEqualSequences() {
    var set =
        RangeTombstones.ofList(
            List.of(tombstone("a", "c", 4), tombstone("c", "f", 4), tombstone("b", "d", 4)));
    assertEquals("[a, f)@4", set.toString());
  }

  @Test
  void clipCutsFragmentsAtTheBounds() {
    var set =
        RangeTombstones.ofList(
            List.of(tombstone("a", "e", 4), tombstone("g", "k", 6), tombstone("m", "p", 1)));
    assertEquals("[b, e)@4 [g, h)@6", set.clip(bytes("b"), bytes("h")).toString());
    assertEquals("[a, e)@4", set.clip(null, bytes("g")).toString());
    assertEquals("[m, p)@1", set.clip(bytes("k"), null).toString());
    assertTrue(set.clip(bytes("e"), bytes("g")).isEmpty());
    assertSame(set, set.clip(null, null));
    assertSame(set, set.clip(bytes("a"), bytes("p")));
  }

  @Test
  void randomSetsMatchBruteForce() {
    var random = new Random(SEED);
    for (int round = 0; round < 60; round++) {
      var all = new ArrayList<RangeTombstone>();
      var snapshots = new TreeSet<Long>();
      long[] published = {0};
      LiveSnapshots live =
          (from, to) ->
              !snapshots.subSet(from, to).isEmpty() || (from <= published[0] && published[0] < to);
      var set = RangeTombstones.EMPTY;
      for (int step = 1; step <= 60; step++) {
        int low = random.nextInt(40);
        int high = low + 1 + random.nextInt(random.nextInt(4) == 0 ? 40 : 4);
        set = set.with(key(low), key(high), step, live);
        all.add(new RangeTombstone(Bytes.of(key(low)), Bytes.of(key(high)), step));
        if (random.nextBoolean()) {
          published[0] = step;
        }
        if (random.nextInt(5) == 0) {
          snapshots.add(published[0]);
        }
        if (random.nextInt(7) == 0 && !snapshots.isEmpty()) {
          snapshots.remove(snapshots.first());
        }
        checkForm(set, round + "/" + step);
        for (long snapshot : snapshots) {
          assertMatches(all, set, snapshot, round + "/" + step);
        }
        assertMatches(all, set, published[0], round + "/" + step);
        assertMatches(all, set, step, round + "/" + step);
        assertStaleReadersRetryOrAreRight(all, set, step, round + "/" + step);
      }
      var unfiltered = RangeTombstones.ofList(all);
      checkForm(unfiltered, "list " + round);
      var parts = RangeTombstones.union(List.of(RangeTombstones.EMPTY, unfiltered, set));
      assertEquals(unfiltered.toString(), parts.toString(), REPRO + round);
      for (long snapshot = 0; snapshot <= 60; snapshot++) {
        assertMatches(all, unfiltered, snapshot, "list " + round);
      }
      byte[] lower = key(random.nextInt(30));
      byte[] upper = key(30 + random.nextInt(30));
      var clipped = unfiltered.clip(lower, upper);
      checkForm(clipped, "clip " + round);
      for (int k = 0; k < 90; k++) {
        byte[] key = key(k);
        boolean isInside =
            Arrays.compareUnsigned(key, lower) >= 0 && Arrays.compareUnsigned(key, upper) < 0;
        assertEquals(
            isInside ? unfiltered.coveringSequence(key, 0, key.length, 60) : 0,
            clipped.coveringSequence(key, 0, key.length, 60),
            REPRO + "clip " + round);
      }
    }
  }

  @Test
  void tenThousandFragmentsAreFound() {
    var set = RangeTombstones.EMPTY;
    int[] order = new Random(SEED).ints(0, 1 << 20).distinct().limit(10_000).toArray();
    for (int i = 0; i < order.length; i++) {
      int at = order[i] * 4;
      set = set.with(number(at), number(at + 2), i + 1, LiveSnapshots.all());
    }
    assertEquals(10_000, set.fragments());
    for (int i = 0; i < order.length; i++) {
      byte[] inside = number(order[i] * 4 + 1);
      assertEquals(i + 1, set.coveringSequence(inside, 0, inside.length, Long.MAX_VALUE), REPRO);
      byte[] outside = number(order[i] * 4 + 2);
      assertEquals(0, set.coveringSequence(outside, 0, outside.length, Long.MAX_VALUE), REPRO);
    }
  }

  @Test
  void manyLeavesHoldWhatOneWould() {
    var random = new Random(SEED);
    for (int round = 0; round < 4; round++) {
      var flat = RangeTombstoneLeaf.EMPTY;
      var set = RangeTombstones.EMPTY;
      long[] published = {0};
      LiveSnapshots live = (from, to) -> from <= published[0] && published[0] < to;
      for (int step = 1; step <= 3000; step++) {
        int low = random.nextInt(1 << 16);
        int length = random.nextInt(300) == 0 ? random.nextInt(1 << 16) : random.nextInt(20);
        set = set.with(number(low), number(low + length), step, live);
        flat = length == 0 ? flat : flat.with(number(low), number(low + length), step, live);
        published[0] = random.nextInt(3) == 0 ? published[0] : step;
        if (step % 100 == 0) {
          assertAlike(set, flat, random, round + "/" + step);
        }
      }
      assertTrue(set.leaves() <= 3000 / RangeTombstones.LEAF_MAX * 4, REPRO + round);
    }
  }

  private static void assertAlike(
      RangeTombstones set, RangeTombstoneLeaf flat, Random random, String step) {
    assertEquals(RangeTombstones.of(flat).toString(), set.toString(), REPRO + step);
    assertEquals(flat.fragments, set.fragments(), REPRO + step);
    for (int i = 0; i < flat.fragments; i++) {
      assertEquals(flat.sequence(i, 0), set.sequence(i, 0), REPRO + step);
      assertEquals(flat.sequenceCount(i), set.sequenceCount(i), REPRO + step);
      assertArrayEquals(flat.starts[i], set.start(i), REPRO + step);
      assertArrayEquals(flat.ends[i], set.end(i), REPRO + step);
    }
    for (int i = 0; i < 100; i++) {
      byte[] key = number(random.nextInt(1 << 17));
      assertEquals(
          flat.firstEndingAfter(key, 0, key.length),
          set.firstEndingAfter(key, 0, key.length),
          REPRO + step);
      byte[] upper = number(random.nextInt(1 << 17));
      if (Arrays.compareUnsigned(key, upper) < 0) {
        assertEquals(
            RangeTombstones.of(flat.clip(key, upper)).toString(),
            set.clip(key, upper).toString(),
            REPRO + step);
        long since = random.nextInt(3000);
        assertArrayEquals(
            flat.firstNewer(key, upper, since), set.firstNewer(key, upper, since), REPRO + step);
      }
      long snapshot = random.nextInt(3000);
      assertEquals(
          flat.covering(key, 0, key.length, snapshot, false),
          set.latestCoveringSequence(key, 0, key.length, snapshot),
          REPRO + step);
    }
  }

  @Test
  void aChangeAmongManySharesAllLeavesButOne() {
    int count = 20 * RangeTombstones.LEAF_MAX;
    var tombstones = new ArrayList<RangeTombstone>();
    for (int i = 0; i < count; i++) {
      tombstones.add(
          new RangeTombstone(Bytes.of(number(4 * i)), Bytes.of(number(4 * i + 2)), i + 1));
    }
    var set = RangeTombstones.ofList(tombstones);
    assertEquals(20, set.leaves());
    var changed = set.with(number(7 * 400), number(7 * 400 + 3), count + 1, LiveSnapshots.all());
    assertEquals(19, changed.leavesSharedWith(set));
    assertTrue(changed.bytes() > set.bytes());
    assertTrue(changed.bytes() - set.bytes() < 1000);
  }

  @Test
  void bytesAreThoseOfTheLeavesHoweverTheyCameAbout() {
    var set = RangeTombstones.EMPTY;
    for (int i = 0; i < 2000; i++) {
      set = set.with(number(4 * i), number(4 * i + 2), i + 1, NONE);
    }
    assertTrue(set.bytes() > 2000 * 40, "bytes=" + set.bytes());
    assertTrue(set.bytes() < 2000 * 200, "bytes=" + set.bytes());
    set = set.with(number(0), number(1 << 20), 5000, NONE);
    set = set.with(number(0), number(1 << 20), 5001, NONE);
    assertEquals(1, set.fragments());
    set = set.with(number(0), number(1 << 20), 5002, NONE);
    assertTrue(set.bytes() < 1000, "bytes=" + set.bytes());
  }

  private static void checkForm(RangeTombstones set, String step) {
    for (int i = 0; i < set.fragments(); i++) {
      assertTrue(Arrays.compareUnsigned(set.start(i), set.end(i)) < 0, REPRO + step);
      assertTrue(set.sequenceCount(i) > 0, REPRO + step);
      for (int j = 1; j < set.sequenceCount(i); j++) {
        assertTrue(set.sequence(i, j - 1) > set.sequence(i, j), REPRO + step);
      }
      if (i > 0) {
        assertFalse(Arrays.compareUnsigned(set.end(i - 1), set.start(i)) > 0, REPRO + step);
      }
    }
  }

  private static void assertMatches(
      List<RangeTombstone> all, RangeTombstones set, long snapshot, String step) {
    for (int k = 0; k < 90; k++) {
      byte[] key = key(k);
      assertEquals(
          bruteForce(all, key, snapshot),
          set.coveringSequence(key, 0, key.length, snapshot),
          () -> REPRO + step + " " + Bytes.of(key) + "@" + snapshot + " in " + set);
    }
  }

  private static void assertStaleReadersRetryOrAreRight(
      List<RangeTombstone> all, RangeTombstones set, long newest, String step) {
    for (long snapshot = 0; snapshot <= newest; snapshot++) {
      for (int k = 0; k < 90; k += 3) {
        byte[] key = key(k);
        long found = set.latestCoveringSequence(key, 0, key.length, snapshot);
        if (found != RangeTombstones.RETRY) {
          assertEquals(bruteForce(all, key, snapshot), found, REPRO + step);
        }
      }
    }
  }

  private static long bruteForce(List<RangeTombstone> all, byte[] key, long snapshot) {
    long newest = 0;
    var bytes = Bytes.of(key);
    for (var tombstone : all) {
      if (tombstone.sequence() <= snapshot
          && tombstone.start().compareTo(bytes) <= 0
          && bytes.compareTo(tombstone.end()) < 0) {
        newest = Math.max(newest, tombstone.sequence());
      }
    }
    return newest;
  }

  private static long covering(RangeTombstones set, String key, long snapshot) {
    byte[] bytes = bytes(key);
    return set.coveringSequence(bytes, 0, bytes.length, snapshot);
  }

  private static RangeTombstone tombstone(String start, String end, long sequence) {
    return new RangeTombstone(Bytes.ofUtf8(start), Bytes.ofUtf8(end), sequence);
  }

  private static byte[] key(int number) {
    return bytes(String.format(java.util.Locale.ROOT, "k%02d", number));
  }

  private static byte[] number(int number) {
    byte[] key = new byte[12];
    ByteArrays.putBeInt(key, 8, number);
    return key;
  }

  private static byte[] bytes(String text) {
    return Bytes.ofUtf8(text).toArray();
  }
}
