package io.atlaskv.engine.internal.transaction;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.api.ClosedException;
import io.atlaskv.engine.api.DeadlockException;
import io.atlaskv.engine.api.LockLimitException;
import io.atlaskv.engine.api.LockTimeoutException;
import io.atlaskv.engine.internal.io.Waiter;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.Comparator;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/// Locks on keys, shared and exclusive, of pessimistic transactions. Keys that nobody has locked
/// take no memory; what the others take, each holder counted, is bounded.
///
/// A lock that is free is had, and one that nobody waits for is given back, under one stripe's
/// lock. Who has to wait looks for a circle of those that wait for each other; the youngest of it
/// is told to give up.
///
/// Invariants:
/// - D1: the graph lock is taken before a stripe's, never after; no two stripes' at a time.
/// - D2: a queue that somebody is in changes under the graph lock only, and so does who waits. So
///   whoever looks for a circle sees all that wait, and what for, as of one moment; and who closes
///   one looks.
/// - D3: a holder that wants more goes before those that wait, who wait for it from then on; its
///   own look finds what circle that closes.
public final class LockTable implements AutoCloseable {
  private static final int STRIPES = 64;

  /// Heap bytes of a lock and of its places in the maps, beside the key.
  static final int LOCK_BYTES = 256;

  private static final class Stripe {
    final ReentrantLock lock = new ReentrantLock();

    @GuardedBy("lock")
    final Map<Bytes, KeyLock> locks = new HashMap<>();
  }

  private final Waiter waiter;
  private final UnaryOperator<Bytes> shown;
  private final long bytesMax;
  private final AtomicLong bytes = new AtomicLong();
  private final Stripe[] stripes = new Stripe[STRIPES];
  private final ReentrantLock graph = new ReentrantLock();

  @GuardedBy("graph")
  private final Set<LockRequest> waiting = new LinkedHashSet<>(); // in order of arrival

  private volatile boolean isClosed;

  /// @param shown what messages show of a key
  /// @param bytesMax heap that all locks may take
  public LockTable(Waiter waiter, UnaryOperator<Bytes> shown, long bytesMax) {
    this.waiter = waiter;
    this.shown = shown;
    this.bytesMax = bytesMax;
    for (int i = 0; i < STRIPES; i++) {
      stripes[i] = new Stripe();
    }
  }

  private Stripe stripe(Bytes key) {
    int hash = key.hashCode();
    return stripes[(hash ^ (hash >>> 16)) & (STRIPES - 1)];
  }

  /// Locks a key to the owner's end; waits until that is possible.
  ///
  /// @param key full key
  /// @throws DeadlockException if the owner was chosen to end a deadlock
  /// @throws LockTimeoutException if it took too long; the owner keeps its other locks
  /// @throws LockLimitException if there are too many locks; the owner keeps its others
  /// @throws ClosedException if the table is closed
  public void acquire(LockOwner owner, byte[] key, boolean isExclusive, long timeoutNanos) {
    Bytes name = Bytes.of(key);
    Boolean held = owner.held.get(name);
    if (held != null && (held || !isExclusive)) {
      return;
    }
    if (held != null) {
      acquire(owner, name, isExclusive, timeoutNanos); // it is counted
      return;
    }
    long counted = (long) LOCK_BYTES + key.length;
    count(counted);
    boolean isHad = false;
    try {
      acquire(owner, name, isExclusive, timeoutNanos);
      isHad = true;
    } finally {
      if (isHad) {
        owner.bytes += counted;
      } else {
        bytes.addAndGet(-counted);
      }
    }
  }

  private void count(long more) {
    long used;
    do { // not added and taken back: meanwhile a smaller one, for which there is room, would fail
      used = bytes.get();
      if (used > bytesMax - more) {
        throw new LockLimitException(bytesMax, used);
      }
    } while (!bytes.compareAndSet(used, used + more));
  }

  private void acquire(LockOwner owner, Bytes name, boolean isExclusive, long timeoutNanos) {
    Stripe stripe = stripe(name);
    stripe.lock.lock();
    try {
      requireOpen();
      if (tryGrant(stripe, owner, name, isExclusive)) {
        return;
      }
    } finally {
      stripe.lock.unlock();
    }
    LockRequest request = enqueue(stripe, owner, name, isExclusive);
    if (request != null) {
      await(stripe, request, timeoutNanos);
    }
  }

  @GuardedBy("stripe.lock")
  private static boolean tryGrant(Stripe stripe, LockOwner owner, Bytes key, boolean isExclusive) {
    boolean isGranted =
        stripe.locks.computeIfAbsent(key, KeyLock::new).tryGrant(owner, isExclusive);
    if (isGranted) {
      owner.held.put(key, isExclusive);
    }
    return isGranted;
  }

  /// Puts the owner into the queue, and ends the circles that this closes; null if the lock was
  /// granted after all.
  private @Nullable LockRequest enqueue(
      Stripe stripe, LockOwner owner, Bytes key, boolean isExclusive) {
    graph.lock();
    try {
      LockRequest request;
      stripe.lock.lock();
      try {
        if (tryGrant(stripe, owner, key, isExclusive)) {
          return null;
        }
        KeyLock lock = Objects.requireNonNull(stripe.locks.get(key));
        request = new LockRequest(owner, lock, isExclusive, waiter.signal());
        lock.enqueue(request);
      } finally {
        stripe.lock.unlock();
      }
      owner.waitsFor = request;
      waiting.add(request);
      endCircles(request);
      return request;
    } finally {
      graph.unlock();
    }
  }

