package io.atlaskv.engine.internal.io;

import java.util.List;

/// The files of one directory. Names are plain, without separators: `000012.sst`.
///
/// Every method may be called by any thread and throws `StorageException` when the operating system
/// refuses. What a crash may leave:
/// - D1: bytes written are safe once `sync` of the file has returned. Until then any subset of the
///   512-byte sectors written since the last sync may be on disk, whatever the file's size says.
/// - D2: a name made, moved, linked or deleted is safe once `syncDirectory` has returned. Syncing
///   the file does not do it.
public interface FileSystem {
  /// Makes a new file for appending; fails if the name exists.
  AppendFile create(String name);

  /// Opens a file that exists for appending at its end.
  AppendFile openAppend(String name);

  /// Opens a file for reading and for writes at any place.
  ///
  /// @param create make the file if it does not exist
  PositionedFile openPositioned(String name, boolean create);

  /// Opens a file that exists for reading.
  ReadFile openRead(String name);

  /// Names of all files, sorted.
  List<String> list();

  /// True if there is a file of that name.
  boolean exists(String name);

  /// Size of a file in bytes.
  long size(String name);

  /// Moves a file, atomically replacing what is at `to`.
  void rename(String from, String to);

  /// Deletes a file that exists. Open files stay usable.
  void delete(String name);

  /// Gives a file a second name in `target`, which is on the same device; fails if it exists there.
  void link(String name, FileSystem target, String targetName);

  /// Makes names safe (D2).
  void syncDirectory();

  /// Locks the directory for this opener, or throws `StorageException` naming the holder. Ends with
  /// the process at the latest: what a killed process leaves behind is no obstacle.
  DirectoryLock lock();

  /// Locks the directory for one who only reads, as others may at the same time; an opener that has
  /// `lock` keeps them out, and they him. Writes nothing.
  DirectoryLock lockShared();

  /// Bytes the device has left for us.
  long freeBytes();
}
