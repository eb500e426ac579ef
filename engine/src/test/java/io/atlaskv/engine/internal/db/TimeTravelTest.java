package io.atlaskv.engine.internal.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.atlaskv.engine.api.BulkLoad;
import io.atlaskv.engine.api.Codec;
import io.atlaskv.engine.api.CompactionStyle;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.Expiry;
import io.atlaskv.engine.api.HistoryGoneException;
import io.atlaskv.engine.api.KeyValueReader;
import io.atlaskv.engine.api.KeyValueStore;
import io.atlaskv.engine.api.NamespaceOptions;
import io.atlaskv.engine.api.Options;
import io.atlaskv.engine.api.Range;
import io.atlaskv.engine.api.ReadOnlyException;
import io.atlaskv.engine.api.Snapshot;
import io.atlaskv.engine.api.WriteBatch;
import io.atlaskv.engine.internal.io.Fault;
import io.atlaskv.engine.internal.io.FaultFileSystem;
import io.atlaskv.engine.internal.io.Operation;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.NavigableMap;
import java.util.Random;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/// Snapshots of the past.
class TimeTravelTest {
  private static final long SEED = Long.getLong("atlaskv.seed", 42);
  private static final int HISTORIES = 4;
  private static final int STEPS = 600;
  private static final int OPENS = 50; // more samples than slots: HistoryTimesTest
  private static final int KEYS = 30;
  private static final Duration WINDOW = Duration.ofSeconds(10);
  private static final long PERIOD_MILLIS = 100;
  private static final Options OPTIONS = RandomOptions.SMALL.withHistoryWindow(WINDOW);
  private static final String[] NAMES = {"default", "tiered", "windowed"};

  /// What was true from a sequence on, and from some moment between two on.
  private record Past(
      long sequence, long fromMillis, long toMillis, List<NavigableMap<Integer, Integer>> maps) {}

  private long seed = SEED;
  private FaultFileSystem files = FaultFileSystem.create(seed);
  private SimStore sim = SimStore.open(files, seed, OPTIONS);

  @AfterEach
  void close() {
    sim.close();
  }

  private Db db() {
    return sim.db();
  }

  private void reopen(Options options) {
    long now = now();
    sim.close();
    sim = SimStore.openAt(files, seed, options, now);
  }

  private void killAndReopen(Options options) {
    long now = now();
    sim.kill();
    sim = SimStore.openAt(files, seed, options, now);
  }

  private long now() {
    return sim.clock().currentTimeMillis();
  }

  private void pass(Duration time) {
    sim.scheduler().runFor(time.toNanos());
  }

  private static byte[] key(int number) {
    return Codec.int32().toBytes(number);
  }

  /// A value that tells its number, and does not get smaller by compression.
  private static byte[] value(int number) {
    byte[] value = new byte[100 + number % 400];
    new Random(number).nextBytes(value);
    System.arraycopy(key(number), 0, value, 0, Integer.BYTES);
    return value;
  }

  private List<KeyValueStore> stores() {
    return List.of(
        db(),
        db().namespace(
                NAMES[1], NamespaceOptions.DEFAULT.withCompaction(CompactionStyle.SIZE_TIERED)),
        db().namespace(
                NAMES[2],
                NamespaceOptions.DEFAULT.withCompaction(
                    CompactionStyle.timeWindowed(Duration.ofSeconds(2)))));
  }

  private static NavigableMap<Integer, Integer> contents(KeyValueReader reader, String message) {
    var found = new TreeMap<Integer, Integer>();
    try (var cursor = reader.range(Range.all()).open()) {
      for (; cursor.isValid(); cursor.next()) {
        int number = Codec.int32().fromBytes(Arrays.copyOf(cursor.value(), Integer.BYTES));
        assertArrayEquals(value(number), cursor.value(), message);
        found.put(Codec.int32().fromBytes(cursor.key()), number);
      }
    }
    return found;
  }

  // ---- against a list of what was

  /// Random writes while time passes; whatever flushes, compactions, restarts and kills come
  /// between, each state that was still true a window ago or since is found as it was, by sequence
  /// and by time.
  @Test
  void whatWasTrueWithinTheWindowIsFound() {
    for (int history = 0; history < HISTORIES; history++) {
      close();
      seed = SEED + history;
      files = FaultFileSystem.create(seed);
      sim = SimStore.open(files, seed, OPTIONS);
      play(new Random(seed));
    }
  }

