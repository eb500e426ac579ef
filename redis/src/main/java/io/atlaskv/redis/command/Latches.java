package io.atlaskv.redis.command;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import java.util.ArrayDeque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
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

  /// Takes a latch if it is free.
  boolean tryTake(int latch) {
    return states.compareAndSet(latch, FREE, TAKEN);
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
        if (states.get(latch) == CONTENDED || states.compareAndSet(latch, TAKEN, CONTENDED)) {
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
    if (states.compareAndSet(latch, TAKEN, FREE)) {
      return;
    }
    Runnable next;
    queueLock.lock();
    try {
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
    return states.get(latch) != FREE;
  }
}
