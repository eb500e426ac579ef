package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.api.AtlasException;
import io.atlaskv.engine.api.ClosedException;
import io.atlaskv.engine.api.StorageException;
import io.atlaskv.engine.internal.compaction.Compaction;
import io.atlaskv.engine.internal.compaction.CompactionJob;
import io.atlaskv.engine.internal.compaction.CompactionLoad;
import io.atlaskv.engine.internal.compaction.CompactionOptions;
import io.atlaskv.engine.internal.compaction.FairTurns;
import io.atlaskv.engine.internal.compaction.HeldGarbage;
import io.atlaskv.engine.internal.compaction.IoShares;
import io.atlaskv.engine.internal.compaction.MergePart;
import io.atlaskv.engine.internal.compaction.Throttle;
import io.atlaskv.engine.internal.compaction.TreePicker;
import io.atlaskv.engine.internal.events.CompactionSpan;
import io.atlaskv.engine.internal.io.Ports;
import io.atlaskv.engine.internal.io.Scheduler;
import io.atlaskv.engine.internal.io.Task;
import io.atlaskv.engine.internal.manifest.KeyRange;
import io.atlaskv.engine.internal.manifest.Levels;
import io.atlaskv.engine.internal.manifest.Tree;
import io.atlaskv.engine.internal.manifest.Version;
import io.atlaskv.engine.internal.manifest.VersionEdit;
import java.util.HashSet;
import java.util.LinkedHashSet;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.atomic.AtomicReference;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Runs compactions on the compaction lane, so many at a time, each on tables of its own.
///
/// Workers, tasks of the lane, take turns at the parts of all merges; whose turn it is say the
/// shares of the namespaces ([FairTurns]), and how long a worker rests after a step says the
/// throttle. So a merge that is put off, or a large one, holds up no other that is due more. A
/// namespace with shares may begin a compaction though as many run as there are threads.
final class CompactionWork {
  private static final long RETRY_NANOS = 1_000_000_000;

  /// Makes the job of a compaction; the job holds the version until it ends.
  interface JobFactory {
    CompactionJob start(Compaction compaction, Version version);
  }

  /// Tells that a compaction begins.
  interface Spans extends Function<Compaction, CompactionSpan> {}

  private final Ports ports;
  private final Views views;
  private final VersionInstaller installer;
  private final StoreFailure failure;
  private final CompactionOptions options;
  private final SnapshotList snapshots;
  private final JobFactory jobFactory;
  private final Spans spans;
  private final Throttle throttle;
  private final int jobsMax;
  private final FairTurns<Steps> turns;
  private final Set<Long> busy = new HashSet<>(); // guarded by this
  private final Set<Work> begun = new LinkedHashSet<>(); // in order of begin; guarded by this
  private int jobs; // guarded by this
  private boolean isFullWanted; // guarded by this
  private @Nullable KeyRange fullRange; // what is meant by it, null for all; guarded by this
  private int lastTree = Tree.SHARED; // guarded by this
  private boolean isIdle; // guarded by this
  private boolean isHeld; // guarded by this
  private IoShares shares = IoShares.UNDIVIDED; // guarded by this
  private final AtomicInteger running = new AtomicInteger();
  private final AtomicLong compactions = new AtomicLong();
  private final AtomicLong readBytes = new AtomicLong();
  private final AtomicLong writtenBytes = new AtomicLong();
  private final AtomicLongArray writtenByLevel = new AtomicLongArray(Levels.COUNT);
  private Runnable onChange = () -> {};
  private BooleanSupplier isReadOften = () -> false;
  private volatile long heldThrough = HeldGarbage.NONE; // as of the last look that found nothing
  private volatile boolean isClosing;

