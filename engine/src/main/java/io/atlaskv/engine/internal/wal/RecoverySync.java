package io.atlaskv.engine.internal.wal;

import io.atlaskv.engine.api.AtlasException;
import io.atlaskv.engine.internal.io.FileName;
import io.atlaskv.engine.internal.io.FileSystem;
import io.atlaskv.engine.internal.io.Ports;
import io.atlaskv.engine.internal.io.PositionedFile;
import io.atlaskv.engine.internal.io.Scheduler;
import io.atlaskv.engine.internal.io.Scheduler.Lane;
import io.atlaskv.engine.internal.io.Signal;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/// Syncs segments on the SYNC lane while recovery goes on with the next one.
final class RecoverySync {
  private final FileSystem files;
  private final Scheduler scheduler;
  private final Signal progress;
  private final AtomicInteger running = new AtomicInteger();
  private volatile @Nullable AtlasException failure;

  RecoverySync(Ports ports) {
    files = ports.files();
    scheduler = ports.scheduler();
    progress = ports.waiter().signal();
  }

  /// Begins to sync a segment.
  void start(long segment) {
    running.incrementAndGet();
    scheduler.submit(
        Lane.SYNC,
        () -> {
          sync(FileName.log(segment));
          return false;
        });
  }

  private void sync(String name) {
    try (PositionedFile file = files.openPositioned(name, false)) {
      file.sync();
    } catch (AtlasException e) {
      failure = e;
    } finally {
      running.decrementAndGet();
      progress.wakeAll();
    }
  }

  /// Waits until all are synced.
  ///
  /// @throws AtlasException if one could not be
  void await() {
    progress.await(() -> running.get() == 0, Long.MAX_VALUE);
    AtlasException cause = failure;
    if (cause != null) {
      throw cause;
    }
  }
}
