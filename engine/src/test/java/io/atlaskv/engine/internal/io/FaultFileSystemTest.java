package io.atlaskv.engine.internal.io;

import static io.atlaskv.engine.internal.io.FileSystemContract.direct;
import static io.atlaskv.engine.internal.io.FileSystemContract.readAll;
import static io.atlaskv.engine.internal.io.FileSystemContract.writeNew;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.api.ClosedException;
import io.atlaskv.engine.api.StorageException;
import io.atlaskv.engine.internal.io.Operation.Kind;
import java.util.Arrays;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// The fault model itself: what it promises to forget, and what to keep.
class FaultFileSystemTest {
  private static final int SECTOR = DiskFile.SECTOR_BYTES;
  private static final int MANY = 500;

  private final FaultFileSystem files = FaultFileSystem.create(7);

  private static byte[] sectors(int... values) {
    byte[] bytes = new byte[values.length * SECTOR];
    for (int i = 0; i < values.length; i++) {
      Arrays.fill(bytes, i * SECTOR, (i + 1) * SECTOR, (byte) values[i]);
    }
    return bytes;
  }

  /// The states of `name` after the last operation: `-` without the name, else a digit per sector.
  private static Set<String> statesOf(FaultFileSystem files, String name) {
    return files
        .crashStates(files.operationCount() - 1, MANY)
        .map(left -> describe(left, name))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  private static String describe(FaultFileSystem left, String name) {
    if (!left.exists(name)) {
      return "-";
    }
    byte[] bytes = left.contents(name);
    var text = new StringBuilder();
    for (int at = 0; at < bytes.length; at += SECTOR) {
      text.append(bytes[at]);
    }
    return text.toString();
  }

  @Test
  void syncedFileInASyncedDirectorySurvivesEveryCrash() {
    writeNew(files, "a", sectors(1, 2));
    files.syncDirectory();
    assertEquals(Set.of("12"), statesOf(files, "a"));
  }

  @Test
  void withoutDirectorySyncTheNameMayBeLost() {
    writeNew(files, "a", sectors(1, 2));
    assertEquals(Set.of("-", "12"), statesOf(files, "a"));
  }

  @Test
  void withoutSyncAnySectorsAndAnySizeMayBeLeft() {
    AppendFile file = files.create("a");
    files.syncDirectory();
    file.append(direct(sectors(1)));
    file.append(direct(sectors(2)));
    assertEquals(Set.of("", "0", "1", "00", "02", "10", "12"), statesOf(files, "a"));
  }

  @Test
  void rewrittenSectorsMayBeOldBetweenOrNew() {
    PositionedFile file = files.openPositioned("a", true);
    file.write(0, direct(sectors(1, 1)));
    file.sync();
    files.syncDirectory();
    file.write(0, direct(sectors(2)));
    file.write(0, direct(sectors(3)));
    file.write(SECTOR, direct(sectors(4)));
    assertEquals(Set.of("11", "14", "21", "24", "31", "34"), statesOf(files, "a"));
    file.sync();
    assertEquals(Set.of("34"), statesOf(files, "a"));
  }

  @Test
  void renameIsAtomicAndVolatile() {
    writeNew(files, "CURRENT", sectors(1));
    writeNew(files, "new", sectors(2));
    files.syncDirectory();
    files.rename("new", "CURRENT");
    assertEquals(
        Set.of("1 2", "2 -"),
        files
            .crashStates(files.operationCount() - 1, MANY)
            .map(left -> describe(left, "CURRENT") + " " + describe(left, "new"))
            .collect(Collectors.toSet()));
    files.syncDirectory();
    assertEquals(Set.of("2"), statesOf(files, "CURRENT"));
    assertEquals(Set.of("-"), statesOf(files, "new"));
  }

  @Test
  void changesOfNamesMaySurviveWithoutEarlierOnes() {
    writeNew(files, "a", sectors(1));
    writeNew(files, "b", sectors(2));
    files.syncDirectory();
    files.delete("a");
    files.delete("b");
    assertEquals(
        Set.of("1 2", "1 -", "- 2", "- -"),
        files
            .crashStates(files.operationCount() - 1, MANY)
            .map(left -> describe(left, "a") + " " + describe(left, "b"))
            .collect(Collectors.toSet()));
  }

  @Test
  void plantedMissingSyncLosesData() {
    files.ignoreSync(1);
    writeNew(files, "a", sectors(1));
    files.syncDirectory();
    assertEquals(Set.of("", "0", "1"), statesOf(files, "a"));
  }

  @Test
  void plantedMissingDirectorySyncLosesTheName() {
    writeNew(files, "a", sectors(1));
    files.syncDirectory();
    files.ignoreDirectorySync(1);
    writeNew(files, "b", sectors(1));
    files.syncDirectory();
    assertEquals(Set.of("1"), statesOf(files, "a"));
    assertEquals(Set.of("-", "1"), statesOf(files, "b"));
    files.syncDirectory(); // the next one is honest again
    assertEquals(Set.of("1"), statesOf(files, "b"));
  }

  @Test
  void aFailedSyncIsNotHealedByALaterOne() {
    AppendFile file = files.create("a");
    files.syncDirectory();
    file.append(direct(sectors(1)));
    files.fail(operation -> operation.kind() == Kind.SYNC, Fault.EIO);
    assertThrows(StorageException.class, file::sync);
    file.append(direct(sectors(2)));
    file.sync();
    assertEquals(Set.of("02", "12"), statesOf(files, "a"));
  }

  @Test
  void crashStatesOfEarlierOperationsStayKnown() {
    PositionedFile file = files.openPositioned("a", true);
    files.syncDirectory();
    file.write(0, direct(sectors(1)));
    file.sync();
    file.write(0, direct(sectors(2)));
    file.sync();
    int last = files.operationCount() - 1;
    assertEquals(Set.of("2"), states(last));
    assertEquals(Set.of("1", "2"), states(last - 1));
    assertEquals(Set.of("1"), states(last - 2));
    assertEquals(Set.of("", "0", "1"), states(last - 3));
    assertEquals(Set.of("-", ""), states(0));
    assertEquals(Set.of("-"), states(-1));
    assertEquals(Set.of("2"), states(last));
  }

  private Set<String> states(int index) {
    return files
        .crashStates(index, MANY)
        .map(left -> describe(left, "a"))
        .collect(Collectors.toSet());
  }

  @Test
  void manyStatesAreDrawnTheSameForTheSameSeedAndIncludeTheExtremes() {
    Set<String> first = new TreeSet<>();
    for (int run = 0; run < 2; run++) {
      var fresh = FaultFileSystem.create(3);
      AppendFile file = fresh.create("a");
      fresh.syncDirectory();
      for (int i = 1; i <= 8; i++) {
        file.append(direct(sectors(i)));
      }
      List<String> drawn =
          fresh
              .crashStates(fresh.operationCount() - 1, 200)
              .map(left -> describe(left, "a"))
              .toList();
      assertEquals(200, drawn.size());
      assertEquals("", drawn.get(0));
      assertEquals("12345678", drawn.get(1));
      assertTrue(new TreeSet<>(drawn).size() > 50, drawn.toString());
      if (run == 0) {
        first.addAll(drawn);
      } else {
        assertEquals(first, new TreeSet<>(drawn));
      }
    }
  }

  @Test
  void aStateCanBeWorkedOnAndCrashedAgain() {
    writeNew(files, "a", sectors(1));
    FaultFileSystem left = files.crash(5);
    var failure = assertThrows(StorageException.class, files::list);
    assertTrue(failure.getMessage().contains("power is off"), failure.getMessage());
    assertTrue(left.origin().contains("seed 7"), left.origin());
    writeNew(left, "b", sectors(2));
    left.syncDirectory();
    assertEquals(Set.of("2"), statesOf(left, "b"));
    assertEquals("2", describe(left.crash(6), "b"));
  }

  @Test
  void aKillKeepsWhatWasWrittenButNotWhatIsOpen() {
    AppendFile file = files.create("a");
    file.append(direct(sectors(1)));
    DirectoryLock lock = files.lock();
    files.kill();
    assertThrows(ClosedException.class, () -> file.append(direct(sectors(2))));
    lock.close();
    try (DirectoryLock next = files.lock()) {
      assertArrayEquals(sectors(1), readAll(files, "a"), next::toString);
    }
    assertTrue(statesOf(files, "a").contains("-"), "a kill makes nothing safe");
  }

  @Test
  void theNthOperationFailsOnce() {
    files.failAt(1, Fault.EIO);
    AppendFile file = files.create("a");
    var failure = assertThrows(StorageException.class, () -> file.append(direct(sectors(1))));
    assertFalse(failure.isDiskFull());
    assertTrue(failure.getMessage().contains("op 1: WRITE a"), failure.getMessage());
    file.sync();
  }

  @Test
  void stickyFaultsStay() {
    files.failFrom(1, Fault.ENOSPC);
    AppendFile file = files.create("a");
    for (int i = 0; i < 3; i++) {
      var failure = assertThrows(StorageException.class, () -> file.append(direct(sectors(1))));
      assertTrue(failure.isDiskFull());
    }
    assertThrows(StorageException.class, files::list);
    files.clearFaults();
    file.append(direct(sectors(1)));
    assertArrayEquals(sectors(1), files.contents("a"));
  }

  @Test
  void aShortWriteLeavesItsFirstHalf() {
    AppendFile file = files.create("a");
    files.failAt(1, Fault.SHORT);
    var failure = assertThrows(StorageException.class, () -> file.append(direct(sectors(1, 2))));
    assertTrue(failure.isDiskFull());
    assertArrayEquals(sectors(1), files.contents("a"));
  }

  @Test
  void aFullDiskTakesWhatFitsAndRefusesTheRest() {
    files.capacity(3 * SECTOR);
    PositionedFile log = files.openPositioned("a", true);
    log.preallocate(2 * SECTOR);
    assertEquals(SECTOR, files.freeBytes());
    AppendFile file = files.create("b");
    var failure = assertThrows(StorageException.class, () -> file.append(direct(sectors(1, 2))));
    assertTrue(failure.isDiskFull());
    assertArrayEquals(sectors(1), files.contents("b"));
    log.write(SECTOR, direct(sectors(3))); // what is preallocated can always be written
    assertThrows(StorageException.class, () -> log.preallocate(3 * SECTOR));
    files.delete("b");
    assertEquals(0, files.freeBytes(), "still open");
    file.close();
    assertEquals(SECTOR, files.freeBytes());
    log.preallocate(3 * SECTOR);
  }

  @Test
  void damageIsSafeAtOnce() {
    writeNew(files, "a", sectors(1, 2));
    files.syncDirectory();
    files.flip("a", SECTOR, 0x04);
    assertEquals(Set.of("16"), statesOf(files, "a"));
    files.truncate("a", SECTOR);
    assertEquals(Set.of("1"), statesOf(files, "a"));
  }

  @Test
  void operationsAreNamed() {
    writeNew(files.directory("backup"), "000003.log", sectors(1));
    assertEquals(
        List.of(
            "op 0: CREATE backup/000003.log",
            "op 1: WRITE backup/000003.log [0, 512)",
            "op 2: SYNC backup/000003.log"),
        files.operations().stream().map(Operation::toString).toList());
    assertEquals(1, files.count(Kind.SYNC));
    long trace = files.trace();
    assertEquals(List.of(), files.list());
    assertNotEquals(trace, files.trace());
  }
}
