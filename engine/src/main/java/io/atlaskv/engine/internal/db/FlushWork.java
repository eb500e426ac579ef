package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.api.AtlasException;
import io.atlaskv.engine.api.StorageException;
import io.atlaskv.engine.internal.compaction.FlushJob;
import io.atlaskv.engine.internal.compaction.FlushPace;
import io.atlaskv.engine.internal.compaction.Throttle;
import io.atlaskv.engine.internal.events.FlushSpan;
import io.atlaskv.engine.internal.io.Ports;
import io.atlaskv.engine.internal.io.Scheduler;
import io.atlaskv.engine.internal.manifest.VersionEdit;
import io.atlaskv.engine.internal.memtable.Memtable;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Writes sealed memtables to tables, oldest first, one at a time, on the flush lane.
final class FlushWork {
  private static final long RETRY_NANOS = 250_000_000;

  /// Makes the job that writes one memtable and hands over its edit.
  interface JobFactory extends Function<Memtable, FlushJob> {}

  private final Ports ports;
  private final Views views;
  private final VersionInstaller installer;
  private final StoreFailure failure;
  private final JobFactory jobs;
  private final Throttle throttle;
  private final FlushPace pace;
  private final AtomicBoolean isRunning = new AtomicBoolean();
  private final AtomicLong flushes = new AtomicLong();
  private final AtomicLong flushedBytes = new AtomicLong();
  private volatile boolean isClosing;
  private final Function<Memtable, FlushSpan> spans;
  private Runnable onChange = () -> {};
  private @Nullable Memtable current;
  private @Nullable FlushJob job;
  private @Nullable FlushSpan span;
  private long throttledBytes;
  private long beganAt;

  /// @param pace is told how long flushes take
  FlushWork(
      Ports ports,
      Views views,
      VersionInstaller installer,
      StoreFailure failure,
      JobFactory jobs,
      Throttle throttle,
      FlushPace pace,
      Function<Memtable, FlushSpan> spans) {
    this.ports = ports;
    this.views = views;
    this.installer = installer;
    this.failure = failure;
    this.jobs = jobs;
    this.throttle = throttle;
    this.pace = pace;
    this.spans = spans;
  }

  /// What runs after tables were installed or the store failed. To be set before any work.
  void onChange(Runnable action) {
    onChange = action;
  }

  /// Starts work if there is any and none runs.
  void wake() {
    if (!isClosing && hasWork() && !failure.isPermanent() && isRunning.compareAndSet(false, true)) {
      ports.scheduler().submit(Scheduler.Lane.FLUSH, this::step);
    }
  }

  private boolean hasWork() {
    return views.current().sealed().length > 0;
  }

  boolean isRunning() {
    return isRunning.get();
  }

  long flushes() {
    return flushes.get();
  }

  long flushedBytes() {
    return flushedBytes.get();
  }

  private boolean step() {
    if (isClosing) {
      abandon();
      isRunning.set(false);
      return false;
    }
    try {
      FlushJob running = job;
      if (running == null) {
        Memtable[] sealed = views.current().sealed();
        if (sealed.length == 0) {
          isRunning.set(false);
          wake(); // one may have been sealed between the look and the flag
          return false;
        }
        Memtable oldest = sealed[sealed.length - 1];
        current = oldest;
        job = jobs.apply(oldest);
        throttledBytes = 0;
        beganAt = ports.clock().nanoTime();
        span = spans.apply(oldest);
        return true;
      }
      if (running.step()) {
        return goesOn(running);
      }
      finish(running);
      return true;
    } catch (StorageException e) {
      boolean passes = e.isDiskFull() && !failure.isPermanent();
      giveUp(passes);
      if (passes) {
        failure.pause(e);
        onChange.run();
        ports.scheduler().schedule(Scheduler.Lane.FLUSH, RETRY_NANOS, this::step);
        return false;
      }
      return failed(e);
    } catch (AtlasException e) {
      abandon();
      return failed(e);
    } catch (RuntimeException | Error e) { // or writers would wait for a flush that never comes
      failed(StoreFailure.unexpected("a flush failed", e));
      abandon();
      return false;
    }
  }

  /// Whether the next step may follow at once; else it is put off.
  private boolean goesOn(FlushJob running) {
    long bytes = running.doneBytes() - throttledBytes;
    throttledBytes += bytes;
    long delay = throttle.flushed(bytes);
    if (delay <= 0) {
      return true;
    }
    ports.scheduler().schedule(Scheduler.Lane.FLUSH, delay, this::step);
    return false;
  }

  private boolean failed(AtlasException e) {
    failure.fail(e);
    isRunning.set(false);
    onChange.run();
    return false;
  }

  private void finish(FlushJob done) {
    Memtable flushed = Objects.requireNonNull(current);
    long memtableBytes = flushed.usedBytes(); // now: it may be gone once its tables are installed
    if (!installer.installFlush(done, flushed)) {
      giveUp(true); // the next step begins anew
      return;
    }
    pace.flushed(memtableBytes, ports.clock().nanoTime() - beganAt);
    VersionEdit tables = done.edit();
    Objects.requireNonNull(span).ended(tables);
    job = null;
    current = null;
    failure.resume();
    flushes.incrementAndGet();
    tables.added().forEach(added -> flushedBytes.addAndGet(added.table().bytes()));
    onChange.run();
  }

  private void abandon() {
    giveUp(false);
  }

  /// @param isUnused whether it is known that no edit names the job's table
  private void giveUp(boolean isUnused) {
    FlushJob running = job;
    job = null;
    current = null;
    if (running != null) {
      if (isUnused) {
        running.discard();
      } else {
        running.abandon();
      }
    }
  }

  /// Begins no more work; a running job ends at its next step.
  void close() {
    isClosing = true;
  }

  /// To be called once the scheduler is closed: gives up the job it will not run to its end.
  void abandonRest() {
    abandon();
  }
}
