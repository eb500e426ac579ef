package io.atlaskv.engine.internal.memtable;

import static java.util.Objects.requireNonNull;

import io.atlaskv.engine.internal.io.Task;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/// Gives a memtable its ordered index while the writer goes on: collects the key nodes that are
/// there, sorts them, fills a tree, then inserts what came meanwhile.
///
/// The commit lock is taken for moments only: to start the journal of what comes, and at the end,
/// when the tree goes over to the writer. The last entries are then inserted in pieces, by this
/// task under the lock and by the writer with each put, so that it ends however fast writes come.
///
/// What a step throws, for a lack of memory for example, ends it: whoever waits for the order finds
/// that in the memtable.
final class OrderTask implements Task {
  private enum Phase {
    START,
    COLLECT,
    SORT,
    LOAD,
    CATCH_UP,
    HAND_OVER,
    DONE
  }

  private static final int COLLECTED_PER_STEP = 1 << 15;
  private static final int SORTED_PER_STEP = 1 << 17;
  private static final int LOADED_PER_STEP = 1 << 14;
  private static final int CAUGHT_UP_PER_STEP = 1 << 11;
  private static final int HAND_OVER_BACKLOG = 512;
  private static final int CATCH_UP_STEPS_MAX = 32;

  /// Inserted in one go under the commit lock: some 40 µs.
  private static final int INSERTED_UNDER_LOCK = 64;

  private final Memtable memtable;
  private final Lock commitLock;
  private Phase phase = Phase.START;

  private @Nullable OrderBuild build; // from COLLECT on
  private @Nullable KeyNodeWalk walk; // in COLLECT
  private @Nullable ReferenceSorter sorter; // from COLLECT to LOAD
  private @Nullable TreeLoader loader; // in LOAD
  private int loaded;
  private int catchUpSteps;

  /// Holds a reference to the memtable until it is done.
  OrderTask(Memtable memtable, Lock commitLock) {
    this.memtable = memtable;
    this.commitLock = commitLock;
    memtable.retain();
  }

  @Override
  public boolean step() {
    if (phase == Phase.DONE) {
      return false;
    }
    if (memtable.isAbandoned()) {
      finish();
      return false;
    }
    try {
      advance();
    } catch (RuntimeException | Error e) {
      fail(e);
      throw e;
    }
    return phase != Phase.DONE;
  }

  private void fail(Throwable cause) {
    commitLock.lock();
    try {
      memtable.failOrder(cause);
    } finally {
      commitLock.unlock();
    }
    finish();
  }

  private void advance() {
    switch (phase) {
      case START -> start();
      case COLLECT -> collect(requireNonNull(walk), requireNonNull(sorter));
      case SORT -> sort(requireNonNull(build), requireNonNull(sorter));
      case LOAD -> load(requireNonNull(sorter), requireNonNull(loader));
      case CATCH_UP -> catchUp(requireNonNull(build));
      case HAND_OVER -> handOver();
      case DONE -> throw new AssertionError();
    }
  }

  private void start() {
    long entries;
    commitLock.lock();
    try {
      OrderBuild started = memtable.startOrder();
      build = started;
      walk = new KeyNodeWalk(memtable.log(), started.mark);
      entries = memtable.entries();
    } finally {
      commitLock.unlock();
    }
    sorter = memtable.sorter(entries);
    phase = Phase.COLLECT;
  }

  private void collect(KeyNodeWalk nodes, ReferenceSorter target) {
    for (int i = 0; i < COLLECTED_PER_STEP && nodes.hasNext(); i++) {
      int node = nodes.next();
      if (node != 0) {
        target.add(node);
      }
    }
    if (!nodes.hasNext()) {
      walk = null;
      phase = Phase.SORT;
    }
  }

  private void sort(OrderBuild started, ReferenceSorter nodes) {
    if (!nodes.step(SORTED_PER_STEP)) {
      loader = new TreeLoader(started.tree, memtable.log(), nodes.common());
      phase = Phase.LOAD;
    }
  }

  private void load(ReferenceSorter nodes, TreeLoader target) {
    int end = Math.min(nodes.count(), loaded + LOADED_PER_STEP);
    for (; loaded < end; loaded++) {
      target.add(nodes.reference(loaded), nodes.key(loaded));
    }
    if (loaded == nodes.count()) {
      target.finish();
      loader = null;
      nodes.release();
      sorter = null;
      phase = Phase.CATCH_UP;
    }
  }

  private void catchUp(OrderBuild started) {
    started.insertPending(CAUGHT_UP_PER_STEP);
    if (started.backlog() <= HAND_OVER_BACKLOG || ++catchUpSteps == CATCH_UP_STEPS_MAX) {
      phase = Phase.HAND_OVER;
    }
  }

  private void handOver() {
    boolean isComplete;
    commitLock.lock();
    try {
      isComplete = memtable.advanceOrder(INSERTED_UNDER_LOCK);
    } finally {
      commitLock.unlock();
    }
    if (isComplete) {
      finish();
    }
  }

  private void finish() {
    phase = Phase.DONE;
    if (sorter != null) {
      sorter.release();
    }
    build = null;
    sorter = null;
    loader = null;
    memtable.release();
  }
}
