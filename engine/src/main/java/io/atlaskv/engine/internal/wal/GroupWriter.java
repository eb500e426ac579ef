package io.atlaskv.engine.internal.wal;

import io.atlaskv.engine.api.Stage;
import io.atlaskv.engine.api.StorageException;
import io.atlaskv.engine.internal.io.Clock;
import io.atlaskv.engine.internal.io.StageTimes;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// Hands groups to the kernel. Of the threads that want that one does it for all, the others go on
/// at once.
///
/// Invariants:
/// - W1: groups are taken and written by the one thread that has set `isWriting`.
/// - W2: what was appended is written by its appender, or by the thread that it found writing:
///   whoever clears `isWriting` looks once more.
/// - W3: a group that was taken and not written fails the log: what follows would leave a hole.
final class GroupWriter {
  private static final int TIMED_EVERY = 8; // a write takes a microsecond, measuring it a tenth

  private final LogProgress progress;
  private final GroupQueue queue;
  private final Clock clock;
  private final long salt;
  private final AtomicBoolean isWriting = new AtomicBoolean();
  private final LongAdder groups = new LongAdder();
  private final LongAdder bytes = new LongAdder();
  private final LongAdder switches = new LongAdder();
  private volatile @Nullable StageTimes times;
  private int writes; // W1

  /// @param salt of the store, for checksums
  GroupWriter(LogProgress progress, GroupQueue queue, Clock clock, long salt) {
    this.progress = progress;
    this.queue = queue;
    this.clock = clock;
    this.salt = salt;
  }

  boolean write() {
    long target = progress.appendedCount();
    boolean wasOwner = false;
    try {
      while (progress.written().count() < progress.appendedCount() // W2
          && !progress.hasFailed()
          && isWriting.compareAndSet(false, true)) {
        wasOwner = true;
        writeQueue();
      }
    } finally {
      if (wasOwner) {
        progress.tell(); // also if it threw: a close waits until `isWriting` is cleared
      }
    }
    return progress.written().count() >= target;
  }

  /// Writes a mark that was queued; if another thread is writing, whoever writes next takes it
  /// along.
  void writeMark() {
    if (isWriting.compareAndSet(false, true)) {
      try {
        writeQueue();
        write();
      } finally {
        progress.tell(); // of batches that came behind it, whose writers found `isWriting` set
      }
    }
  }

  /// Writes all groups; the caller has set `isWriting`.
  private void writeQueue() {
    try {
      for (LogGroup group = queue.take(); group != null; group = queue.takeAfter(group)) {
        write(group);
      }
    } catch (StorageException e) {
      progress.fail(e);
    } catch (RuntimeException | Error e) {
      progress.fail(new StorageException("log: write failed", e)); // W3
      throw e;
    } finally {
      isWriting.set(false);
    }
  }

  private void write(LogGroup group) {
    var content = group.finish(salt, progress.durable().sequence(), clock.currentTimeMillis());
    StageTimes measured = ++writes % TIMED_EVERY == 0 ? times : null;
    long start = measured == null ? 0 : measured.start();
    group.target().write(group, content);
    if (measured != null) {
      measured.record(Stage.LOG_WRITE, start);
    }
    groups.increment();
    bytes.add(group.bytes());
    if (group.kind() == LogGroupFormat.NEXT) {
      switches.increment();
    }
  }

  boolean isWriting() {
    return isWriting.get();
  }

  void times(StageTimes value) {
    times = value;
  }

  /// Groups written.
  long groups() {
    return groups.sum();
  }

  /// Bytes written.
  long bytes() {
    return bytes.sum();
  }

  /// Segments ended.
  long switches() {
    return switches.sum();
  }
}
