package io.atlaskv.engine.internal.manifest;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.api.ClosedException;
import io.atlaskv.engine.api.CorruptionException;
import io.atlaskv.engine.api.ReadOnlyException;
import io.atlaskv.engine.api.StorageException;
import io.atlaskv.engine.internal.base.FieldReader;
import io.atlaskv.engine.internal.base.LogBoundary;
import io.atlaskv.engine.internal.base.NativeBuffer;
import io.atlaskv.engine.internal.io.Fault;
import io.atlaskv.engine.internal.io.FileName;
import io.atlaskv.engine.internal.io.Operation;
import io.atlaskv.engine.internal.io.SimPorts;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class VersionSetTest {
  private SimPorts world = SimPorts.create(42);
  private FakeTables tables = new FakeTables(world.files());
  private VersionSet set = VersionSet.open(world.ports(), tables);

  @AfterEach
  void close() {
    set.close();
    assertEquals(Set.of(), tables.open());
  }

  @Test
  void everyPartOfTheStateSurvivesReopening() {
    set.apply(
        VersionEdit.builder()
            .add(0, table(7, "a", "m", 5))
            .add(6, table(8, "b", "c", 4))
            .cursor(3, FakeTables.meta(1, "k", "k", 1).smallest())
            .lastSequence(5)
            .flushedThrough(5)
            .logNumber(3)
            .counter(new CounterId(1, 2), -4)
            .boundary(new LogBoundary(9, 5))
            .build());
    var before = set.state();
    var uuid = set.storeUuid();
    reopen();
    assertEquals(uuid, set.storeUuid());
    assertEquals(before.levels().toString(), set.state().levels().toString());
    assertEquals(before.levels().cursors(), set.state().levels().cursors());
    assertEquals(before.levels().level(0), set.state().levels().level(0));
    assertEquals(before.counters(), set.state().counters());
    assertEquals(before.boundaries(), set.state().boundaries());
    assertEquals(5, set.state().lastSequence());
    assertEquals(5, set.state().flushedThrough());
    assertEquals(3, set.state().logNumber());
  }

  @Test
  void boundariesOfReleasedSegmentsAreForgotten() {
    set.apply(VersionEdit.builder().boundary(new LogBoundary(4, 10)).build());
    set.apply(VersionEdit.builder().boundary(new LogBoundary(6, 20)).logNumber(5).build());
    assertEquals(java.util.List.of(new LogBoundary(6, 20)), set.state().boundaries());
  }

  @Test
  void fileNumbersAreNeverUsedTwice() {
    long number = set.newFileNumber();
    long orphan = set.newFileNumber();
    assertNotEquals(number, orphan);
    FakeTables.write(world.files(), orphan);
    reopen();
    assertTrue(set.newFileNumber() > orphan);
    assertFalse(world.files().exists(FileName.table(orphan)), "an orphan is swept");
  }

  @Test
  void removedTableIsDeletedWhenItsLastReaderGoes() {
    set.apply(VersionEdit.builder().add(0, table(7, "a", "m", 5)).build());
    Version held = set.acquire();
    set.apply(VersionEdit.builder().remove(0, 7).build());
    world.scheduler().runUntilIdle();
    assertTrue(world.files().exists(FileName.table(7)));
    assertEquals(Set.of(7L), tables.open());
    held.release();
    world.scheduler().runUntilIdle();
    assertFalse(world.files().exists(FileName.table(7)));
    assertEquals(Set.of(), tables.open());
  }

  @Test
  void movedTableStaysOpen() {
    TableMeta table = table(7, "a", "m", 5);
    set.apply(VersionEdit.builder().add(0, table).build());
    set.apply(VersionEdit.builder().remove(0, 7).add(6, table).build());
    world.scheduler().runUntilIdle();
    assertEquals(Set.of(7L), tables.open());
    assertTrue(world.files().exists(FileName.table(7)));
  }

  @Test
  void closingDeletesNothing() {
    set.apply(VersionEdit.builder().add(0, table(7, "a", "m", 5)).build());
    Version held = set.acquire();
    set.close();
    assertEquals(Set.of(7L), tables.open(), "a reader may outlive the set");
    held.release();
    world.scheduler().runUntilIdle();
    assertTrue(world.files().exists(FileName.table(7)));
    assertThrows(ClosedException.class, set::acquire);
    assertThrows(ClosedException.class, () -> set.apply(VersionEdit.builder().build()));
  }

  @Test
  void editThatDoesNotFitChangesNothing() {
    set.apply(VersionEdit.builder().add(3, table(7, "a", "m", 5)).build());
    var overlapping = VersionEdit.builder().add(3, table(8, "m", "z", 6)).build();
    assertThrows(IllegalArgumentException.class, () -> set.apply(overlapping));
    var twice = VersionEdit.builder().remove(3, 9).build();
    assertThrows(IllegalArgumentException.class, () -> set.apply(twice));
    assertEquals("L3=[7]", set.state().levels().toString());
    assertNull(set.failure());
    reopen();
    assertEquals("L3=[7]", set.state().levels().toString());
  }

  @Test
  void failedSyncEndsAllEdits() {
    world.files().fail(operation -> isManifest(operation, Operation.Kind.SYNC), Fault.EIO);
    var edit = VersionEdit.builder().add(0, table(7, "a", "m", 5)).build();
    assertThrows(StorageException.class, () -> set.apply(edit));
    assertNotNull(set.failure());
    assertThrows(ReadOnlyException.class, () -> set.apply(VersionEdit.builder().build()));
    world.scheduler().runUntilIdle();
    assertTrue(world.files().exists(FileName.table(7)), "the edit may have become durable");
    assertEquals("", set.state().levels().toString());
  }

  @Test
  void fullDiskPassesOnceThereIsRoom() {
    set.apply(VersionEdit.builder().add(0, table(7, "a", "m", 5)).build());
    var edit = VersionEdit.builder().add(0, table(8, "a", "m", 6)).build();
    for (int i = 0; i < 3; i++) {
      world.files().fail(operation -> isManifest(operation, Operation.Kind.WRITE), Fault.ENOSPC);
      var full = assertThrows(StorageException.class, () -> set.apply(edit));
      assertTrue(full.isDiskFull());
      assertNull(set.failure());
      assertEquals("L0=[7]", set.state().levels().toString());
    }
    set.apply(edit);
    assertEquals("L0=[8, 7]", set.state().levels().toString());
    reopen();
    assertEquals("L0=[8, 7]", set.state().levels().toString());
    world.scheduler().runUntilIdle();
    assertEquals(1, manifests(), "the half-written ones are gone");
  }

  @Test
  void grownManifestIsBegunAnew() {
    set.close();
    set = VersionSet.open(world.ports(), tables, 500);
    for (long number = 100; number < 150; number++) {
      var edit = VersionEdit.builder().add(0, table(number, "a", "m", number));
      if (number > 100) {
        edit.remove(0, number - 1);
      }
      set.apply(edit.build());
    }
    world.scheduler().runUntilIdle();
    assertEquals(1, manifests());
    String name =
        world.files().list().stream()
            .filter(f -> f.startsWith("MANIFEST"))
            .findFirst()
            .orElseThrow();
    assertTrue(world.files().size(name) < 1_500, "size=" + world.files().size(name));
    reopen();
    assertEquals("L0=[149]", set.state().levels().toString());
  }

  @Test
  void missingTableIsNamed() {
    set.apply(VersionEdit.builder().add(0, table(7, "a", "m", 5)).build());
    set.close();
    world.files().delete(FileName.table(7));
    var refused = assertThrows(CorruptionException.class, this::openAgain);
    assertEquals(
        "000007.sst@0: does not exist, but " + manifestName() + " names it", refused.getMessage());
  }

  @Test
  void missingManifestIsNamed() {
    set.close();
    String manifest = manifestName();
    world.files().delete(manifest);
    var refused = assertThrows(CorruptionException.class, this::openAgain);
    assertEquals("CURRENT@0: names " + manifest + ", which does not exist", refused.getMessage());
  }

  @Test
  void missingCurrentIsNoNewStore() {
    set.apply(VersionEdit.builder().add(0, table(7, "a", "m", 5)).build());
    set.close();
    world.files().delete(FileName.CURRENT);
    var refused = assertThrows(CorruptionException.class, this::openAgain);
    assertTrue(
        refused.getMessage().startsWith("CURRENT@0: is missing, but "), refused.getMessage());
  }

  @Test
  void oldCopyOfCurrentIsFound() {
    byte[] oldCurrent = world.files().contents(FileName.CURRENT);
    String oldManifest = manifestName();
    byte[] oldContent = world.files().contents(oldManifest);
    set.apply(VersionEdit.builder().add(0, table(7, "a", "m", 5)).build());
    set.close();
    tear(oldManifest); // so that a new one is begun
    set = VersionSet.open(world.ports(), tables);
    set.close();
    world.files().put(FileName.CURRENT, oldCurrent);
    world.files().put(oldManifest, oldContent);
    var refused = assertThrows(CorruptionException.class, this::openAgain);
    assertTrue(refused.getMessage().contains("an old copy of CURRENT"), refused.getMessage());
  }

  @Test
  void oldCopyOfTheManifestIsFound() {
    byte[] old = world.files().contents(manifestName());
    set.apply(VersionEdit.builder().add(0, table(7, "a", "m", 5)).build());
    set.close();
    world.files().put(manifestName(), old);
    assertThrows(CorruptionException.class, this::openAgain);
  }

  @Test
  void openGoesOnWithASafeManifestAndSyncsNothing() {
    set.apply(VersionEdit.builder().add(0, table(7, "a", "m", 5)).lastSequence(5).build());
    String manifest = manifestName();
    set.close();
    int before = world.files().operationCount();
    set = VersionSet.open(world.ports(), tables);
    assertEquals(
        List.of(),
        world.files().operations().stream()
            .skip(before)
            .filter(operation -> operation.kind().isMutating())
            .toList());
    set.apply(VersionEdit.builder().lastSequence(6).build());
    assertEquals(manifest, manifestName());
    reopen();
    assertEquals(6, set.state().lastSequence());
    assertEquals(manifest, manifestName());
  }

  /// As after a kill: both slots of the mark are written in turn by every process.
  @Test
  void theMarkGoesOnBehindTheNewest() {
    for (int i = 1; i <= 5; i++) {
      set.apply(VersionEdit.builder().lastSequence(i).build());
      byte[] before = world.files().contents(FileName.COMMITTED);
      reopen();
      assertArrayEquals(before, world.files().contents(FileName.COMMITTED));
      set.apply(VersionEdit.builder().lastSequence(i).build());
      byte[] after = world.files().contents(FileName.COMMITTED);
      int changed = Arrays.mismatch(before, after);
      int slot = changed / CommittedMark.SECTOR_BYTES * CommittedMark.SECTOR_BYTES;
      Arrays.fill(after, slot, slot + CommittedMark.SECTOR_BYTES, (byte) 0); // torn
      set.close();
      world.files().put(FileName.COMMITTED, after);
      set = VersionSet.open(world.ports(), tables);
      assertEquals(i, set.state().lastSequence());
    }
  }

  @Test
  void manifestThatTheMarkDoesNotCoverIsBegunAnew() {
    byte[] oldMark = world.files().contents(FileName.COMMITTED);
    set.apply(VersionEdit.builder().lastSequence(5).build());
    requireBegunAnew(() -> world.files().put(FileName.COMMITTED, oldMark));
  }

  @Test
  void manifestWithoutAMarkIsBegunAnew() {
    set.apply(VersionEdit.builder().lastSequence(5).build());
    requireBegunAnew(() -> world.files().delete(FileName.COMMITTED));
  }

  @Test
  void manifestWithATornTailIsBegunAnew() {
    set.apply(VersionEdit.builder().lastSequence(5).build());
    requireBegunAnew(() -> tear(manifestName()));
  }

  /// It would outlive what this release does to the store without knowing it.
  @Test
  void manifestWithAFieldOfALaterReleaseIsBegunAnew() {
    set.apply(VersionEdit.builder().lastSequence(5).build());
    requireBegunAnew(this::appendUnknownField);
  }

  private void appendUnknownField() {
    String manifest = manifestName();
    long number = Objects.requireNonNull(FileName.parse(manifest)).number();
    byte[] before = world.files().contents(manifest);
    try (var record = new NativeBuffer(64, 64);
        var mark = CommittedMark.reopen(world.files(), set.storeUuid())) {
      record.reserve(ManifestRecord.HEADER_BYTES);
      record.putVarint(99 << 1 | FieldReader.IGNORABLE);
      record.putVarint(0);
      int payloadBytes = record.length() - ManifestRecord.HEADER_BYTES;
      ManifestRecord.seal(record.segment(), 0, payloadBytes, number, before.length);
      byte[] after = Arrays.copyOf(before, before.length + record.length());
      record.view().get(after, before.length, record.length());
      world.files().put(manifest, after);
      mark.write(number, after.length);
    }
  }

  @Test
  void largeManifestIsBegunAnew() {
    for (int i = 1; world.files().contents(manifestName()).length <= 64 << 10; i++) {
      var edit = VersionEdit.builder().lastSequence(5);
      for (int counter = 0; counter < 1_000; counter++) {
        edit.counter(new CounterId(counter, 1), i);
      }
      set.apply(edit.build());
    }
    requireBegunAnew(() -> {});
    assertTrue(world.files().contents(manifestName()).length < 32 << 10);
  }

  private void requireBegunAnew(Runnable change) {
    String manifest = manifestName();
    set.close();
    change.run();
    set = VersionSet.open(world.ports(), tables);
    assertEquals(5, set.state().lastSequence());
    assertNotEquals(manifest, manifestName());
    assertEquals(1, manifests());
  }

  /// Leaves bytes behind the last record, as a crash during an append may.
  private void tear(String manifest) {
    byte[] content = world.files().contents(manifest);
    world.files().put(manifest, Arrays.copyOf(content, content.length + 3));
  }

  private TableMeta table(long number, String smallest, String largest, long sequence) {
    FakeTables.write(world.files(), number);
    return FakeTables.meta(number, smallest, largest, sequence);
  }

  private void reopen() {
    set.close();
    set = VersionSet.open(world.ports(), tables);
  }

  private void openAgain() {
    VersionSet.open(world.ports(), tables).close();
  }

  private static boolean isManifest(Operation operation, Operation.Kind kind) {
    return operation.kind() == kind && operation.name().startsWith("MANIFEST");
  }

  private String manifestName() {
    return world.files().list().stream()
        .filter(name -> name.startsWith("MANIFEST"))
        .findFirst()
        .orElseThrow();
  }

  private long manifests() {
    return world.files().list().stream().filter(name -> name.startsWith("MANIFEST")).count();
  }
}
