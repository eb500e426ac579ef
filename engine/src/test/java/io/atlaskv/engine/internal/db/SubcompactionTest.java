package io.atlaskv.engine.internal.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atlaskv.engine.api.Entry;
import io.atlaskv.engine.api.Range;
import io.atlaskv.engine.api.ReadOnlyException;
import io.atlaskv.engine.internal.io.Fault;
import io.atlaskv.engine.internal.io.FaultFileSystem;
import io.atlaskv.engine.internal.io.Operation;
import io.atlaskv.engine.internal.io.Operation.Kind;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.List;
import java.util.Random;
import java.util.Set;
import org.junit.jupiter.api.Test;

/// Merges of a store in parts that run at the same time.
class SubcompactionTest {
  private static final int KEYS = 600;
  private static final int VALUE_BYTES = 1_000;
  private static final int PARTS = 3;
  private static final long SECOND = 1_000_000_000;
  private static final int SEEDS = 20;

  private static SimStore open(FaultFileSystem files, long seed, int partsMax) {
    return SimStore.open(files, seed, RandomOptions.SMALL.withSubcompactionsMax(partsMax));
  }

  /// Two tables over all keys, with deletions.
  private static void fill(SimStore store) {
    var random = new Random(1);
    for (int table = 0; table < 2; table++) {
      for (int i = 0; i < KEYS; i++) {
        byte[] value = new byte[VALUE_BYTES];
        random.nextBytes(value);
        store.db().put(key(i), value);
      }
      store.db().deleteRange(Range.closedOpen(key(100), key(500 - 100 * table)));
      store.db().flush();
    }
  }

  private static byte[] key(int index) {
    return "key%05d".formatted(index).getBytes(StandardCharsets.UTF_8);
  }

  private static List<Entry> contents(SimStore store) {
    try (var entries = store.db().range(Range.all()).stream()) {
      return entries.toList();
    }
  }

  private static Set<String> tables(FaultFileSystem files) {
    var tables = new HashSet<String>();
    files.list().stream().filter(name -> name.endsWith(".sst")).forEach(tables::add);
    return tables;
  }

  private static boolean isTable(Operation operation, Kind kind) {
    return operation.kind() == kind && operation.name().endsWith(".sst");
  }

  /// How many tables are written to at the same time, at most.
  private static int openAtOnceMax(List<Operation> operations) {
    var open = new HashSet<String>();
    int max = 0;
    for (Operation operation : operations) {
      if (isTable(operation, Kind.CREATE)) {
        open.add(operation.name());
        max = Math.max(max, open.size());
      } else if (isTable(operation, Kind.SYNC)) {
        open.remove(operation.name());
      }
    }
    return max;
  }

  @Test
  void partsRunAtTheSameTimeAndLeaveWhatAWholeMergeLeaves() {
    for (int parts = 1; parts <= PARTS; parts += PARTS - 1) {
      var files = FaultFileSystem.create(42);
      try (SimStore store = open(files, 42, parts)) {
        fill(store);
        List<Entry> before = contents(store);
        int merged = files.operationCount();
        store.db().compact();
        assertThat(contents(store)).isEqualTo(before);
        List<Operation> operations = files.operations().subList(merged, files.operationCount());
        assertThat(openAtOnceMax(operations) > 1).isEqualTo(parts > 1);
        assertThat(store.db().statistics().compactions()).isEqualTo(1);
        assertThat(store.db().statistics().levels().getLast().deletions()).isZero();
      }
    }
  }

  @Test
  void anErrorInOnePartDeletesTheOutputsOfAll() {
    int failures = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      var files = FaultFileSystem.create(seed);
      SimStore store = open(files, seed, PARTS);
      fill(store);
      List<Entry> before = contents(store);
      Set<String> inputs = tables(files);
      int[] writes = {seed % 6};
      files.fail(o -> isTable(o, Kind.WRITE) && writes[0]-- == 0, Fault.EIO);
      try {
        store.db().compact();
      } catch (ReadOnlyException e) {
        failures++;
        store.scheduler().runFor(SECOND);
        assertThat(tables(files)).as("seed " + seed).isEqualTo(inputs);
        assertThat(contents(store)).isEqualTo(before);
        assertThatThrownBy(() -> store.db().put(key(0), key(1)))
            .isInstanceOf(ReadOnlyException.class);
      }
      files.clearFaults();
      store.abandon();
      try (SimStore again = open(files, seed + 1, PARTS)) {
        assertThat(contents(again)).as("seed " + seed).isEqualTo(before);
      }
    }
    assertThat(failures).isGreaterThan(SEEDS / 2);
  }

  @Test
  void aFullDiskInOnePartPassesAndTheMergeIsDoneAnew() {
    int failures = 0;
    for (int seed = 0; seed < SEEDS; seed++) {
      var files = FaultFileSystem.create(seed);
      try (SimStore store = open(files, seed, PARTS)) {
        fill(store);
        List<Entry> before = contents(store);
        int[] writes = {seed % 6};
        files.fail(o -> isTable(o, Kind.WRITE) && writes[0]-- == 0, Fault.ENOSPC);
        try {
          store.db().compact();
        } catch (ReadOnlyException e) {
          failures++;
          store.scheduler().runFor(3 * SECOND);
          store.db().compact();
        }
        store.scheduler().runFor(SECOND);
        assertThat(contents(store)).as("seed " + seed).isEqualTo(before);
        long live = store.db().statistics().levels().stream().mapToLong(l -> l.tables()).sum();
        assertThat(tables(files)).hasSize((int) live);
      }
    }
    assertThat(failures).isGreaterThan(SEEDS / 2);
  }

  @Test
  void aCloseInBetweenLeavesTheInputsAndNothingElse() {
    for (int seed = 0; seed < SEEDS; seed++) {
      var files = FaultFileSystem.create(seed);
      SimStore store = open(files, seed, PARTS);
      fill(store);
      fill(store); // four tables make a merge due
      List<Entry> before = contents(store);
      assertThat(store.db().statistics().levels().getFirst().tables()).isEqualTo(4);
      int outputs = 1 + seed % 3;
      store.scheduler().runUntil(() -> tables(files).size() >= 4 + outputs);
      store.close();
      assertThat(tables(files)).as("seed " + seed).hasSize(4);
      try (SimStore again = open(files, seed + 1, PARTS)) {
        assertThat(contents(again)).as("seed " + seed).isEqualTo(before);
      }
    }
  }

  @Test
  void allPartsTogetherObeyTheCeiling() {
    var took = new long[PARTS + 1];
    for (int parts = 1; parts <= PARTS; parts += PARTS - 1) {
      try (SimStore store = open(FaultFileSystem.create(42).withoutHistory(), 42, parts)) {
        fill(store);
        store.engine().compactionCeilings(1 << 20, 0);
        long start = store.clock().nanoTime();
        store.db().compact();
        took[parts] = store.clock().nanoTime() - start;
      }
    }
    assertThat(took[1]).isGreaterThan(SECOND);
    assertThat(took[PARTS]).isBetween(took[1] * 9 / 10, took[1] * 11 / 10);
  }
}
