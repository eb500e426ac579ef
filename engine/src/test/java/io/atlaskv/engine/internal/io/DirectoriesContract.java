package io.atlaskv.engine.internal.io;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.api.StorageException;
import java.util.List;
import org.junit.jupiter.api.Test;

/// What all `Directories` do; one subclass for each.
abstract class DirectoriesContract {
  /// The directories under test, the same for the whole of a test.
  abstract Directories directories();

  private void makeWithFile(String name) {
    FileSystemContract.writeNew(directories().make(name), "000001.sst", (byte) 7);
  }

  @Test
  void directoriesAreListedAndFound() {
    makeWithFile("b");
    makeWithFile("a");
    assertEquals(List.of("a", "b"), directories().list());
    assertTrue(directories().exists("a"));
    assertFalse(directories().exists("c"));
    assertEquals(List.of("000001.sst"), directories().open("b").list());
  }

  @Test
  void whatExistsIsNotMadeAgain() {
    makeWithFile("a");
    assertThrows(StorageException.class, () -> directories().make("a"));
    assertEquals(List.of("000001.sst"), directories().open("a").list());
  }

  @Test
  void aMovedDirectoryTakesItsFilesAlong() {
    makeWithFile("a");
    directories().rename("a", "b");
    directories().sync();
    assertFalse(directories().exists("a"));
    assertArrayEquals(
        new byte[] {7}, FileSystemContract.readAll(directories().open("b"), "000001.sst"));
  }

  @Test
  void aMoveReplacesNothing() {
    makeWithFile("a");
    makeWithFile("b");
    assertThrows(StorageException.class, () -> directories().rename("a", "b"));
    assertThrows(StorageException.class, () -> directories().rename("c", "d"));
    assertEquals(List.of("a", "b"), directories().list());
  }

  @Test
  void onlyWhatIsEmptyIsDeleted() {
    makeWithFile("a");
    assertThrows(StorageException.class, () -> directories().delete("a"));
    directories().open("a").delete("000001.sst");
    directories().delete("a");
    assertFalse(directories().exists("a"));
  }

  @Test
  void aLockFollowsItsDirectory() {
    makeWithFile("a");
    FileSystem before = directories().open("a");
    DirectoryLock lock = before.lock();
    assertThrows(StorageException.class, () -> directories().open("a").lock());
    directories().rename("a", "b");
    lock.close();
    directories().open("b").lock().close();
  }
}
