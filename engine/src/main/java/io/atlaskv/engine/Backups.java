package io.atlaskv.engine;

import io.atlaskv.engine.api.BackupInfo;
import io.atlaskv.engine.api.StorageException;
import io.atlaskv.engine.api.tools.Finding;
import io.atlaskv.engine.internal.backup.BackupRepository;
import io.atlaskv.engine.internal.backup.BackupRestore;
import io.atlaskv.engine.internal.base.EpochMillis;
import io.atlaskv.engine.internal.io.Directories;
import io.atlaskv.engine.internal.io.Ports;
import io.atlaskv.engine.internal.io.SystemPorts;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;

/// What can be done with the backups that [io.atlaskv.engine.api.Db#backup] made in a repository, a
/// directory with a directory for each. Needs no store; may be used while backups are made.
///
/// All methods throw an `AtlasException` where the operating system refuses something.
public final class Backups {
  private Backups() {}

  /// All backups, oldest first; those whose list is damaged are left out.
  public static List<BackupInfo> list(Path repository) {
    return new BackupRepository(directories(repository)).list();
  }

  /// Reads all of a backup and compares it with its checksums; tells what is not as it was written,
  /// nothing if all is.
  ///
  /// @throws StorageException if there is no such backup
  public static List<Finding> verify(Path repository, long number) {
    return new BackupRepository(directories(repository)).verify(number);
  }

  /// Deletes a backup. Others keep the files that they share with it; moments between the backup
  /// before it and the one behind it can no longer be restored.
  ///
  /// @throws StorageException if there is no such backup
  public static void delete(Path repository, long number) {
    new BackupRepository(directories(repository)).delete(number);
  }

  /// Makes a store of a backup. Each file is compared with its checksum while it is copied.
  ///
  /// @param target is made, and must not exist
  /// @return the last sequence in the store
  /// @throws StorageException if there is no such backup, or `target` exists
  /// @throws io.atlaskv.engine.api.CorruptionException if the backup is damaged; nothing is left of
  ///   `target` then
  public static long restore(Path repository, long number, Path target) {
    return run(
        repository, target, (restore, parent, name) -> restore.restore(number, parent, name));
  }

  /// Makes a store as it was after the commit with `sequence`: of the newest backup that is not
  /// behind that, and the log that the next backup has brought along.
  ///
  /// @return the last sequence in the store: `sequence`, or that of the commit before it if the
  ///   commit with it went on behind it
  /// @throws StorageException if no backup is before that moment, or none behind it with all of the
  ///   log between (`Options.logRetainedSegments` keeps it)
  public static long restoreToSequence(Path repository, long sequence, Path target) {
    return run(
        repository,
        target,
        (restore, parent, name) -> restore.restoreSequence(sequence, parent, name));
  }

  /// As [#restoreToSequence], with all that was written to the log at `time` or before.
  public static long restoreToTime(Path repository, Instant time, Path target) {
    return run(
        repository,
        target,
        (restore, parent, name) -> restore.restoreTime(EpochMillis.of(time), parent, name));
  }

  private interface Restoring {
    long run(BackupRestore restore, Directories parent, String name);
  }

  private static long run(Path repository, Path target, Restoring restoring) {
    Directories backups = directories(repository);
    Path absolute = target.toAbsolutePath().normalize();
    Path parent = absolute.getParent();
    Path name = absolute.getFileName();
    if (parent == null || name == null) {
      throw new IllegalArgumentException("target=" + target);
    }
    Ports ports = SystemPorts.openExisting(repository);
    try {
      return restoring.run(
          new BackupRestore(backups, ports), SystemPorts.directories(parent), name.toString());
    } finally {
      ports.scheduler().close();
    }
  }

  private static Directories directories(Path repository) {
    SystemPorts.existing(repository); // is not made by looking for it
    return SystemPorts.directories(repository);
  }
}