  private void await(Stripe stripe, LockRequest request, long timeoutNanos) {
    boolean isGranted;
    try {
      request.signal.await(() -> !request.isWaiting() || isClosed, timeoutNanos);
    } finally {
      isGranted = endWait(stripe, request); // also if the wait failed
    }
    requireOpen(); // the end of another, by the close, may have granted it
    if (isGranted) {
      return;
    }
    Bytes key = shown.apply(request.lock.key);
    if (request.isVictim) {
      throw new DeadlockException(request.owner + " waited for key " + key + ", others for it");
    }
    throw new LockTimeoutException(
        request.owner
            + " waited "
            + timeoutNanos / 1_000_000
            + " ms for key "
            + key
            + ", which another holds");
  }

  /// Whether the request was granted; else it is taken out.
  private boolean endWait(Stripe stripe, LockRequest request) {
    graph.lock();
    try {
      request.owner.waitsFor = null;
      waiting.remove(request);
      if (request.isGranted) {
        request.owner.held.put(request.lock.key, request.isExclusive);
        return true;
      }
      stripe.lock.lock();
      try {
        request.lock.cancel(request);
        removeUnused(stripe, request.lock);
      } finally {
        stripe.lock.unlock();
      }
      return false;
    } finally {
      graph.unlock();
    }
  }

  @GuardedBy("stripe.lock")
  private static void removeUnused(Stripe stripe, KeyLock lock) {
    if (lock.isUnused()) {
      stripe.locks.remove(lock.key);
    }
  }

  /// Tells the youngest of each circle through the request to give up.
  @GuardedBy("graph")
  private void endCircles(LockRequest request) {
    while (request.isWaiting()) {
      List<LockOwner> circle = circle(request);
      if (circle.isEmpty()) {
        return;
      }
      LockOwner youngest = Collections.max(circle, Comparator.comparingLong(LockOwner::number));
      LockRequest victim = Objects.requireNonNull(youngest.waitsFor);
      victim.isVictim = true;
      victim.signal.wakeAll();
    }
  }

  /// Owners that wait for each other in a circle through this request; empty if there is none.
  @GuardedBy("graph")
  private List<LockOwner> circle(LockRequest request) {
    var cameFrom = new HashMap<LockOwner, @Nullable LockOwner>();
    var next = new ArrayDeque<LockRequest>();
    next.add(request);
    while (!next.isEmpty()) {
      LockRequest looked = next.remove();
      for (LockOwner blocker : blockers(looked)) {
        if (blocker == request.owner) {
          return path(looked.owner, cameFrom, request.owner);
        }
        LockRequest further = blocker.waitsFor;
        if (further != null && further.isWaiting() && !cameFrom.containsKey(blocker)) {
          cameFrom.put(blocker, looked.owner);
          next.add(further);
        }
      }
    }
    return List.of();
  }

  private static List<LockOwner> path(
      LockOwner last, Map<LockOwner, @Nullable LockOwner> cameFrom, LockOwner first) {
    var path = new ArrayList<LockOwner>();
    @Nullable LockOwner at = last;
    while (at != null && at != first) {
      path.add(at);
      at = cameFrom.get(at);
    }
    path.add(first);
    return path;
  }

  private List<LockOwner> blockers(LockRequest request) {
    Stripe stripe = stripe(request.lock.key);
    stripe.lock.lock();
    try {
      return request.lock.blockers(request);
    } finally {
      stripe.lock.unlock();
    }
  }

  /// Gives all locks of an owner to those who wait. A second call does nothing.
  public void releaseAll(LockOwner owner) {
    for (Bytes key : owner.held.keySet()) {
      Stripe stripe = stripe(key);
      if (!release(stripe, key, owner, false)) {
        graph.lock();
        try {
          release(stripe, key, owner, true);
        } finally {
          graph.unlock();
        }
      }
    }
    owner.held.clear();
    bytes.addAndGet(-owner.bytes);
    owner.bytes = 0;
  }

  /// Gives a lock back, unless somebody waits for it and the graph lock is not held (D2).
  private static boolean release(Stripe stripe, Bytes key, LockOwner owner, boolean hasGraph) {
    stripe.lock.lock();
    try {
      KeyLock lock = Objects.requireNonNull(stripe.locks.get(key));
      if (lock.isWaitedFor() && !hasGraph) {
        return false;
      }
      lock.release(owner);
      removeUnused(stripe, lock);
      return true;
    } finally {
      stripe.lock.unlock();
    }
  }

  /// Heap bytes that locks are counted with.
  long bytes() {
    return bytes.get();
  }

  /// Keys that are locked or waited for.
  int keys() {
    int keys = 0;
    for (Stripe stripe : stripes) {
      stripe.lock.lock();
      try {
        keys += stripe.locks.size();
      } finally {
        stripe.lock.unlock();
      }
    }
    return keys;
  }

  private void requireOpen() {
    if (isClosed) {
      throw new ClosedException("the store");
    }
  }

  /// Ends all waits; nothing is locked any more. Locks that are held may still be released.
  @Override
  public void close() {
    isClosed = true;
    graph.lock();
    try {
      waiting.forEach(request -> request.signal.wakeAll());
    } finally {
      graph.unlock();
    }
  }
}