  private void play(Random random) {
    List<KeyValueStore> stores = stores();
    var pasts = new ArrayList<Past>();
    pasts.add(past(now(), List.of(new TreeMap<>(), new TreeMap<>(), new TreeMap<>())));
    for (int step = 0; step < STEPS; step++) {
      String message = "step " + step + ", seed " + seed;
      if (disturb(random)) {
        stores = stores();
      }
      List<NavigableMap<Integer, Integer>> maps =
          pasts.getLast().maps().stream()
              .<NavigableMap<Integer, Integer>>map(map -> new TreeMap<>(map))
              .toList();
      long from = now();
      write(stores, maps, random, step);
      pasts.add(past(from, maps));
      if (random.nextInt(3) == 0) {
        pass(Duration.ofMillis(random.nextInt(600)));
      }
      if (random.nextInt(5) == 0) {
        checkBySequence(pasts, random, message);
        checkByTime(pasts, random, message);
      }
    }
    assertGone(pasts);
  }

  private Past past(long fromMillis, List<NavigableMap<Integer, Integer>> maps) {
    long sequence = sim.engine().visibleSequence();
    return new Past(sequence, fromMillis, now(), maps);
  }

  private boolean disturb(Random random) {
    switch (random.nextInt(60)) {
      case 0 -> reopen(OPTIONS);
      case 1 -> killAndReopen(OPTIONS);
      case 2, 3 -> db().compact();
      case 4, 5, 6, 7, 8, 9 -> db().flush();
      default -> {
        return false;
      }
    }
    return true;
  }

  /// A random write in one commit, done to the maps, too.
  private void write(
      List<KeyValueStore> stores,
      List<NavigableMap<Integer, Integer>> maps,
      Random random,
      int step) {
    int picked = random.nextInt(stores.size());
    KeyValueStore store = stores.get(picked);
    NavigableMap<Integer, Integer> map = maps.get(picked);
    int key = random.nextInt(KEYS);
    int end = key + random.nextInt(8);
    switch (random.nextInt(13)) {
      case 0 -> {
        store.deleteRange(Range.closedOpen(key(key), key(end)));
        map.subMap(key, end).clear();
      }
      case 1, 2 -> {
        store.delete(key(key));
        map.remove(key);
      }
      case 3 -> {
        if (random.nextInt(4) == 0) {
          store.clear();
          map.clear();
        }
      }
      case 4, 5 -> {
        var batch = new WriteBatch();
        for (int i = 0; i < stores.size(); i++) {
          batch.put(stores.get(i), key(key), value(step)).put(stores.get(i), key(end), value(step));
          maps.get(i).put(key, step);
          maps.get(i).put(end, step);
        }
        db().write(batch);
      }
      case 6 -> {
        load(store, key, end, step);
        for (int i = key; i < end; i++) {
          map.put(i, step);
        }
      }
      default -> {
        store.put(key(key), value(step));
        map.put(key, step);
      }
    }
  }

  /// Loads the keys from `key` on, before `end`; without any there is no commit.
  private static void load(KeyValueStore store, int key, int end, int step) {
    try (BulkLoad load = store.bulkLoad()) {
      for (int i = key; i < end; i++) {
        load.put(key(i), value(step));
      }
      load.commit();
    }
  }

  /// Whether a past was still true a window ago, or since.
  private boolean isInWindow(List<Past> pasts, int index) {
    return index == pasts.size() - 1
        || pasts.get(index + 1).fromMillis() > now() - WINDOW.toMillis();
  }

  private void checkBySequence(List<Past> pasts, Random random, String message) {
    int index = pasts.size() - 1 - random.nextInt(Math.min(pasts.size(), 150));
    Past past = pasts.get(index);
    try (Snapshot snapshot = db().snapshotAt(Math.max(1, past.sequence()))) {
      checkAgainst(past, snapshot, message);
      if (random.nextInt(10)
          == 0) { // a snapshot keeps what it sees, whatever becomes of the window
        pass(WINDOW.plusSeconds(1));
        db().compact();
        checkAgainst(past, snapshot, message);
      }
    } catch (HistoryGoneException e) {
      assertThat(e.firstAvailableSequence()).as(message).isGreaterThan(past.sequence());
      if (isInWindow(pasts, index)) { // then only the row of a sample came behind it
        try (Snapshot same = db().snapshotAt(e.firstAvailableSequence())) {
          checkAgainst(past, same, message);
        }
      }
    }
  }

  private void checkAgainst(Past past, Snapshot snapshot, String message) {
    for (int i = 0; i < NAMES.length; i++) {
      KeyValueReader reader = snapshot.of(db().namespace(NAMES[i]));
      NavigableMap<Integer, Integer> map = past.maps().get(i);
      assertEquals(map, contents(reader, message), message);
      for (int key = 0; key < KEYS; key++) {
        Integer number = map.get(key);
        byte[] found = reader.get(key(key));
        assertArrayEquals(number == null ? null : value(number), found, message);
      }
    }
  }

