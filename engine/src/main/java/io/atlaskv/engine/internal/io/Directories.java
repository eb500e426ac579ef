package io.atlaskv.engine.internal.io;

import java.util.List;

/// A directory of directories, each with the files of one store: where checkpoints are made. Names
/// are plain, without separators.
///
/// Every method may be called by any thread and throws `StorageException` when the operating system
/// refuses. A directory made, moved or deleted is safe once `sync` has returned (as D2 of
/// `FileSystem`); moving it is atomic, and takes along its files whose names are safe.
public interface Directories {
  /// Makes an empty directory; fails if the name exists.
  FileSystem make(String name);

  /// The files of a directory that exists.
  FileSystem open(String name);

  /// True if there is anything of that name.
  boolean exists(String name);

  /// Names of all directories, sorted.
  List<String> list();

  /// Moves a directory; fails if there is anything at `to`.
  void rename(String from, String to);

  /// Deletes a directory that is empty.
  void delete(String name);

  /// Makes names safe.
  void sync();
}
