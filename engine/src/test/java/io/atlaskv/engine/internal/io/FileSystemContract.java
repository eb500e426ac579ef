package io.atlaskv.engine.internal.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.api.ClosedException;
import io.atlaskv.engine.api.StorageException;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;

/// What every `FileSystem` does; one subclass for each.
abstract class FileSystemContract {
  private static final long SEED = Long.getLong("atlaskv.seed", 42);

  /// The file system under test, the same for the whole of a test.
  abstract FileSystem files();

  /// Another directory on the same device.
  abstract FileSystem otherDirectory();

  static ByteBuffer direct(byte... bytes) {
    return ByteBuffer.allocateDirect(bytes.length).put(bytes).flip();
  }

  static byte[] readAll(FileSystem files, String name) {
    try (ReadFile file = files.openRead(name)) {
      ByteBuffer target = ByteBuffer.allocateDirect((int) file.size());
      assertEquals(file.size(), file.read(0, target));
      byte[] bytes = new byte[target.flip().remaining()];
      target.get(bytes);
      return bytes;
    }
  }

  static void writeNew(FileSystem files, String name, byte... bytes) {
    try (AppendFile file = files.create(name)) {
      file.append(direct(bytes));
      file.sync();
    }
  }

  @Test
  void appendedBytesAreReadBack() {
    try (AppendFile file = files().create("000001.sst")) {
      file.append(direct((byte) 1, (byte) 2));
      file.append(direct((byte) 3));
      assertEquals(3, file.size());
      file.sync();
    }
    assertArrayEquals(new byte[] {1, 2, 3}, readAll(files(), "000001.sst"));
    assertEquals(3, files().size("000001.sst"));
  }

  @Test
  void appendingGoesOnAtTheEnd() {
    writeNew(files(), "a", (byte) 1, (byte) 2);
    try (AppendFile file = files().openAppend("a")) {
      assertEquals(2, file.size());
      file.append(direct((byte) 3));
      assertEquals(3, file.size());
      file.sync();
    }
    assertArrayEquals(new byte[] {1, 2, 3}, readAll(files(), "a"));
    assertThrows(StorageException.class, () -> files().openAppend("b"));
  }

  @Test
  void appendTakesOnlyWhatRemains() {
    ByteBuffer source = direct((byte) 1, (byte) 2, (byte) 3, (byte) 4);
    source.position(1).limit(3);
    try (AppendFile file = files().create("a")) {
      file.append(source);
      assertFalse(source.hasRemaining());
    }
    assertArrayEquals(new byte[] {2, 3}, readAll(files(), "a"));
  }

  @Test
  void createRefusesANameThatExists() {
    writeNew(files(), "a", (byte) 1);
    assertThrows(StorageException.class, () -> files().create("a"));
    assertArrayEquals(new byte[] {1}, readAll(files(), "a"));
  }

  @Test
  void openReadRefusesANameThatDoesNotExist() {
    var failure = assertThrows(StorageException.class, () -> files().openRead("000009.sst"));
    assertTrue(failure.getMessage().contains("000009.sst"), failure.getMessage());
    assertTrue(failure.getMessage().contains("does not exist"), failure.getMessage());
    assertFalse(failure.isDiskFull());
    assertThrows(StorageException.class, () -> files().openPositioned("000009.sst", false));
    assertThrows(StorageException.class, () -> files().size("000009.sst"));
    assertThrows(StorageException.class, () -> files().delete("000009.sst"));
    assertThrows(StorageException.class, () -> files().rename("000009.sst", "b"));
  }

  @Test
  void namesWithSeparatorsAreRefused() {
    assertThrows(IllegalArgumentException.class, () -> files().openRead("../secret"));
    assertThrows(IllegalArgumentException.class, () -> files().openPositioned("a/b", true));
    assertThrows(IllegalArgumentException.class, () -> files().exists(""));
  }

  @Test
  void positionedWritesMatchAnArray() {
    requireWritesMatchAnArray(false);
  }

  @Test
  void smallWritesThatWereAnnouncedMatchAnArray() {
    requireWritesMatchAnArray(true);
  }

  private void requireWritesMatchAnArray(boolean expectsSmallWrites) {
    var random = new Random(SEED);
    byte[] model = new byte[0];
    try (PositionedFile file = files().openPositioned("000001.log", true)) {
      if (expectsSmallWrites) {
        file.preallocate(100_000);
        file.expectSmallWrites();
        model = new byte[100_000];
      }
      for (int step = 0; step < 300; step++) {
        byte[] bytes = new byte[random.nextInt(random.nextInt(5) == 0 ? 9000 : 1500)];
        random.nextBytes(bytes);
        int position = random.nextInt(model.length + 700);
        if (bytes.length > 0) {
          model = Arrays.copyOf(model, Math.max(model.length, position + bytes.length));
          System.arraycopy(bytes, 0, model, position, bytes.length);
        }
        file.write(position, direct(bytes));
        if (random.nextInt(10) == 0) {
          file.sync();
        }
        int from = random.nextInt(model.length + 100);
        int count = random.nextInt(2000);
        ByteBuffer target = ByteBuffer.allocateDirect(count);
        int expected = Math.clamp(model.length - from, 0, count);
        assertEquals(expected, file.read(from, target), "seed=" + SEED + " step=" + step);
        byte[] found = new byte[expected];
        target.flip().get(found);
        assertArrayEquals(
            Arrays.copyOfRange(
                model, Math.min(from, model.length), Math.min(from, model.length) + expected),
            found,
            "seed=" + SEED + " step=" + step);
      }
      assertEquals(model.length, file.size());
    }
    assertArrayEquals(model, readAll(files(), "000001.log"));
  }