  /// By time a past is found that was true at some moment of the period before it.
  private void checkByTime(List<Past> pasts, Random random, String message) {
    long millis = now() - random.nextInt((int) WINDOW.toMillis());
    if (millis < pasts.getFirst().toMillis() + 2 * PERIOD_MILLIS) {
      return;
    }
    try (Snapshot snapshot = db().snapshotAt(Instant.ofEpochMilli(millis))) {
      var maps = new ArrayList<NavigableMap<Integer, Integer>>();
      for (String name : NAMES) {
        maps.add(contents(snapshot.of(db().namespace(name)), message));
      }
      boolean isFound = false;
      for (int i = 0; i < pasts.size(); i++) {
        long end = i + 1 < pasts.size() ? pasts.get(i + 1).toMillis() : Long.MAX_VALUE;
        isFound |=
            pasts.get(i).fromMillis() <= millis
                && end >= millis - 2 * PERIOD_MILLIS
                && pasts.get(i).maps().equals(maps);
      }
      assertThat(isFound).as(message + ", at " + millis + ", now " + now() + " " + maps).isTrue();
    }
  }

  /// Once the window is over, nothing but the last state is there.
  private void assertGone(List<Past> pasts) {
    pass(WINDOW.plusSeconds(2));
    long before = pasts.get(pasts.size() / 2).sequence();
    var gone = assertThrows(HistoryGoneException.class, () -> db().snapshotAt(before));
    assertThat(gone).hasMessageContaining("sequence " + before + " is not kept, but from ");
    try (Snapshot snapshot = db().snapshotAt(gone.firstAvailableSequence())) {
      checkAgainst(pasts.getLast(), snapshot, "seed " + seed);
    }
  }

  // ---- the bounds

  private long lastSequence() {
    try (Snapshot snapshot = db().snapshot()) {
      return snapshot.sequence();
    }
  }

  @Test
  void withoutAWindowThereIsNoPast() {
    reopen(RandomOptions.SMALL);
    db().put(key(1), value(1));
    long first = lastSequence();
    db().put(key(1), value(2));
    var gone = assertThrows(HistoryGoneException.class, () -> db().snapshotAt(first));
    assertEquals(lastSequence(), gone.firstAvailableSequence());
    assertThrows(HistoryGoneException.class, () -> db().snapshotAt(Instant.ofEpochMilli(now())));
    try (Snapshot snapshot = db().snapshotAt(lastSequence())) {
      assertArrayEquals(value(2), snapshot.get(key(1)));
    }
  }

  @Test
  void whatIsToComeIsNoPast() {
    long next = lastSequence() + 1;
    assertThrows(IllegalArgumentException.class, () -> db().snapshotAt(next));
    assertThrows(IllegalArgumentException.class, () -> db().snapshotAt(0));
    Instant later = Instant.ofEpochMilli(now() + 1_000);
    assertThrows(IllegalArgumentException.class, () -> db().snapshotAt(later));
    Instant before = Instant.ofEpochMilli(now() - 1_000);
    var gone = assertThrows(HistoryGoneException.class, () -> db().snapshotAt(before));
    assertThat(gone).hasMessageContaining("at " + before + " is not kept, but from 20");
    assertThrows(
        IllegalArgumentException.class, () -> OPTIONS.withHistoryWindow(Duration.ofMillis(999)));
  }

  /// A store that was open without a window has dropped what it liked.
  @Test
  void aWindowThatIsTakenAwayBeginsAnew() {
    db().put(key(1), value(1));
    long first = lastSequence();
    db().put(key(1), value(2));
    reopen(RandomOptions.SMALL);
    db().compact();
    reopen(OPTIONS);
    long begin = lastSequence();
    assertThrows(HistoryGoneException.class, () -> db().snapshotAt(first));
    db().put(key(1), value(3));
    db().compact();
    try (Snapshot snapshot = db().snapshotAt(begin)) {
      assertArrayEquals(value(2), snapshot.get(key(1)));
    }
  }

  /// What was dropped is in the manifest, whatever the clock says at the next open.
  @Test
  void anEarlierClockAtTheNextOpenClaimsNothingThatWasDropped() {
    db().put(key(1), value(1));
    long first = lastSequence();
    db().put(key(1), value(2));
    pass(WINDOW.plusSeconds(1));
    db().put(key(2), value(2));
    db().compact();
    long now = now();
    sim.kill();
    sim = SimStore.openAt(files, seed, OPTIONS, now - 60_000);
    assertThrows(HistoryGoneException.class, () -> db().snapshotAt(first));
  }

