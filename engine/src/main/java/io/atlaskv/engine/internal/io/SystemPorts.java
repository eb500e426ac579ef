package io.atlaskv.engine.internal.io;

import java.lang.System.Logger.Level;
import java.nio.file.Path;
import java.util.Map;

/// The real world: a directory of the operating system, its time, its threads.
public final class SystemPorts {
  private static final int FETCH_THREADS = 4;

  private SystemPorts() {}

  /// Ports for a store in `directory`, which is made if it does not exist. Starts no thread; the
  /// caller closes the scheduler. Failed tasks are logged.
  public static Ports open(Path directory) {
    int compactions = Math.clamp(Runtime.getRuntime().availableProcessors() / 2, 1, 4);
    return open(directory, compactions, SystemPorts::log);
  }

  private static void log(Scheduler.Lane lane, Throwable failure) {
    // asked for only now: the first logger of a process takes 6 ms
    System.getLogger("io.atlaskv.engine")
        .log(Level.ERROR, "task on lane " + lane + " failed", failure);
  }

  /// As above.
  ///
  /// @param compactionThreads most table merges at a time
  /// @param failures told of what tasks throw
  public static Ports open(Path directory, int compactionThreads, FailureSink failures) {
    if (compactionThreads < 1) {
      throw new IllegalArgumentException("compactionThreads=" + compactionThreads);
    }
    return ports(SystemFileSystem.open(directory), compactionThreads, failures);
  }

  /// Ports for tools that look at a directory, which must exist. As above, starts no thread.
  public static Ports openExisting(Path directory) {
    return ports(SystemFileSystem.openExisting(directory), 1, SystemPorts::log);
  }

  /// Ports for a store that is opened read-only. As above, starts no thread.
  public static Ports openReadOnly(Path directory, FailureSink failures) {
    return ports(new OverlayFileSystem(SystemFileSystem.openExisting(directory)), 1, failures);
  }

  /// Ports for a store that another process may have open. As above, starts no thread.
  public static Ports openSecondary(Path directory, FailureSink failures) {
    var files = OverlayFileSystem.unlocked(SystemFileSystem.openExisting(directory));
    return ports(files, 1, failures);
  }

  private static Ports ports(FileSystem files, int compactionThreads, FailureSink failures) {
    return new Ports(
        files,
        new SystemClock(),
        new SystemScheduler(
            Map.of(
                Scheduler.Lane.COMPACTION, compactionThreads, Scheduler.Lane.FETCH, FETCH_THREADS),
            failures),
        waiter(),
        new SystemRandom());
  }

  /// Waits by parking the calling thread.
  public static Waiter waiter() {
    return new SystemWaiter();
  }

  /// A directory that exists.
  public static FileSystem existing(Path directory) {
    return SystemFileSystem.openExisting(directory);
  }

  /// Another directory of the operating system, for checkpoints and tools; made if it does not
  /// exist.
  public static FileSystem directory(Path directory) {
    return SystemFileSystem.open(directory);
  }

  /// The directories in a directory of the operating system, which is made if it does not exist.
  public static Directories directories(Path parent) {
    return new SystemDirectories(parent);
  }
}
