package io.atlaskv.engine.internal.transaction;

import io.atlaskv.engine.api.Bytes;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The lock of one key: who has it and who waits for it, in order. Guarded by its stripe's lock;
/// while somebody waits, it changes under the table's graph lock besides.
///
/// Who waits is served first come first served, so nobody starves; only a holder that wants more
/// goes before all, as all of them wait for it anyway.
final class KeyLock {
  final Bytes key;
  private final List<LockOwner> holders = new ArrayList<>(1);
  private final ArrayDeque<LockRequest> queue = new ArrayDeque<>(0);
  private boolean isExclusive;

  KeyLock(Bytes key) {
    this.key = key;
  }

  boolean isUnused() {
    return holders.isEmpty() && queue.isEmpty();
  }

  boolean isWaitedFor() {
    return !queue.isEmpty();
  }

  /// Gives the lock if nobody is in the way.
  boolean tryGrant(LockOwner owner, boolean wantsExclusive) {
    if (!queue.isEmpty() && !holders.contains(owner)) {
      return false;
    }
    return grant(owner, wantsExclusive);
  }

  private boolean grant(LockOwner owner, boolean wantsExclusive) {
    boolean isHolder = holders.contains(owner);
    boolean isFree = holders.size() == (isHolder ? 1 : 0);
    if (!isFree && (wantsExclusive || isExclusive)) {
      return false;
    }
    if (!isHolder) {
      holders.add(owner);
    }
    isExclusive |= wantsExclusive;
    return true;
  }

  void enqueue(LockRequest request) {
    if (holders.contains(request.owner)) {
      queue.addFirst(request);
    } else {
      queue.addLast(request);
    }
  }

  /// Somebody waits no longer.
  void cancel(LockRequest request) {
    queue.remove(request);
    serve();
  }

  void release(LockOwner owner) {
    holders.remove(owner);
    if (holders.isEmpty()) {
      isExclusive = false;
    }
    serve();
  }

  private void serve() {
    LockRequest head = queue.peek();
    while (head != null && grant(head.owner, head.isExclusive)) {
      queue.remove();
      head.isGranted = true;
      head.signal.wakeAll();
      head = queue.peek();
    }
  }

  /// Whom a request waits for: the one before it in the queue that has not been told to give up,
  /// and who waits for all others, or the holders.
  List<LockOwner> blockers(LockRequest request) {
    @Nullable LockRequest before = null;
    for (LockRequest queued : queue) {
      if (queued == request) {
        return before != null
            ? List.of(before.owner)
            : holders.stream().filter(holder -> holder != request.owner).toList();
      }
      if (!queued.isVictim) {
        before = queued;
      }
    }
    return List.of();
  }
}