  @Test
  void aCheckpointHasItsPast() {
    db().put(key(1), value(1));
    long first = lastSequence();
    db().put(key(1), value(2));
    db().flush();
    db().put(key(1), value(3));
    sim.checkpoint("copy");
    try (SimStore copy = SimStore.openCheckpoint(files, "copy", seed, OPTIONS);
        Snapshot snapshot = copy.db().snapshotAt(first)) {
      assertArrayEquals(value(1), snapshot.get(key(1)));
    }
  }

  // ---- with the rest of the store

  private long tableBytes() {
    return db().statistics().levels().stream().mapToLong(level -> level.bytes()).sum();
  }

  @Test
  void whatLeavesTheWindowIsDropped() {
    for (int i = 0; i < 500; i++) {
      db().put(key(1), value(400 * i + 399));
    }
    db().compact();
    assertThat(tableBytes()).isGreaterThan(500 * 400);
    pass(WINDOW.plusSeconds(1));
    db().put(key(1), value(399));
    db().compact();
    assertThat(tableBytes()).isLessThan(10_000);
  }

  @Test
  void whatIsDueIsGoneFromThePastToo() {
    db().put(key(1), value(1));
    long plain = lastSequence();
    db().put(key(1), value(2), Expiry.after(Duration.ofSeconds(3)));
    long expiring = lastSequence();
    db().put(key(1), value(3));
    try (Snapshot snapshot = db().snapshotAt(expiring)) {
      assertArrayEquals(value(2), snapshot.get(key(1)));
    }
    pass(Duration.ofSeconds(3));
    for (int i = 0; i < 2; i++) {
      try (Snapshot snapshot = db().snapshotAt(expiring);
          Snapshot before = db().snapshotAt(plain)) {
        assertNull(snapshot.get(key(1)));
        assertArrayEquals(value(1), before.get(key(1)));
      }
      db().compact();
    }
  }

  @Test
  void aBulkLoadIsFoundFromItsSequenceOn() {
    db().put(key(1), value(1));
    long before = lastSequence();
    load(db(), 1, 3, 2);
    long loaded = lastSequence();
    db().put(key(1), value(3));
    for (int round = 0; round < 2; round++) {
      for (long sequence = before; sequence < loaded; sequence++) { // the mark has two
        try (Snapshot snapshot = db().snapshotAt(sequence)) {
          assertArrayEquals(value(1), snapshot.get(key(1)));
          assertNull(snapshot.get(key(2)));
        }
      }
      try (Snapshot snapshot = db().snapshotAt(loaded)) {
        assertEquals(Map.of(1, 2, 2, 2), contents(snapshot, "loaded"));
      }
      assertEquals(Map.of(1, 3, 2, 2), contents(db(), "now"));
      db().compact();
    }
  }

  @Test
  void aDroppedNamespaceTakesSpaceUntilTheWindowHasPassed() {
    KeyValueStore dropped = db().namespace("dropped");
    for (int i = 0; i < 500; i++) {
      dropped.put(key(i), value(400 * i + 399));
    }
    db().compact();
    db().dropNamespace("dropped");
    db().compact();
    assertThat(tableBytes()).isGreaterThan(500 * 400);
    pass(WINDOW.plusSeconds(1));
    db().put(key(1), value(1));
    db().compact();
    assertThat(tableBytes()).isLessThan(10_000);
  }

  /// A filter sees what is older than the window, and what it drops is gone from the past, too.
  @Test
  void aCompactionFilterWaitsForTheWindow() {
    Options filtering = OPTIONS.withCompactionFilters(Map.of("default", (_, _) -> null));
    reopen(filtering);
    db().put(key(1), value(1));
    db().compact();
    assertArrayEquals(value(1), db().get(key(1)));
    pass(WINDOW.plusSeconds(1));
    long before = lastSequence();
    db().put(key(2), value(2));
    db().compact();
    assertNull(db().get(key(1)));
    assertArrayEquals(value(2), db().get(key(2)));
    try (Snapshot snapshot = db().snapshotAt(before)) {
      assertNull(snapshot.get(key(1)));
    }
  }

  @Test
  void aClockThatGoesBackKeepsMoreRatherThanLess() {
    db().put(key(1), value(1));
    long first = lastSequence();
    pass(Duration.ofSeconds(5));
    sim.clock().jumpWall(-60_000);
    db().put(key(1), value(2));
    pass(Duration.ofSeconds(8));
    db().compact();
    try (Snapshot snapshot = db().snapshotAt(first)) {
      assertArrayEquals(value(1), snapshot.get(key(1)));
    }
    Instant end = Instant.ofEpochMilli(now());
    pass(Duration.ofSeconds(1));
    try (Snapshot snapshot = db().snapshotAt(end)) {
      assertArrayEquals(value(2), snapshot.get(key(1)));
    }
    pass(WINDOW);
    db().compact();
    assertThrows(HistoryGoneException.class, () -> db().snapshotAt(first));
  }

