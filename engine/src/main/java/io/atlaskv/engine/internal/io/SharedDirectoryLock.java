package io.atlaskv.engine.internal.io;

import static java.nio.file.StandardOpenOption.READ;

import java.io.IOException;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Lock of a directory for those who only read: any number of them, in any number of processes, but
/// no `SystemDirectoryLock` beside them. Writes nothing.
///
/// All of one process share one descriptor, as closing another would let go of the lock. A
/// directory without `LOCK`, a copy perhaps, was never opened where it is: there is nobody to keep
/// out, and nothing is locked.
final class SharedDirectoryLock implements DirectoryLock {
  private static final Map<Path, Hold> HOLDS = new HashMap<>(); // guarded by itself

  /// The lock of the process.
  private static final class Hold {
    final @Nullable SystemFile file;
    int holders;

    Hold(@Nullable SystemFile file) {
      this.file = file;
    }
  }

  private final Path directory;
  private boolean isReleased; // guarded by HOLDS

  private SharedDirectoryLock(Path directory) {
    this.directory = directory;
  }

  static SharedDirectoryLock acquire(Path directory) {
    synchronized (HOLDS) {
      Hold hold = HOLDS.get(directory);
      if (hold == null) {
        SystemDirectoryLock.reserve(directory);
        try {
          hold = new Hold(lock(directory));
          HOLDS.put(directory, hold);
        } finally {
          if (hold == null) {
            SystemDirectoryLock.unreserve(directory);
          }
        }
      }
      hold.holders++;
      return new SharedDirectoryLock(directory);
    }
  }

  private static @Nullable SystemFile lock(Path directory) {
    Path path = directory.resolve(FileName.LOCK);
    if (!Files.exists(path)) {
      return null;
    }
    SystemFile file = SystemFile.open(path, FileName.LOCK, Set.of(READ));
    boolean isKept = false;
    try {
      FileLock lock = file.channel().tryLock(0, Long.MAX_VALUE, true);
      if (lock == null) {
        throw SystemDirectoryLock.inUse(directory, "process", SystemDirectoryLock.holder(file));
      }
      isKept = true;
      return file;
    } catch (OverlappingFileLockException _) {
      isKept = true;
      throw SystemDirectoryLock.inUseElsewhere(directory, file);
    } catch (IOException e) {
      throw IoFailures.of(FileName.LOCK, "lock", e);
    } finally {
      if (!isKept) {
        file.close();
      }
    }
  }

  @Override
  public void close() {
    synchronized (HOLDS) {
      Hold hold = HOLDS.get(directory);
      if (isReleased || hold == null) {
        return;
      }
      isReleased = true;
      hold.holders--;
      if (hold.holders == 0) {
        HOLDS.remove(directory);
        SystemFile file = hold.file;
        if (file != null) {
          file.close(); // and with it the lock
        }
        SystemDirectoryLock.unreserve(directory);
      }
    }
  }
}
