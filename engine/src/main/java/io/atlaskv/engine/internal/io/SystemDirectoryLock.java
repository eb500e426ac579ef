package io.atlaskv.engine.internal.io;

import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import io.atlaskv.engine.api.StorageException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;

/// Lock of a directory: a lock of the operating system on its file `LOCK`, which holds the owner's
/// process id for messages. It ends with the process, so a killed one leaves no obstacle; the file
/// stays, since deleting it would let two processes lock two files of that name.
///
/// On POSIX systems a process loses its lock when it closes *any* descriptor of the file. So a
/// second opener in this process must be refused before it opens the file: `HELD` knows. If another
/// class loader's copy of this class holds the lock, only the JDK knows, and the descriptor that we
/// then have is kept open for good.
final class SystemDirectoryLock implements DirectoryLock {
  private static final Set<Path> HELD = ConcurrentHashMap.newKeySet();
  private static final Queue<SystemFile> NEVER_CLOSED = new ConcurrentLinkedQueue<>();
  private static final int PID_BYTES_MAX = 20;

  private final Path directory;
  private final SystemFile file;
  private final FileLock lock;
  private boolean isReleased;

  private SystemDirectoryLock(Path directory, SystemFile file, FileLock lock) {
    this.directory = directory;
    this.file = file;
    this.lock = lock;
  }

  static SystemDirectoryLock acquire(Path directory) {
    reserve(directory);
    SystemDirectoryLock acquired = null;
    try {
      acquired = acquireOfSystem(directory);
      return acquired;
    } finally {
      if (acquired == null) {
        unreserve(directory);
      }
    }
  }

  /// Keeps others of this process from touching the file.
  static void reserve(Path directory) {
    if (!HELD.add(directory)) {
      throw inUse(directory, "this process", ProcessHandle.current().pid());
    }
  }

  static void unreserve(Path directory) {
    HELD.remove(directory);
  }

  /// Another copy of this class has the lock; keeps `file` open, or the lock would go.
  static StorageException inUseElsewhere(Path directory, SystemFile file) {
    NEVER_CLOSED.add(file);
    return inUse(directory, "this process", ProcessHandle.current().pid());
  }

  private static SystemDirectoryLock acquireOfSystem(Path directory) {
    SystemFile file =
        SystemFile.open(
            directory.resolve(FileName.LOCK), FileName.LOCK, Set.of(CREATE, READ, WRITE));
    boolean isKept = false;
    try {
      FileLock lock = file.channel().tryLock();
      if (lock == null) {
        throw inUse(directory, "process", holder(file));
      }
      writeHolder(file);
      isKept = true;
      return new SystemDirectoryLock(directory, file, lock);
    } catch (OverlappingFileLockException _) {
      isKept = true;
      throw inUseElsewhere(directory, file);
    } catch (IOException e) {
      throw IoFailures.of(FileName.LOCK, "lock", e);
    } finally {
      if (!isKept) {
        file.close();
      }
    }
  }

  static StorageException inUse(Path directory, String who, @Nullable Object pid) {
    return new StorageException(
        directory + " is in use by " + who + (pid == null ? "" : " (pid " + pid + ")"), null);
  }

  /// The process that wrote its id last, if it still lives: readers do not write theirs.
  static @Nullable Long holder(SystemFile file) {
    ByteBuffer text = ByteBuffer.allocateDirect(PID_BYTES_MAX);
    int count = file.read(0, text);
    byte[] digits = new byte[count];
    text.flip().get(digits);
    try {
      long pid = Long.parseLong(new String(digits, StandardCharsets.US_ASCII).strip());
      return ProcessHandle.of(pid).isPresent() ? pid : null;
    } catch (NumberFormatException _) {
      return null; // being written at this moment
    }
  }

  private static void writeHolder(SystemFile file) {
    String pid = Long.toString(ProcessHandle.current().pid());
    String line = pid + " ".repeat(PID_BYTES_MAX - 1 - pid.length()) + "\n";
    ByteBuffer text = ByteBuffer.allocateDirect(PID_BYTES_MAX);
    text.put(line.getBytes(StandardCharsets.US_ASCII)).flip();
    file.write(0, text);
  }

  @Override
  public synchronized void close() {
    if (isReleased) {
      return;
    }
    isReleased = true;
    try {
      lock.release();
    } catch (IOException e) {
      throw IoFailures.of(FileName.LOCK, "unlock", e);
    } finally {
      file.close();
      HELD.remove(directory);
    }
  }
}
