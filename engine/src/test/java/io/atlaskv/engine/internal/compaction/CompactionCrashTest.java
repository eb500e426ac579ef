package io.atlaskv.engine.internal.compaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.api.AtlasException;
import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.internal.io.Fault;
import io.atlaskv.engine.internal.io.FaultFileSystem;
import io.atlaskv.engine.internal.io.Operation;
import io.atlaskv.engine.internal.io.SimPorts;
import io.atlaskv.engine.internal.sstable.TableOptions;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/// Cuts the power after every operation of flushes and compactions: what was flushed and
/// acknowledged is there in every state the disk may be left in, or what the flush in flight adds.
/// Compactions, some of them in three parts, change nothing that can be seen.
class CompactionCrashTest {
  private static final int STATES_PER_POINT = 12;
  private static final int FLUSHES = 4;
  private static final CompactionOptions TINY =
      new CompactionOptions(2, 4_000, 3, 1_000, 20_000, 2, 30, 3);
  private static final TableOptions TABLES = TableOptions.DEFAULT.withBlockBytes(256);

  private final List<NavigableMap<Bytes, Bytes>> contents = new ArrayList<>(); // after each flush
  private final List<Integer> flushedAt = new ArrayList<>(); // operations done by then
  private int states;

  @Test
  void powerCutsLoseNothingFlushed() {
    assertEquals(List.of(), failures(_ -> false));
    assertTrue(states > 300, "states=" + states);
    System.out.println(
        "flush and compaction workload: " + states + " power-loss states, 0 failures");
  }

  @Test
  void missingSyncOfATableIsFound() {
    assertFalse(
        failures(o -> o.kind() == Operation.Kind.SYNC && o.name().endsWith(".sst")).isEmpty());
  }

  @Test
  void missingSyncOfTheDirectoryIsFound() {
    assertFalse(failures(o -> o.kind() == Operation.Kind.SYNC_DIRECTORY).isEmpty());
  }

  @Test
  void failedCallsLoseNothingFlushed() {
    int operations = workload(SimPorts.create(1));
    var complete = List.copyOf(contents);
    for (int n = 0; n < operations; n += 3) {
      SimPorts world = SimPorts.create(1);
      world.files().failAt(n, n % 2 == 0 ? Fault.EIO : Fault.ENOSPC);
      int flushes = FLUSHES;
      try {
        workload(world);
      } catch (AtlasException e) {
        flushes = flushedAt.size();
      }
      world.files().clearFaults();
      world.files().kill();
      requireContents(world.files(), complete, flushes, "failure of op " + n);
    }
  }

  private int workload(SimPorts world) {
    contents.clear();
    flushedAt.clear();
    contents.add(new TreeMap<>());
    var model = new TreeMap<Bytes, Bytes>();
    try (var store = new CompactedStore(world.ports(), TINY, TABLES)) {
      for (int flush = 0; flush < FLUSHES; flush++) {
        for (int i = 0; i < 12; i++) {
          Bytes key = key(flush * 5 + i);
          Bytes value = Bytes.ofUtf8("value " + flush + "x".repeat(i * 9));
          store.put(key, value);
          model.put(key, value);
        }
        store.deleteRange(key(flush * 3), key(flush * 3 + 2));
        model.subMap(key(flush * 3), key(flush * 3 + 2)).clear();
        contents.add(new TreeMap<>(model));
        store.flush();
        flushedAt.add(world.files().operationCount());
        while (store.compactOnce(true, false) != null) {
          world.scheduler().runUntilIdle();
        }
      }
      assertTrue(store.cutMerges() > 0, "no merge was cut");
    }
    return world.files().operationCount();
  }

  private List<String> failures(Predicate<Operation> ignored) {
    SimPorts world = SimPorts.create(1);
    world.files().failAlways(ignored, Fault.IGNORED);
    int operations = workload(world);
    var failures = new ArrayList<String>();
    states = 0;
    for (int op = 0; op < operations && failures.isEmpty(); op++) {
      if (world.files().isCrashPoint(op)) {
        int done = op;
        int flushes = (int) flushedAt.stream().filter(at -> at <= done).count();
        for (FaultFileSystem left : world.files().crashStates(op, STATES_PER_POINT).toList()) {
          states++;
          try {
            requireContents(left, contents, flushes, left.origin());
          } catch (AtlasException | AssertionError e) {
            failures.add(left.origin() + ": " + e.getMessage());
          }
        }
      }
    }
    return failures;
  }

  private static void requireContents(
      FaultFileSystem files,
      List<NavigableMap<Bytes, Bytes>> afterFlush,
      int flushes,
      String message) {
    try (var store = new CompactedStore(SimPorts.on(files, 3).ports(), TINY, TABLES)) {
      var found = store.contents(Long.MAX_VALUE >>> 8, List.of(key(0), key(7), key(99)));
      if (flushes < FLUSHES && found.equals(afterFlush.get(flushes + 1))) {
        return; // the flush in flight made it
      }
      assertEquals(afterFlush.get(flushes), found, message);
    }
  }

  private static Bytes key(int index) {
    return Bytes.ofUtf8("key%03d".formatted(index));
  }
}