  /// @param jobsMax compactions at a time, but for those of namespaces with shares
  /// @param threads of the compaction lane
  CompactionWork(
      Ports ports,
      Views views,
      VersionInstaller installer,
      StoreFailure failure,
      CompactionOptions options,
      SnapshotList snapshots,
      JobFactory jobFactory,
      Spans spans,
      Throttle throttle,
      int jobsMax,
      int threads) {
    this.ports = ports;
    this.views = views;
    this.installer = installer;
    this.failure = failure;
    this.options = options;
    this.snapshots = snapshots;
    this.jobFactory = jobFactory;
    this.spans = spans;
    this.throttle = throttle;
    this.jobsMax = jobsMax;
    this.turns = new FairTurns<>(threads);
  }

  /// What runs after tables were installed or the store failed. To be set before any work.
  void onChange(Runnable action) {
    onChange = action;
  }

  /// Says whether reads have paid for a merge of level 0. To be set before any work.
  void isReadOften(BooleanSupplier answer) {
    isReadOften = answer;
  }

  /// Divides what follows by other shares.
  void shares(IoShares value) {
    synchronized (this) {
      shares = value;
    }
    turns.shares(value);
    wake();
  }

  int running() {
    return running.get();
  }

  long compactions() {
    return compactions.get();
  }

  long readBytes() {
    return readBytes.get();
  }

  long writtenBytes() {
    return writtenBytes.get();
  }

  /// Bytes of tables that were written to a level.
  long writtenBytes(int level) {
    return writtenByLevel.get(level);
  }

  /// Starts what is worth doing now.
  void wake() {
    while (!isClosing && !failure.isPermanent()) {
      Work work;
      try {
        work = next();
      } catch (ClosedException e) {
        throw e; // nobody waits any more
      } catch (RuntimeException | Error e) { // or who waits for a merge would wait for ever
        failure.fail(StoreFailure.unexpected("a merge could not begin", e));
        onChange.run();
        return;
      }
      if (work != null) {
        running.incrementAndGet();
        add(work);
      } else if (!isLetGo()) {
        return;
      }
    }
  }

  /// A snapshot was released: starts what it alone was in the way of. On any thread, event loops
  /// too.
  void snapshotReleased() {
    if (isLetGo()) {
      try {
        ports
            .scheduler()
            .submit(
                Scheduler.Lane.COMPACTION,
                () -> {
                  wake();
                  return false;
                });
      } catch (ClosedException _) {
        // closed since: nothing is merged any more
      }
    }
  }

  /// Whether garbage that was held at the last look is held no more; told once. Of that look and
  /// the release of a snapshot, whichever is noted last sees the other.
  private boolean isLetGo() {
    long held = heldThrough;
    if (held == HeldGarbage.NONE || !snapshots.areAllFrom(held)) {
      return false;
    }
    heldThrough = HeldGarbage.NONE;
    return true;
  }

  private void add(Steps steps) {
    if (turns.add(steps.payer, steps)) {
      ports.scheduler().submit(Scheduler.Lane.COMPACTION, new Worker());
    }
  }

  private synchronized @Nullable Work next() {
    if (isClosing // looked at again, as what `abandonRest` does not see stays for ever
        || isHeld
        || (jobs >= jobsMax && !shares.isDivided())) {
      return null;
    }
    View view = views.acquire();
    try {
      Version version = view.version();
      CompactionLoad load = load(version);
      Compaction compaction =
          isFullWanted
              ? TreePicker.pickFull(
                  version.state(), lastTree, this::mayBegin, fullRange, options, load)
              : TreePicker.pick(version.state(), lastTree, this::mayBegin, options, load);
      if (compaction == null) {
        if (jobs == 0) {
          isFullWanted = false;
        }
        heldThrough = HeldGarbage.heldThrough(version.state(), options, load);
        return null;
      }
      int payer = shares.payer(compaction.tree());
      var work = new Work(payer, compaction, jobFactory.start(compaction, version));
      lastTree = compaction.tree();
      jobs++;
      busy.addAll(compaction.inputNumbers());
      begun.add(work);
      return work;
    } finally {
      view.release();
    }
  }