  @Test
  void openPositionedKeepsWhatIsThere() {
    writeNew(files(), "a", (byte) 1, (byte) 2, (byte) 3);
    try (PositionedFile file = files().openPositioned("a", true)) {
      file.write(1, direct((byte) 9));
    }
    assertArrayEquals(new byte[] {1, 9, 3}, readAll(files(), "a"));
  }

  @Test
  void zeroClearsAStretchAndExtendsTheFile() {
    byte[] expected = new byte[2_000_008];
    try (PositionedFile file = files().openPositioned("000001.log", true)) {
      file.zero(2_000_000, 2_000_008);
      assertEquals(2_000_008, file.size());
      for (int at : new int[] {900_000, 1_500_000}) {
        byte[] stretch = new byte[10];
        Arrays.fill(stretch, (byte) 7);
        file.write(at, direct(stretch));
        Arrays.fill(expected, at, at + stretch.length, (byte) 7);
      }
      file.zero(900_005, 1_500_005);
      Arrays.fill(expected, 900_005, 1_500_005, (byte) 0);
      assertEquals(2_000_008, file.size());
    }
    assertArrayEquals(expected, readAll(files(), "000001.log"));
  }

  @Test
  void preallocateExtendsWithZeroesAndNeverShrinks() {
    try (PositionedFile file = files().openPositioned("000001.log", true)) {
      file.write(0, direct((byte) 7));
      file.preallocate(3_000_000);
      assertEquals(3_000_000, file.size());
      file.preallocate(10);
      assertEquals(3_000_000, file.size());
    }
    byte[] expected = new byte[3_000_000];
    expected[0] = 7;
    assertArrayEquals(expected, readAll(files(), "000001.log"));
  }

  @Test
  void listIsSortedAndComplete() {
    writeNew(files(), "b", (byte) 1);
    writeNew(files(), "a", (byte) 1);
    writeNew(files(), "c", (byte) 1);
    files().delete("b");
    files().rename("c", "B");
    assertEquals(List.of("B", "a"), files().list());
    assertTrue(files().exists("a"));
    assertFalse(files().exists("b"));
  }

  @Test
  void renameReplacesTheTarget() {
    writeNew(files(), "new", (byte) 1);
    writeNew(files(), "CURRENT", (byte) 2);
    files().rename("new", "CURRENT");
    files().syncDirectory();
    assertArrayEquals(new byte[] {1}, readAll(files(), "CURRENT"));
    assertEquals(List.of("CURRENT"), files().list());
  }

  @Test
  void openFilesOutliveDeleteRenameAndReplacement() {
    writeNew(files(), "a", (byte) 1);
    writeNew(files(), "b", (byte) 2);
    try (ReadFile deleted = files().openRead("a");
        ReadFile replaced = files().openRead("b")) {
      files().delete("a");
      writeNew(files(), "a", (byte) 3);
      files().rename("a", "b");
      files().syncDirectory();
      assertEquals(1, first(deleted));
      assertEquals(2, first(replaced));
    }
    assertArrayEquals(new byte[] {3}, readAll(files(), "b"));
  }

  private static byte first(ReadFile file) {
    ByteBuffer target = ByteBuffer.allocateDirect(1);
    assertEquals(1, file.read(0, target));
    return target.get(0);
  }

  @Test
  void linkGivesTheSameFileASecondName() {
    FileSystem other = otherDirectory();
    writeNew(files(), "000001.sst", (byte) 5);
    files().link("000001.sst", other, "000001.sst");
    other.syncDirectory();
    files().delete("000001.sst");
    assertArrayEquals(new byte[] {5}, readAll(other, "000001.sst"));
    assertEquals(List.of(), files().list());
    writeNew(files(), "000001.sst", (byte) 6);
    assertThrows(StorageException.class, () -> files().link("000001.sst", other, "000001.sst"));
    assertArrayEquals(new byte[] {5}, readAll(other, "000001.sst"));
  }

  @Test
  void useAfterCloseIsTold() {
    AppendFile appended = files().create("a");
    appended.close();
    appended.close();
    assertThrows(ClosedException.class, () -> appended.append(direct((byte) 1)));
    assertThrows(ClosedException.class, appended::sync);
    PositionedFile positioned = files().openPositioned("a", false);
    positioned.close();
    positioned.close();
    var failure =
        assertThrows(ClosedException.class, () -> positioned.read(0, ByteBuffer.allocateDirect(1)));
    assertEquals("a is closed", failure.getMessage());
    assertThrows(ClosedException.class, () -> positioned.write(0, direct((byte) 1)));
    assertThrows(ClosedException.class, positioned::sync);
    assertThrows(ClosedException.class, positioned::size);
    assertThrows(ClosedException.class, () -> positioned.preallocate(10));
  }

  @Test
  void secondLockIsRefusedUntilTheFirstIsReleased() {
    DirectoryLock first = files().lock();
    var failure = assertThrows(StorageException.class, () -> files().lock());
    assertTrue(failure.getMessage().contains("in use by this process"), failure.getMessage());
    assertThrows(StorageException.class, () -> files().lock());
    first.close();
    first.close();
    try (DirectoryLock second = files().lock()) {
      first.close(); // must not release the second
      assertThrows(StorageException.class, () -> files().lock(), second::toString);
    }
  }

  @Test
  void locksOfTwoDirectoriesAreIndependent() {
    try (DirectoryLock here = files().lock();
        DirectoryLock there = otherDirectory().lock()) {
      assertFalse(here.equals(there));
    }
  }

  @Test
  void thereIsRoom() {
    assertTrue(files().freeBytes() > 0);
  }
}
