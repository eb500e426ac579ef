package io.atlaskv.redis.command;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.concurrent.locks.ReentrantLock;

/// One latch for every few hash slots. A latch belongs to a command, not to a thread: whoever finds
/// one taken leaves a continuation and goes on with other work.
///
/// Invariants:
/// - T1: a taken latch is handed from its owner straight to the first of those that wait, so it is
///   never free while somebody waits, and nobody starves.
/// - T2: a command takes its latches in ascending order and waits only while it holds lower ones,
///   so there is no cycle. A command that needs everything takes all of them.
/// - T3: the state CONTENDED is set and cleared under `queueLock` only.
/// - T4: who has taken all at once says so first and then finds every latch free; who takes a latch
///   takes it first and then looks whether that was said. So one of the two sees the other. It is
///   unsaid under `queueLock` only, and meanwhile no latch is handed over: those whose turn it
///   would be wait in `deferred`.
public final class Latches {
  /// Number of latches, a power of two that divides the number of hash slots.
  public static final int COUNT = 4096;

  private static final int FREE = 0;
  private static final int TAKEN = 1;
  private static final int CONTENDED = 2;

  private final AtomicIntegerArray states = new AtomicIntegerArray(COUNT);
  private final ReentrantLock queueLock = new ReentrantLock();

  @GuardedBy("queueLock")
  private final Map<Integer, ArrayDeque<Runnable>> queues = new HashMap<>();

  /// Latches, not free, that are to be handed over when all are given back.
  @GuardedBy("queueLock")
  private final ArrayDeque<Integer> deferred = new ArrayDeque<>(0);

  private final AtomicBoolean areAllTaken = new AtomicBoolean();

  /// Takes a latch if it is free.
  boolean tryTake(int latch) {
    if (!states.compareAndSet(latch, FREE, TAKEN)) {
      return false;
    }
    if (areAllTaken.get()) { // T4
      release(latch);
      return false;
    }
    return true;
  }

  /// Takes all latches if they are free, for less than it costs to take one after the other: for a
  /// moment, as nobody can wait for a part of them.
  boolean tryTakeAll() {
    if (!areAllTaken.compareAndSet(false, true)) {
      return false;
    }
    for (int latch = 0; latch < COUNT; latch++) {
      if (states.get(latch) != FREE) {
        releaseAll();
        return false;
      }
    }
    return true;
  }

  /// Gives back what `tryTakeAll` took.
  void releaseAll() {
    int[] waiting = {};
    queueLock.lock();
    try {
      areAllTaken.set(false);
      if (!deferred.isEmpty()) {
        waiting = deferred.stream().mapToInt(latch -> latch).toArray();
        deferred.clear();
      }
    } finally {
      queueLock.unlock();
    }
    for (int latch : waiting) {
      handOver(latch);
    }
  }

  /// Takes a latch and returns true; or returns false, and `whenTaken` runs on any thread when the
  /// latch was handed over (T1).
  boolean take(int latch, Runnable whenTaken) {
    if (tryTake(latch)) {
      return true;
    }
    queueLock.lock();
    try {
      while (true) {
        if (tryTake(latch)) {
          return true;
        }
        boolean isWithoutOwner =
            areAllTaken.get() && states.compareAndSet(latch, FREE, CONTENDED); // until T4 ends
        if (isWithoutOwner) {
          deferred.add(latch);
        }
        if (isWithoutOwner
            || states.get(latch) == CONTENDED
            || states.compareAndSet(latch, TAKEN, CONTENDED)) {
          queues.computeIfAbsent(latch, _ -> new ArrayDeque<>()).add(whenTaken);
          return false;
        }
      }
    } finally {
      queueLock.unlock();
    }
  }

  /// Gives back a latch.
  void release(int latch) {
    if (!states.compareAndSet(latch, TAKEN, FREE)) {
      handOver(latch);
    }
  }

  private void handOver(int latch) {
    Runnable next;
    queueLock.lock();
    try {
      if (areAllTaken.get()) {
        deferred.add(latch);
        return;
      }
      ArrayDeque<Runnable> queue = Objects.requireNonNull(queues.get(latch), "latch was not taken");
      next = queue.remove();
      if (queue.isEmpty()) {
        queues.remove(latch);
        states.set(latch, TAKEN);
      }
    } finally {
      queueLock.unlock();
    }
    next.run();
  }

  /// True if somebody holds the latch.
  public boolean isTaken(int latch) {
    return states.get(latch) != FREE || areAllTaken.get();
  }
}
