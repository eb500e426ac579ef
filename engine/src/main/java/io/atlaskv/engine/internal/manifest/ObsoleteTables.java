package io.atlaskv.engine.internal.manifest;

import io.atlaskv.engine.api.ClosedException;
import io.atlaskv.engine.api.StorageException;
import io.atlaskv.engine.internal.io.FileName;
import io.atlaskv.engine.internal.io.FileSystem;
import io.atlaskv.engine.internal.io.Scheduler;
import io.atlaskv.engine.internal.io.Scheduler.Lane;
import java.util.function.Consumer;

/// Where tables go when the last version that names them is gone: closed at once or in the
/// background, and deleted if an edit has removed them. A file that cannot be deleted is left to
/// the sweep of the next open.
final class ObsoleteTables implements Consumer<LiveTable> {
  private static final System.Logger LOGGER = System.getLogger(ObsoleteTables.class.getName());

  private final FileSystem files;
  private final Scheduler scheduler;

  ObsoleteTables(FileSystem files, Scheduler scheduler) {
    this.files = files;
    this.scheduler = scheduler;
  }

  /// Called by whoever gave back the last reference, maybe an event loop: a table that goes for
  /// good is closed and deleted in the background.
  @Override
  public void accept(LiveTable unused) {
    if (unused.isObsolete()) {
      inBackground(
          () -> {
            unused.table().close();
            deleteNow(FileName.table(unused.meta().number()));
          },
          unused.table()::close);
    } else {
      unused.table().close();
    }
  }

  /// Deletes a file in the background.
  void delete(String name) {
    inBackground(() -> deleteNow(name), () -> {});
  }

  private void inBackground(Runnable work, Runnable ifClosed) {
    try {
      scheduler.submit(
          Lane.LOG,
          () -> {
            work.run();
            return false;
          });
    } catch (ClosedException e) {
      ifClosed.run();
    }
  }

  private void deleteNow(String name) {
    try {
      if (files.exists(name)) {
        files.delete(name);
      }
    } catch (StorageException e) {
      LOGGER.log(
          System.Logger.Level.WARNING,
          "left to the next open: obsolete {0}: {1}",
          name,
          e.getMessage());
    }
  }
}
