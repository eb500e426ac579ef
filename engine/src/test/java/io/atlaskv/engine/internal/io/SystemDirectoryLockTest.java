package io.atlaskv.engine.internal.io;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.api.StorageException;
import java.io.BufferedReader;
import java.io.IOException;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// The lock between processes. A child process tries it, says what came of it, and holds it until
/// its input ends or it is killed.
@Timeout(60)
class SystemDirectoryLockTest {
  private static final String LOCKED = "locked";

  @TempDir Path directory;

  /// Program of the child process.
  static final class Holder {
    private Holder() {}

    public static void main(String[] args) throws IOException {
      FileSystem files = SystemFileSystem.open(Path.of(args[0]));
      try (DirectoryLock lock = files.lock()) {
        assert lock != null;
        System.out.println(LOCKED);
        assertEquals(-1, System.in.read());
      } catch (StorageException e) {
        System.out.println(e.getMessage());
      }
    }
  }

  private Process start() throws IOException {
    return new ProcessBuilder(
            Path.of(System.getProperty("java.home"), "bin", "java").toString(),
            "-XX:TieredStopAtLevel=1",
            "-cp",
            System.getProperty("java.class.path"),
            Holder.class.getName(),
            directory.toString())
        .redirectError(ProcessBuilder.Redirect.INHERIT)
        .start();
  }

  private static String answer(Process process) throws IOException {
    BufferedReader output = process.inputReader();
    String line = output.readLine();
    assertNotNull(line, "the child said nothing");
    return line;
  }

  @Test
  void theHolderIsNamedAndItsDeathFreesTheLock() throws IOException, InterruptedException {
    Process child = start();
    try {
      assertEquals(LOCKED, answer(child));
      FileSystem files = SystemFileSystem.open(directory);
      var failure = assertThrows(StorageException.class, files::lock);
      assertTrue(
          failure.getMessage().contains("in use by process (pid " + child.pid() + ")"),
          failure.getMessage());
      child.destroyForcibly().waitFor();
      try (DirectoryLock lock = files.lock()) {
        assertNotNull(lock);
      }
    } finally {
      child.destroyForcibly().waitFor();
    }
  }

  @Test
  void aRefusedSecondOpenerDoesNotUnlockForOtherProcesses()
      throws IOException, InterruptedException {
    FileSystem files = SystemFileSystem.open(directory);
    try (DirectoryLock lock = files.lock()) {
      assertThrows(StorageException.class, files::lock, lock::toString);
      Process child = start();
      try {
        String answer = answer(child);
        assertFalse(answer.equals(LOCKED), "two processes hold the lock");
        assertTrue(answer.contains("pid " + ProcessHandle.current().pid()), answer);
      } finally {
        child.destroyForcibly().waitFor();
      }
    }
  }

  @Test
  void readersAreRefusedWhileAnotherProcessWrites() throws IOException, InterruptedException {
    FileSystem files = SystemFileSystem.open(directory);
    Process child = start();
    try {
      assertEquals(LOCKED, answer(child));
      var failure = assertThrows(StorageException.class, files::lockShared);
      assertTrue(String.valueOf(failure.getMessage()).contains("pid " + child.pid()));
    } finally {
      child.destroyForcibly().waitFor();
    }
    files.lockShared().close();
  }

  @Test
  void aWriterInAnotherProcessIsRefusedUntilTheLastReaderHasGone()
      throws IOException, InterruptedException {
    FileSystem files = SystemFileSystem.open(directory);
    files.lock().close(); // makes the file
    DirectoryLock first = files.lockShared();
    DirectoryLock second = files.lockShared();
    second.close();
    second.close();
    Process refused = start();
    try {
      assertFalse(answer(refused).equals(LOCKED), "a reader has gone, another has not");
    } finally {
      refused.destroyForcibly().waitFor();
    }
    assertThrows(StorageException.class, files::lock);
    first.close();
    Process child = start();
    try {
      assertEquals(LOCKED, answer(child));
    } finally {
      child.destroyForcibly().waitFor();
    }
  }
}
