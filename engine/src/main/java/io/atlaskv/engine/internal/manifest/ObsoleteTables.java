package io.atlaskv.engine.internal.manifest;

import io.atlaskv.engine.api.ClosedException;
import io.atlaskv.engine.api.StorageException;
import io.atlaskv.engine.internal.io.FileName;
import io.atlaskv.engine.internal.io.FileSystem;
import io.atlaskv.engine.internal.io.Scheduler;
import io.atlaskv.engine.internal.io.Scheduler.Lane;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// Where tables go when the last version that names them is gone: closed at once or in the
/// background, and deleted if an edit has removed them. A file that cannot be deleted is left to
/// the sweep of the next open.
final class ObsoleteTables implements Consumer<LiveTable> {
  private final FileSystem files;
  private final Scheduler scheduler;
  private final Queue<Runnable> waiting = new ArrayDeque<>(); // guarded by this
  private boolean isClosed; // guarded by this
  private volatile LongConsumer onDeleted = number -> {};

  ObsoleteTables(FileSystem files, Scheduler scheduler) {
    this.files = files;
    this.scheduler = scheduler;
  }

  /// What is told the number of each table that was deleted; must be short.
  void onDeleted(LongConsumer action) {
    onDeleted = action;
  }

  /// Called by whoever gave back the last reference, maybe an event loop: a table that goes for
  /// good is closed and deleted in the background.
  @Override
  public void accept(LiveTable unused) {
    boolean isQueued =
        unused.isObsolete()
            && inBackground(() -> {
              long number = unused.meta().number();
              unused.table().close();
              if (deleteNow(FileName.table(number))) {
                onDeleted.accept(number);
              }
            });
    if (!isQueued) {
      unused.table().close();
    }
  }

  /// Deletes a file in the background.
  void delete(String name) {
    inBackground(() -> deleteNow(name));
  }

  /// False after `close`: then nothing happens.
  private boolean inBackground(Runnable work) {
    synchronized (this) {
      if (isClosed) {
        return false;
      }
      waiting.add(work);
    }
    try {
      scheduler.submit(Lane.CLEANUP, this::runNext);
    } catch (ClosedException _) {
      // `close` runs it
    }
    return true;
  }

  private boolean runNext() {
    Runnable work = next();
    if (work != null) {
      work.run();
    }
    return false;
  }

  private synchronized @Nullable Runnable next() {
    return waiting.poll();
  }

  /// Does at once what the background has not done. What comes later is closed and not deleted, as
  /// the directory may be somebody else's by then.
  void close() {
    synchronized (this) {
      isClosed = true;
    }
    for (Runnable work = next(); work != null; work = next()) {
      work.run();
    }
  }

  private boolean deleteNow(String name) {
    try {
      if (files.exists(name)) {
        files.delete(name);
        return true;
      }
    } catch (StorageException e) {
      // asked for only now: the first logger of a process takes 20 ms of every open
      System.getLogger(ObsoleteTables.class.getName())
          .log(
              System.Logger.Level.WARNING,
              "left to the next open: obsolete {0}: {1}",
              name,
              e.getMessage());
    }
    return false;
  }
}
