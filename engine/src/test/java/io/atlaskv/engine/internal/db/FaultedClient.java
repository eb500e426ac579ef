package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.api.AtlasException;
import io.atlaskv.engine.api.CorruptionException;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.Durability;
import io.atlaskv.engine.api.Options;
import io.atlaskv.engine.api.ReadOnlyException;
import io.atlaskv.engine.internal.io.FaultFileSystem;
import io.atlaskv.engine.internal.io.Scheduler;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Runs a workload on files that fail, and knows what the store may hold: a write that succeeded is
/// in all possible states, one that failed in half of them. A write that is refused, because an
/// earlier failure made the store read-only or the disk is full, is in none.
final class FaultedClient implements Client {
  /// The store could not be opened again; the workload ends.
  static final class Ended extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  private static final int STATES_MAX = 64;

  /// A store that waits for so long in virtual time waits forever.
  private static final long HANG_NANOS = 3_600_000_000_000L;

  private final FaultFileSystem files;
  private final Options options;
  private long seed;
  private Set<StoreModel> possible = new LinkedHashSet<>();
  private @Nullable SimStore store;
  private boolean isReadOnly;
  private int failures;
  private final List<String> problems = new ArrayList<>();
  private final List<Checkpoint> checkpoints = new ArrayList<>();

  /// A checkpoint that was tried.
  private record Checkpoint(String name, Set<StoreModel> possible, boolean isMade) {}

  FaultedClient(FaultFileSystem files, long seed, Options options) {
    this.files = files;
    this.seed = seed;
    this.options = options;
    possible.add(new StoreModel());
  }

  /// Runs as much of the workload as the faults allow.
  void run(Workload workload) {
    try {
      open();
      workload.run(this);
    } catch (Ended _) {
      assert failures > 0;
    }
  }

  private void open() {
    try {
      store = SimStore.open(files, ++seed, options);
    } catch (AtlasException e) {
      store = null;
      failed(e);
      throw new Ended();
    }
    isReadOnly = false;
    store
        .scheduler()
        .schedule(
            Scheduler.Lane.FETCH,
            HANG_NANOS,
            () -> {
              throw new AssertionError("hang: someone waits for an hour");
            });
  }

  private SimStore store() {
    if (store == null) {
      throw new Ended();
    }
    return store;
  }

  private Db db() {
    return store().db();
  }

  /// How many calls failed.
  int failures() {
    return failures;
  }

  /// Promises that were broken.
  List<String> problems() {
    return problems;
  }

  private void failed(AtlasException e) {
    failures++;
    if (e instanceof CorruptionException) {
      problems.add("a failing call was taken for damage: " + e.getMessage());
    }
    if (e.getMessage() == null || e.getMessage().isBlank()) {
      problems.add("no message: " + e.getClass());
    }
  }

  @Override
  public void write(Write write) {
    for (String name : write.needs().toList()) {
      if (possible.stream().anyMatch(state -> !state.has(name))) {
        one(new Write.Create(name), new Write.Create(name)::to);
      }
    }
    if (write instanceof Write.Drop drop && db().findNamespace(drop.namespace()).isEmpty()) {
      return; // its creation failed, there is nothing to drop
    }
    if (write.needs().allMatch(name -> db().findNamespace(name).isPresent())) {
      one(write, write::to);
    }
  }

  @Override
  public void writeDurably(Write.Put put) {
    one(put, db -> db.put(put.key().toArray(), put.value().toArray(), Durability.SYNCED));
  }

  private interface Action {
    void to(Db db);
  }

  private void one(Write write, Action action) {
    Db db = db();
    try {
      action.to(db);
    } catch (AtlasException e) {
      failed(e);
      boolean isRefused = e instanceof ReadOnlyException refusal && isDiskFull(refusal);
      if (!isReadOnly && !isRefused) {
        possible.addAll(after(write));
        require(possible.size() <= STATES_MAX, possible.size() + " states are possible");
      }
      isReadOnly |= e instanceof ReadOnlyException && !isRefused;
      return;
    }
    require(!isReadOnly, "a write succeeded after the store had become read-only: " + write);
    possible = after(write);
  }

