package io.atlaskv.engine.internal.io;

import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// Stack of parked threads; a wake takes all of it at once and touches no lock, so that a thousand
/// waiters cost a thousand unparks and nothing else.
///
/// Invariants:
/// - W1: a thread parks only if its node is on the stack and `done` was false after that. A waker
///   publishes, then takes the stack. So one of the two sees the other.
/// - W2: a node is on the stack at most once; whoever takes it off sets `isQueued` to false.
/// - W3: nodes of threads that gave up stay until the next wake; after 64 of them there is one.
final class SystemSignal implements Signal {
  private static final int ABANDONED_MAX = 64;

  private final AtomicReference<@Nullable Node> head = new AtomicReference<>();
  private final AtomicInteger abandoned = new AtomicInteger();

  @Override
  public boolean await(BooleanSupplier done, long timeoutNanos) {
    if (done.getAsBoolean()) {
      return true;
    }
    if (timeoutNanos <= 0) {
      return false;
    }
    boolean isForever = timeoutNanos == Long.MAX_VALUE;
    long deadline = System.nanoTime() + timeoutNanos;
    var node = new Node(Thread.currentThread());
    boolean isInterrupted = false;
    try {
      while (true) {
        if (!node.isQueued) {
          push(node);
        }
        if (done.getAsBoolean()) {
          return true;
        }
        if (!node.isQueued) {
          continue; // woken while it was asked; asking may have used up the permit, in a lock
        }
        if (isForever) {
          LockSupport.park(this);
        } else {
          long remaining = deadline - System.nanoTime();
          if (remaining <= 0) {
            return false;
          }
          LockSupport.parkNanos(this, remaining);
        }
        isInterrupted |= Thread.interrupted();
      }
    } finally {
      leave(node);
      if (isInterrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private void push(Node node) {
    node.isQueued = true;
    Node first;
    do {
      first = head.get();
      node.next = first;
    } while (!head.compareAndSet(first, node));
  }

  private void leave(Node node) {
    node.thread = null;
    if (node.isQueued && abandoned.incrementAndGet() > ABANDONED_MAX) {
      wakeAll();
    }
  }

  @Override
  public void wakeAll() {
    VarHandle.fullFence(); // what was published before is visible before the stack is looked at
    if (head.get() == null) {
      return;
    }
    abandoned.set(0);
    Node node = head.getAndSet(null);
    while (node != null) {
      Node next = node.next;
      Thread thread = node.thread;
      node.next = null;
      node.isQueued = false; // from here on the owner may push it again
      LockSupport.unpark(thread);
      node = next;
    }
  }

  /// Nodes on the stack, those of threads that gave up included.
  int queued() {
    int count = 0;
    for (Node node = head.get(); node != null; node = node.next) {
      count++;
    }
    return count;
  }

  private static final class Node {
    private volatile @Nullable Thread thread;
    private volatile boolean isQueued;
    private volatile @Nullable Node next;

    Node(Thread thread) {
      this.thread = thread;
    }
  }
}
