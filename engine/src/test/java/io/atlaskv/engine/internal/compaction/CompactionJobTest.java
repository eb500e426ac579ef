package io.atlaskv.engine.internal.compaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.api.StorageException;
import io.atlaskv.engine.internal.io.Fault;
import io.atlaskv.engine.internal.io.Operation;
import io.atlaskv.engine.internal.io.SimPorts;
import io.atlaskv.engine.internal.manifest.Levels;
import io.atlaskv.engine.internal.manifest.TableMeta;
import io.atlaskv.engine.internal.sstable.TableOptions;
import java.util.List;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class CompactionJobTest {
  private static final CompactionOptions SMALL =
      new CompactionOptions(2, 1 << 20, 10, 8_000, 1 << 20, 3, 30, 1);

  private final SimPorts world = SimPorts.create(42);
  private final CompactedStore store =
      new CompactedStore(world.ports(), SMALL, TableOptions.DEFAULT.withBlockBytes(512));

  @AfterEach
  void close() {
    store.close();
  }

  @Test
  void outputsAreCutAtTheirSizeAndNeverWithinAKey() {
    for (int i = 0; i < 300; i++) {
      store.put(key(i), value(i, 100));
    }
    store.flush();
    for (int version = 0; version < 200; version++) {
      store.snapshots().add(store.put(key(150), value(version, 100)));
    }
    store.flush();
    store.compactFully();
    List<TableMeta> tables = store.levels().level(Levels.LAST);
    assertTrue(tables.size() > 3, "tables=" + tables.size());
    List<TableMeta> withKey = tables.stream().filter(t -> holds(t, key(150))).toList();
    assertEquals(1, withKey.size(), "all versions of a key are in one table");
    assertTrue(withKey.getFirst().bytes() > 15_000, "however large it becomes");
    assertEquals(199, withKey.getFirst().shadowed());
  }

  private static boolean holds(TableMeta table, Bytes key) {
    return table.smallest().compareTo(key) <= 0 && !table.endsBefore(key);
  }

  @Test
  void stepsAreBounded() {
    for (int i = 0; i < 3_000; i++) {
      store.put(key(i), value(i, 100));
    }
    store.flush();
    for (int i = 0; i < 3_000; i++) {
      store.put(key(i), value(i, 10));
    }
    store.flush();
    CompactionJob job = store.job(pick());
    int steps = 0;
    while (job.step()) {
      steps++;
    }
    assertTrue(steps > store.levels().level(0).size() + 2, "steps=" + steps);
    store.versions().apply(job.edit());
    assertEquals(3_000, store.contents(store.lastSequence(), List.of()).size());
  }

  @Test
  void abandonedJobLeavesNothing() {
    fillTwoTables();
    CompactionJob job = store.job(pick());
    for (int i = 0; i < 3; i++) {
      assertTrue(job.step());
    }
    assertTrue(tableFiles() > 2, "an output has been begun");
    assertThrows(IllegalStateException.class, job::edit);
    job.abandon();
    assertEquals(2, tableFiles());
  }

  @Test
  void onceHandedOutTheOutputsAreNotDeleted() {
    fillTwoTables();
    CompactionJob job = store.job(pick());
    while (job.step()) {}
    long files = tableFiles();
    assertEquals(2, job.edit().removed().size());
    job.abandon();
    assertEquals(files, tableFiles(), "the edit may be durable");
    job.discard();
    assertEquals(2, tableFiles());
  }

  @Test
  void fullDiskDiscardsAndPasses() {
    fillTwoTables();
    var before = store.contents(store.lastSequence(), List.of());
    world
        .files()
        .fail(o -> o.kind() == Operation.Kind.WRITE && o.name().endsWith(".sst"), Fault.ENOSPC);
    CompactionJob job = store.job(pick());
    var full =
        assertThrows(
            StorageException.class,
            () -> {
              while (job.step()) {}
            });
    assertTrue(full.isDiskFull());
    job.abandon();
    assertEquals(2, tableFiles());
    store.run(pick());
    world.scheduler().runUntilIdle();
    assertEquals(before, store.contents(store.lastSequence(), List.of()));
    assertEquals(List.of(), store.levels().level(0));
  }

  /// Reads of the version that a compaction replaced go on until it is given back.
  @Test
  void heldVersionKeepsItsFiles() {
    fillTwoTables();
    var held = store.versions().acquire();
    store.run(pick());
    world.scheduler().runUntilIdle();
    held.levels().level(0).forEach(table -> held.table(table.number()).verifyChecksums());
    long files = tableFiles();
    held.release();
    world.scheduler().runUntilIdle();
    assertEquals(files - 2, tableFiles());
  }

  @Test
  void rangeDeletedStoreBecomesEmpty() {
    fillTwoTables();
    store.compactFully();
    store.deleteRange(key(0), key(9_999));
    store.flush();
    Compaction dropped = store.compactOnce(false, false);
    assertNotNull(dropped);
    assertEquals(Compaction.Kind.DROP, dropped.kind());
    while (store.compactOnce(true, false) != null) {}
    world.scheduler().runUntilIdle();
    assertEquals(new TreeMap<>(), store.contents(store.lastSequence(), List.of(key(1))));
    assertEquals(0, store.levels().tables(), store.levels().toString());
    assertEquals(0, tableFiles());
  }

  private void fillTwoTables() {
    for (int table = 0; table < 2; table++) {
      for (int i = 0; i < 200; i++) {
        store.put(key(i), value(table, 100));
      }
      store.flush();
    }
  }

  private Compaction pick() {
    Compaction picked = CompactionPicker.pick(store.levels(), SMALL, store.load(false, false));
    assertNotNull(picked);
    return picked;
  }

  private long tableFiles() {
    return world.files().list().stream().filter(name -> name.endsWith(".sst")).count();
  }

  private static Bytes key(int index) {
    return Bytes.ofUtf8("key%05d".formatted(index));
  }

  private static Bytes value(int seed, int bytes) {
    byte[] value = new byte[bytes];
    for (int i = 0; i < bytes; i++) {
      value[i] = (byte) (seed * 31 + i * i * 7);
    }
    return Bytes.of(value);
  }
}