  /// Whether a compaction of a tree may begin now: each payer may have one. For `next`.
  private boolean mayBegin(int tree) {
    int payer = shares.payer(tree);
    return jobs < jobsMax || begun.stream().noneMatch(work -> work.payer == payer);
  }

  private CompactionLoad load(Version version) {
    return new CompactionLoad(
        busy,
        snapshots.live(),
        isIdle,
        isReadOften.getAsBoolean(),
        false,
        ports.clock().currentTimeMillis(),
        meta -> version.table(meta.number()).rangeTombstones());
  }

  /// Does what is merely useful, as nobody writes now: to be called after a while without writes.
  void wakeIdle() {
    synchronized (this) {
      isIdle = true;
    }
    throttle.urgency(1); // until the tables change
    wake();
  }

  /// Ends what `wakeIdle` began, as somebody writes.
  synchronized void busy() {
    isIdle = false;
  }

  /// Asks for everything of a range, or for null of all, to be merged into the lowest level.
  void requestFull(@Nullable KeyRange range) {
    synchronized (this) {
      KeyRange before = fullRange;
      if (!isFullWanted) {
        fullRange = range;
      } else {
        fullRange = before == null || range == null ? null : before.with(range);
      }
      isFullWanted = true;
    }
    wake();
  }

  /// Begins no compaction until `resume`. Those that run go on.
  synchronized void hold() {
    isHeld = true;
  }

  /// Ends `hold`.
  void resume() {
    synchronized (this) {
      isHeld = false;
    }
    onChange.run();
  }

  /// Whether a compaction that runs may write tables to a level that overlap a range.
  synchronized boolean writesTo(int level, KeyRange range) {
    return begun.stream()
        .map(work -> work.compaction)
        .anyMatch(
            compaction -> compaction.outputLevel() == level && compaction.range().overlaps(range));
  }

  synchronized boolean isDone() {
    return jobs == 0 && !isFullWanted;
  }

  /// Something that is done in steps, at the cost of one payer.
  private abstract static class Steps implements Task {
    final int payer;

    Steps(int payer) {
      this.payer = payer;
    }

    /// Bytes read and written by the steps so far.
    abstract long doneBytes();
  }

  /// Steps what is due until nothing is left; rests before a step as long as the throttle says. So
  /// whose turn it is is decided when there is something to be had. Whenever something is at its
  /// end, others of the lane have their turn.
  private final class Worker implements Task {
    @Override
    public boolean step() {
      long owed = isClosing ? 0 : throttle.compacted(0);
      if (owed > 0) {
        ports.scheduler().schedule(Scheduler.Lane.COMPACTION, owed, this);
        return false;
      }
      Steps steps = turns.next();
      if (steps == null) {
        return false;
      }
      long before = steps.doneBytes();
      boolean hasMore = false;
      try {
        hasMore = steps.step();
      } finally {
        long bytes = steps.doneBytes() - before;
        throttle.compacted(bytes);
        turns.stepped(steps.payer, steps, bytes, hasMore);
        if (!hasMore) {
          ports.scheduler().submit(Scheduler.Lane.COMPACTION, this);
        }
      }
      return hasMore;
    }
  }

  /// A compaction from its begin to its end. It has one step, which begins: the parts of its merge
  /// are stepped for themselves, and whichever ends last settles what becomes of all.
  private final class Work extends Steps {
    private final Compaction compaction;
    private final CompactionJob job;
    private final AtomicInteger open; // parts not yet at their end
    private final AtomicReference<@Nullable AtlasException> problem = new AtomicReference<>();
    private volatile boolean isGivenUp;
    private @Nullable CompactionSpan span;

    Work(int payer, Compaction compaction, CompactionJob job) {
      super(payer);
      this.compaction = compaction;
      this.job = job;
      this.open = new AtomicInteger(job.parts().size());
    }

