package io.atlaskv.engine.internal.backup;

import io.atlaskv.engine.api.StorageException;
import io.atlaskv.engine.internal.io.Directories;
import io.atlaskv.engine.internal.io.DirectoryLock;
import io.atlaskv.engine.internal.io.FileName;
import io.atlaskv.engine.internal.io.FileSystem;
import java.util.concurrent.locks.ReentrantLock;

/// The directory in which a checkpoint, a backup or a restored store is made, beside the one it
/// will be: `name.atlaskv-unfinished`, a name that nobody else gives to what is not to be deleted.
/// It is locked while somebody works in it, so that what a crash left behind can be told from it.
public final class UnfinishedCheckpoint implements AutoCloseable {
  /// What its name ends with.
  public static final String SUFFIX = ".atlaskv-unfinished";

  /// Held over I/O, but only by those who begin a checkpoint, who block anyway: between the making
  /// of a directory and its lock it looks like what a crash left behind.
  private static final ReentrantLock BEGINNING = new ReentrantLock();

  private final Directories parent;
  private final String name;
  private final String what;
  private final FileSystem files;
  private final DirectoryLock lock;
  private boolean isPublished;

  /// Makes it, empty, and deletes what crashes left beside it.
  ///
  /// @param name of the checkpoint
  /// @param what is done, for messages
  public static UnfinishedCheckpoint begin(Directories parent, String name, String what) {
    BEGINNING.lock();
    try {
      requireAbsent(parent, name, what);
      sweep(parent);
      return new UnfinishedCheckpoint(parent, name, what);
    } finally {
      BEGINNING.unlock();
    }
  }

  private UnfinishedCheckpoint(Directories parent, String name, String what) {
    this.parent = parent;
    this.name = name;
    this.what = what;
    this.files = parent.make(name + SUFFIX);
    this.lock = files.lock();
  }

  /// Its files.
  public FileSystem files() {
    return files;
  }

  /// Gives it its name, which is safe on return. All its files and their names are safe already.
  public void publish() {
    requireAbsent(parent, name, what);
    parent.rename(name + SUFFIX, name);
    isPublished = true;
    parent.sync();
  }

  /// Lets go of the directory, and deletes it unless it was published.
  @Override
  public void close() {
    try {
      if (!isPublished) {
        delete(parent, name + SUFFIX);
      }
    } finally {
      lock.close();
    }
  }

  private static void requireAbsent(Directories parent, String name, String what) {
    if (parent.exists(name)) {
      throw new StorageException(
          parent + "/" + name + ": " + what + " failed: exists already", null);
    }
  }

  /// Deletes what crashes left behind; what somebody works in stays.
  private static void sweep(Directories parent) {
    for (String left : parent.list()) {
      if (left.endsWith(SUFFIX)) {
        try (DirectoryLock _ = parent.open(left).lock()) {
          delete(parent, left);
        } catch (StorageException _) {
          // in use, or gone meanwhile
        }
      }
    }
  }

  /// Deletes a whole checkpoint so that no crash leaves a part of it under its name.
  public static void remove(Directories parent, String name) {
    parent.rename(name, name + SUFFIX);
    parent.sync();
    delete(parent, name + SUFFIX);
  }

  /// Deletes a directory as far as it has files of ours.
  private static void delete(Directories parent, String directory) {
    try {
      FileSystem files = parent.open(directory);
      for (String file : files.list()) {
        if (FileName.parse(file) != null) {
          files.delete(file);
        }
      }
      parent.delete(directory);
    } catch (StorageException _) {
      // the next checkpoint beside it tries again
    }
  }
}