  // ---- what was noted

  /// Each open and close may note something; the window is whole all the same.
  @Test
  void aStoreThatIsOpenedOftenKeepsItsWindow() {
    Options day = RandomOptions.SMALL.withHistoryWindow(Duration.ofHours(24));
    reopen(day);
    db().put(key(1), value(1));
    long first = lastSequence();
    reopen(day);
    Instant then = Instant.ofEpochMilli(now());
    for (int i = 0; i < OPENS; i++) {
      pass(Duration.ofMillis(10));
      db().put(key(1), value(2));
      reopen(day);
    }
    pass(Duration.ofHours(1));
    try (Snapshot bySequence = db().snapshotAt(first);
        Snapshot byTime = db().snapshotAt(then)) {
      assertArrayEquals(value(1), bySequence.get(key(1)));
      assertArrayEquals(value(1), byTime.get(key(1)));
    }
  }

  /// A look that meets a stall, here of a bulk load, is made up for when that is over, not a period
  /// later.
  @Test
  void aLookThatMetAStallIsMadeUpFor() {
    reopen(RandomOptions.SMALL.withHistoryWindow(Duration.ofHours(24)));
    pass(Duration.ofSeconds(86));
    db().put(key(1), value(1));
    Engine engine = sim.engine();
    Runnable refuse =
        () -> {
          pass(Duration.ofSeconds(1)); // a period ends
          throw new IllegalStateException("refused");
        };
    assertThrows(
        IllegalStateException.class, () -> engine.ingest(engine.newLoad(), List.of(), refuse));
    pass(Duration.ofSeconds(1));
    try (Snapshot snapshot = db().snapshotAt(Instant.ofEpochMilli(now()))) {
      assertArrayEquals(value(1), snapshot.get(key(1)));
    }
  }

  @Test
  void anIdleStoreGivesBackWhatLeavesTheWindow() {
    for (int i = 0; i < 500; i++) {
      db().put(key(i), value(400 * i + 399));
    }
    db().flush();
    for (int i = 0; i < 500; i++) {
      db().delete(key(i));
    }
    pass(Duration.ofMillis(2 * PERIOD_MILLIS));
    db().compact();
    assertThat(tableBytes()).isGreaterThan(500 * 400);
    pass(WINDOW.plusSeconds(1));
    db().compact();
    assertThat(tableBytes()).isLessThan(10_000);
  }

  /// The floor is the row of a sample then; the sample is still known when the store was opened
  /// again.
  @Test
  void theTimesOfAnIdleStoreOutliveAKill() {
    db().put(key(1), value(1));
    pass(WINDOW.plusSeconds(1));
    db().put(key(1), value(2));
    db().compact(); // the manifest has the floor
    Instant idle = Instant.ofEpochMilli(now() - 5_000);
    pass(Duration.ofMillis(2 * PERIOD_MILLIS));
    for (int i = 0; i < 2; i++) {
      try (Snapshot snapshot = db().snapshotAt(idle)) {
        assertArrayEquals(value(1), snapshot.get(key(1)));
      }
      killAndReopen(OPTIONS);
    }
  }

  @Test
  void aFullDiskDoesNotKeepWhatLeavesTheWindow() {
    db().put(key(1), value(1));
    long first = lastSequence();
    db().put(key(1), value(2));
    pass(Duration.ofMillis(2 * PERIOD_MILLIS));
    files.failAlways(TimeTravelTest::takesLogSpace, Fault.ENOSPC);
    var large = new byte[1_000];
    assertThrows(ReadOnlyException.class, () -> putForever(large));
    var small = new byte[1];
    assertThrows(ReadOnlyException.class, () -> putForever(small));
    pass(WINDOW.plusSeconds(1));
    assertThrows(HistoryGoneException.class, () -> db().snapshotAt(first));
    files.clearFaults();
  }

  private void putForever(byte[] value) {
    while (true) {
      db().put(key(2), value);
    }
  }

  private static boolean takesLogSpace(Operation operation) {
    return operation.name().endsWith(".log")
        && (operation.kind() == Operation.Kind.CREATE
            || operation.kind() == Operation.Kind.ZERO
            || operation.kind() == Operation.Kind.PREALLOCATE);
  }
}