  private Set<StoreModel> after(Write write) {
    var states = new LinkedHashSet<StoreModel>();
    for (StoreModel state : possible) {
      StoreModel next = state.copy();
      write.needs().forEach(next::create); // where making it failed and yet was done
      write.to(next);
      states.add(next);
    }
    return states;
  }

  /// Whether the refusal ends when there is room again.
  private static boolean isDiskFull(ReadOnlyException refusal) {
    return refusal.getMessage().contains("until there is room");
  }

  private void require(boolean condition, String problem) {
    if (!condition) {
      problems.add(problem);
    }
  }

  private void attempt(Runnable action) {
    try {
      action.run();
    } catch (AtlasException e) {
      failed(e);
      isReadOnly |= e instanceof ReadOnlyException refusal && !isDiskFull(refusal);
    }
  }

  @Override
  public void together(List<List<Write>> writers) {
    writers.forEach(writes -> writes.forEach(this::write));
  }

  @Override
  public void sync() {
    attempt(db()::sync);
  }

  @Override
  public void flush() {
    attempt(db()::flush);
  }

  @Override
  public void compact() {
    attempt(db()::compact);
  }

  @Override
  public void checkpoint() {
    String name = "c" + checkpoints.size();
    int failuresBefore = failures;
    attempt(() -> store().checkpoint(name));
    checkpoints.add(new Checkpoint(name, Set.copyOf(possible), failures == failuresBefore));
  }

  /// One that failed may be there if only its name could not be made safe, but never a part of it.
  private void judgeCheckpoints(FaultFileSystem left) {
    for (Checkpoint checkpoint : checkpoints) {
      if (!SimStore.hasCheckpoint(left, checkpoint.name)) {
        require(!checkpoint.isMade, "checkpoint " + checkpoint.name + " is not there");
        continue;
      }
      try (var copy = SimStore.openCheckpoint(left, checkpoint.name, seed, options)) {
        StoreModel found = StoreModel.readAllWays(copy.db());
        require(
            checkpoint.possible.contains(found),
            "checkpoint "
                + checkpoint.name
                + ": "
                + checkpoint.possible.iterator().next().difference(found));
      }
    }
  }

  @Override
  public void pass(long nanos) {
    store().scheduler().runFor(nanos);
  }

  @Override
  public void reopen() {
    attempt(db()::close);
    store = null;
    files.kill(); // a close that failed may have left the lock to the end of the process
    open();
  }

  @Override
  public void killAndReopen() {
    store().kill();
    store = null;
    open();
  }

  /// Reads go on, whatever happened to writes; faults must have been cleared.
  void readWhileOpen() {
    if (store == null) {
      return;
    }
    StoreModel found = StoreModel.readAllWays(db());
    require(
        possible.contains(found),
        "read before the end: " + possible.iterator().next().difference(found));
  }

  /// Ends the process in one of three ways, opens the store without faults and compares. A power
  /// cut is one of them even if the store was reopened after a failed sync, when the kernel calls
  /// pages clean that are not on disk: what a recovery shows must be safe.
  void judge(int ending) {
    FaultFileSystem left = files;
    if (store != null) {
      switch (ending % 3) {
        case 0 -> store.kill();
        case 1 -> {
          store.abandon();
          files.kill();
        }
        default -> {
          left = files.crash(seed);
          store.abandon();
        }
      }
    } else {
      files.kill();
    }
    store = null;
    try (var again = SimStore.open(left, seed + 1, options)) {
      StoreModel found = StoreModel.readAllWays(again.db());
      if (!possible.contains(found)) {
        StoreModel last = new ArrayList<>(possible).getLast();
        problems.add("after ending " + ending % 3 + ": " + last.difference(found));
      }
      again.db().put(new byte[] {1}, new byte[] {2});
    }
    judgeCheckpoints(left);
  }
}
