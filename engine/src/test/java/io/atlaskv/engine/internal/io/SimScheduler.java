package io.atlaskv.engine.internal.io;

import io.atlaskv.engine.api.ClosedException;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.Deque;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.PriorityQueue;
import java.util.SplittableRandom;
import java.util.function.BooleanSupplier;

/// Scheduler of a simulation: the thread of the test runs everything, one step at a time, and the
/// seed picks whose step is next. When nothing can run, virtual time moves on to the next deadline.
///
/// Lanes have as many slots as the real ones have threads, and the same order of tasks. What a step
/// throws comes out of the call that ran it.
public final class SimScheduler implements Scheduler {
  private static final int COMPACTION_SLOTS = 2;
  private static final int FETCH_SLOTS = 4;
  private static final int STEP_NANOS_MAX = 20_000;
  private static final long TRACE_FACTOR = 0x9e3779b97f4a7c15L;

  private final long seed;
  private final SplittableRandom random;
  private final SimClock clock;
  private final Map<Lane, Deque<Entry>> waiting = new EnumMap<>(Lane.class);
  private final List<Entry> running = new ArrayList<>(); // have a slot; any may be stepped
  private final List<Entry> actors = new ArrayList<>();
  private final PriorityQueue<Entry> delayed =
      new PriorityQueue<>(
          Comparator.<Entry>comparingLong(entry -> entry.dueNanos)
              .thenComparingLong(entry -> entry.number));
  private long submitted;
  private long steps;
  private long trace;
  private boolean isClosed;

  SimScheduler(long seed, SimClock clock) {
    this.seed = seed;
    this.clock = clock;
    random = new SplittableRandom(seed);
    for (Lane lane : Lane.values()) {
      waiting.put(lane, new ArrayDeque<>());
    }
  }

  @Override
  public void submit(Lane lane, Task task) {
    requireOpen();
    waiting.get(lane).add(new Entry(lane, task, submitted++, clock.nanoTime()));
  }

  @Override
  public Cancellable schedule(Lane lane, long delayNanos, Task task) {
    requireOpen();
    var entry = new Entry(lane, task, submitted++, clock.nanoTime() + Math.max(0, delayNanos));
    delayed.add(entry);
    return () -> entry.isCancelled = true;
  }

  /// Adds work that is no background task, a simulated client for example: its steps are mixed with
  /// all others until it answers false. Outlives `close`.
  public void addActor(Task task) {
    actors.add(new Entry(Lane.FETCH, task, submitted++, clock.nanoTime()));
  }

  private void requireOpen() {
    if (isClosed) {
      throw new ClosedException("scheduler");
    }
  }

  private static int slots(Lane lane) {
    return switch (lane) {
      case COMPACTION -> COMPACTION_SLOTS;
      case FETCH -> FETCH_SLOTS;
      case SYNC, LOG, CLEANUP, MEMORY, FLUSH, EVENTS -> 1;
    };
  }

  /// Runs one step, of whatever the seed picks; false if nothing can run at this time.
  public boolean step() {
    promote();
    List<Entry> candidates = new ArrayList<>();
    for (Entry entry : running) {
      if (!entry.isStepping) {
        candidates.add(entry);
      }
    }
    for (Entry entry : actors) {
      if (!entry.isStepping) {
        candidates.add(entry);
      }
    }
    if (candidates.isEmpty()) {
      return false;
    }
    Entry picked = candidates.get(random.nextInt(candidates.size()));
    note(picked.number);
    clock.advance(1 + random.nextInt(STEP_NANOS_MAX));
    picked.isStepping = true; // a step that waits runs others, not itself
    boolean hasMore = false;
    try {
      hasMore = !picked.isCancelled && picked.task.step();
    } finally {
      picked.isStepping = false;
      if (!hasMore) {
        running.remove(picked);
        actors.remove(picked);
      }
    }
    return true;
  }

  private void note(long event) {
    steps++;
    trace = (trace ^ event) * TRACE_FACTOR + clock.nanoTime();
  }

  private void promote() {
    while (!delayed.isEmpty()
        && (delayed.peek().isCancelled || delayed.peek().dueNanos <= clock.nanoTime())) {
      Entry due = delayed.remove();
      if (!due.isCancelled) {
        waiting.get(due.lane).add(due);
      }
    }
    for (Map.Entry<Lane, Deque<Entry>> lane : waiting.entrySet()) {
      long taken = running.stream().filter(entry -> entry.lane == lane.getKey()).count();
      while (taken < slots(lane.getKey()) && !lane.getValue().isEmpty()) {
        running.add(lane.getValue().remove());
        taken++;
      }
    }
  }

  /// Runs one step; if nothing can run, lets time pass until something can, but not beyond
  /// `deadlineNanos`. False if nothing will ever run before that; then it is that time.
  public boolean stepOrAdvance(long deadlineNanos) {
    if (step()) {
      return true;
    }
    while (!delayed.isEmpty() && delayed.peek().isCancelled) {
      delayed.remove();
    }
    long next = delayed.isEmpty() ? Long.MAX_VALUE : delayed.peek().dueNanos;
    long target = Math.min(next, deadlineNanos);
    if (target != Long.MAX_VALUE) {
      clock.advance(Math.max(0, target - clock.nanoTime()));
    }
    return next <= deadlineNanos && next != Long.MAX_VALUE;
  }

  /// Runs until nothing can run without time passing: tasks that poll are not waited for.
  public void runUntilIdle() {
    while (step()) {
      // each step is counted and traced
    }
  }

  /// Runs, letting time pass, until `done`.
  ///
  /// @throws IllegalStateException if nothing is left that could bring it about
  public void runUntil(BooleanSupplier done) {
    while (!done.getAsBoolean()) {
      if (!stepOrAdvance(Long.MAX_VALUE)) {
        throw deadlock();
      }
    }
  }

  /// Runs for so much virtual time.
  public void runFor(long nanos) {
    long end = clock.nanoTime() + nanos;
    while (clock.nanoTime() < end && stepOrAdvance(end)) {
      // each step is counted and traced
    }
  }

  IllegalStateException deadlock() {
    return new IllegalStateException(
        "deadlock: someone waits forever and nothing can run; seed=" + seed + " step=" + steps);
  }

  /// Steps run so far.
  public long steps() {
    return steps;
  }

  /// Hash of all picks and their times: equal runs have equal traces.
  public long trace() {
    return trace;
  }

  @Override
  public void close() {
    isClosed = true;
    waiting.values().forEach(Deque::clear);
    delayed.clear();
    running.removeIf(entry -> !entry.isStepping);
    if (!running.isEmpty()) {
      throw new IllegalStateException("a task cannot close the scheduler that runs it");
    }
  }

  private static final class Entry {
    final Lane lane;
    final Task task;
    final long number;
    final long dueNanos;
    boolean isCancelled;
    boolean isStepping;

    Entry(Lane lane, Task task, long number, long dueNanos) {
      this.lane = lane;
      this.task = task;
      this.number = number;
      this.dueNanos = dueNanos;
    }
  }
}