    @Override
    long doneBytes() {
      return 0;
    }

    @Override
    public boolean step() {
      isGivenUp = isClosing;
      if (!isGivenUp) {
        try {
          span = spans.apply(compaction);
        } catch (RuntimeException | Error e) { // as for its parts
          problem.set(StoreFailure.unexpected("a merge could not begin", e));
        }
      }
      if (isGivenUp || problem.get() != null || job.parts().isEmpty()) {
        settle();
        return false;
      }
      for (MergePart part : job.parts()) {
        add(new Part(this, part));
      }
      return false;
    }

    /// A part is at its end, or at that of its use.
    void ended() {
      if (open.decrementAndGet() == 0) {
        settle();
      }
    }

    /// All parts are at their end: makes their outcome part of the store, or deletes it.
    private void settle() {
      if (isGivenUp) {
        job.abandon();
        done();
        return;
      }
      AtlasException failed = problem.get();
      if (failed == null) {
        failed = install();
      }
      if (failed instanceof StorageException e && e.isDiskFull() && !failure.isPermanent()) {
        job.discard(); // no edit names its outputs
        failure.pause(e);
        onChange.run();
        ports.scheduler().schedule(Scheduler.Lane.COMPACTION, RETRY_NANOS, this::retry);
        return;
      }
      if (failed != null) {
        job.abandon();
        failure.fail(failed);
      }
      done();
    }

    /// Answers with why it could not be done.
    private @Nullable AtlasException install() {
      try {
        while (job.step()) {} // the parts are done: nothing but the end is left
        VersionEdit edit = job.edit();
        installer.install(edit);
        Objects.requireNonNull(span).ended(edit, job.readBytes(), job.writtenBytes());
        compactions.incrementAndGet();
        readBytes.addAndGet(job.readBytes());
        writtenBytes.addAndGet(job.writtenBytes());
        countWritten(edit);
        failure.resume();
        return null;
      } catch (AtlasException e) {
        return e;
      } catch (RuntimeException | Error e) {
        return StoreFailure.unexpected("a merge could not be installed", e);
      }
    }

    private void countWritten(VersionEdit edit) {
      Set<Long> moved = compaction.inputNumbers(); // if they are added again
      for (VersionEdit.Added added : edit.added()) {
        if (!moved.contains(added.table().number())) {
          writtenByLevel.addAndGet(added.level(), added.table().bytes());
        }
      }
    }

    private boolean retry() {
      done();
      return false;
    }

    private void done() {
      synchronized (CompactionWork.this) {
        jobs--;
        begun.remove(this);
        busy.removeAll(compaction.inputNumbers());
      }
      running.decrementAndGet();
      onChange.run();
      wake();
    }
  }

  /// One part of a merge.
  private final class Part extends Steps {
    private final Work work;
    private final MergePart part;
    private long doneBytes;

    Part(Work work, MergePart part) {
      super(work.payer);
      this.work = work;
      this.part = part;
    }

    @Override
    long doneBytes() {
      return doneBytes;
    }

    @Override
    public boolean step() {
      if (isClosing) {
        work.isGivenUp = true;
      } else if (work.problem.get()
          == null) { // else another part's work is in vain, and this one's
        try {
          boolean hasMore = part.step();
          doneBytes = part.doneBytes();
          if (hasMore) {
            return true;
          }
        } catch (AtlasException e) {
          work.problem.compareAndSet(null, e);
        } catch (RuntimeException | Error e) { // or its tables would stay busy for ever
          work.problem.compareAndSet(null, StoreFailure.unexpected("a merge failed", e));
        }
      }
      work.ended();
      return false;
    }
  }

  /// Begins no more work; running jobs end at their next step.
  void close() {
    isClosing = true;
  }

  /// To be called once the scheduler is closed: gives up the jobs it will not run to their end.
  synchronized void abandonRest() {
    begun.forEach(work -> work.job.abandon());
    begun.clear();
  }
}
