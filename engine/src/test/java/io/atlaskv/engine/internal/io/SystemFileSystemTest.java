package io.atlaskv.engine.internal.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.api.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class SystemFileSystemTest extends FileSystemContract {
  @TempDir Path temporary;
  private FileSystem files;

  @BeforeEach
  void open() {
    files = SystemFileSystem.open(temporary.resolve("store"));
  }

  @Override
  FileSystem files() {
    return files;
  }

  @Override
  FileSystem otherDirectory() {
    return SystemFileSystem.open(temporary.resolve("other"));
  }

  @Test
  void directoriesAreMadeWithTheirParents() {
    FileSystem deep = SystemFileSystem.open(temporary.resolve("a/b/c"));
    writeNew(deep, "x", (byte) 1);
    assertTrue(Files.exists(temporary.resolve("a/b/c/x")));
  }

  @Test
  void subdirectoriesAreNotListed() throws IOException {
    Files.createDirectory(temporary.resolve("store/lost+found"));
    writeNew(files, "a", (byte) 1);
    assertEquals(List.of("a"), files.list());
  }

  @Test
  void aFullDiskIsRecognised() {
    Path device = Path.of("/dev/full");
    Assumptions.assumeTrue(Files.exists(device), "no /dev/full on this system");
    try (SystemFile full =
        SystemFile.open(device, "full", Set.of(java.nio.file.StandardOpenOption.WRITE))) {
      var failure =
          assertThrows(
              StorageException.class, () -> full.write(0, ByteBuffer.allocateDirect(4096)));
      assertTrue(failure.isDiskFull(), failure.getMessage());
      assertTrue(
          failure.getMessage().startsWith("full: write of 4096 bytes at 0 failed: "),
          failure.getMessage());
    }
  }

  @Test
  void aPathThatIsAFileIsRefused() throws IOException {
    Path file = Files.createFile(temporary.resolve("file"));
    var failure = assertThrows(StorageException.class, () -> SystemFileSystem.open(file));
    assertTrue(failure.getMessage().contains(file.toString()), failure.getMessage());
  }

  @Test
  void twoPathsToOneDirectoryShareItsLock() throws IOException {
    Path alias = Files.createSymbolicLink(temporary.resolve("alias"), temporary.resolve("store"));
    FileSystem same = SystemFileSystem.open(alias);
    try (DirectoryLock lock = files.lock()) {
      assertThrows(StorageException.class, same::lock, lock::toString);
    }
  }
}
