package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.api.ClosedException;
import java.util.concurrent.atomic.AtomicInteger;

/// A lease of what one thread at a time may use. It may be ended by another thread meanwhile: it is
/// then marked, and whoever leaves last, the use or the end, releases what it holds.
abstract sealed class ExclusiveLease extends Lease permits CursorLease, TransactionLease {
  private static final int IDLE = 0;
  private static final int BUSY = 1;
  private static final int CLOSED = 2;
  private static final int CLOSED_WHILE_BUSY = 3;

  private final String name;
  private final AtomicInteger state = new AtomicInteger(IDLE);

  /// @param name of the handle, as a user would call it
  ExclusiveLease(Object handle, Leases leases, String name) {
    super(handle, leases);
    this.name = name;
  }

  /// Gives back what is held; called once, and by nobody else at the time.
  abstract void release();

  /// For a use that only looks, to be asked when it has looked: it needs no mark, and is as if it
  /// came before an end that comes later.
  final void requireOpen() {
    if (isEnded()) {
      throw new ClosedException("the " + name);
    }
  }

  /// Begins a use.
  final void enter() {
    if (!tryEnter()) {
      throw new ClosedException("the " + name);
    }
  }

  /// As `enter`, but false if this was ended.
  final boolean tryEnter() {
    if (state.compareAndSet(IDLE, BUSY)) {
      return true;
    }
    if (!isEnded()) {
      throw new IllegalStateException("a " + name + " may be used by one thread at a time");
    }
    return false;
  }

  final void leave() {
    if (!state.compareAndSet(BUSY, IDLE)) {
      state.set(CLOSED);
      release();
    }
  }

  /// Whether it was ended, perhaps while it is in use.
  final boolean isEnded() {
    return state.get() >= CLOSED;
  }

  @Override
  final boolean end() {
    while (true) {
      int now = state.get();
      if (now >= CLOSED) {
        return false;
      }
      if (state.compareAndSet(now, now == IDLE ? CLOSED : CLOSED_WHILE_BUSY)) {
        if (now == IDLE) {
          release();
        }
        return true;
      }
    }
  }
}
