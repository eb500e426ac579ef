package io.atlaskv.engine.internal.wal;

import io.atlaskv.engine.api.AtlasException;
import io.atlaskv.engine.internal.io.FileSystem;
import io.atlaskv.engine.internal.io.Ports;
import io.atlaskv.engine.internal.io.PositionedFile;
import io.atlaskv.engine.internal.io.Scheduler;
import io.atlaskv.engine.internal.io.Scheduler.Lane;
import io.atlaskv.engine.internal.io.Signal;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Writes again what recovery has read, the same bytes in the same place, and syncs it on the SYNC
/// lane while recovery goes on. Called by one thread.
final class RecoverySync implements AutoCloseable {
  /// After so many bytes of a segment their sync begins, rather than at its end.
  private static final long SYNC_BYTES = 32 << 20;

  private final FileSystem files;
  private final Scheduler scheduler;
  private final Signal progress;
  private final List<PositionedFile> opened = new ArrayList<>();
  private final AtomicInteger running = new AtomicInteger();
  private volatile @Nullable AtlasException failure;
  private @Nullable PositionedFile file; // the last one opened
  private long segment;
  private long unsyncedBytes;

  RecoverySync(Ports ports) {
    files = ports.files();
    scheduler = ports.scheduler();
    progress = ports.waiter().signal();
  }

  /// Writes the intact groups of a window; windows come in the order of the log.
  void write(LogWindow window) {
    PositionedFile target = fileOf(window);
    target.write(window.intactFrom(), window.view(window.intactFrom(), window.intactTo()));
    unsyncedBytes += window.intactTo() - window.intactFrom();
    if (unsyncedBytes >= SYNC_BYTES) {
      start();
    }
  }

  private PositionedFile fileOf(LogWindow window) {
    PositionedFile open = file;
    if (open == null || segment != window.number()) {
      start();
      open = files.openPositioned(window.name(), false);
      opened.add(open);
      file = open;
      segment = window.number();
    }
    return open;
  }

  /// Begins to sync what was written.
  private void start() {
    PositionedFile target = file;
    if (target == null || unsyncedBytes == 0) {
      return;
    }
    unsyncedBytes = 0;
    running.incrementAndGet();
    scheduler.submit(
        Lane.SYNC,
        () -> {
          sync(target);
          return false;
        });
  }

  private void sync(PositionedFile target) {
    try {
      target.sync();
    } catch (AtlasException e) {
      failure = e;
    } finally {
      running.decrementAndGet();
      progress.wakeAll();
    }
  }

  /// Waits until all that was written is safe.
  ///
  /// @throws AtlasException if something could not be made so
  void await() {
    start();
    progress.await(() -> running.get() == 0, Long.MAX_VALUE);
    AtlasException cause = failure;
    if (cause != null) {
      throw cause;
    }
  }

  /// Waits for the syncs that run, and closes the files.
  @Override
  public void close() {
    progress.await(() -> running.get() == 0, Long.MAX_VALUE);
    opened.forEach(PositionedFile::close);
  }
}
