package io.atlaskv.engine.internal.embedded;

import io.atlaskv.engine.api.ClosedException;
import java.lang.invoke.VarHandle;
import java.util.concurrent.atomic.AtomicInteger;

/// A lease of what one thread at a time may use. It may be ended by another thread meanwhile: it is
/// then marked, and whoever leaves last, the use or the end, releases what it holds.
///
/// A look, which changes nothing, marks nothing. It compares the state before and after, in which
/// uses are counted, as the reader of a sequence lock does.
abstract sealed class ExclusiveLease extends Lease permits CursorLease, TransactionLease {
  private static final int IDLE = 0;
  private static final int BUSY = 1;
  private static final int CLOSED = 2;
  private static final int CLOSED_WHILE_BUSY = 3;
  private static final int MARK = 3; // bits of the above
  private static final int USE = 4; // the bits above count uses

  private final String name;
  private final AtomicInteger state = new AtomicInteger(IDLE);

  /// @param name of the handle, as a user would call it
  ExclusiveLease(Object handle, Leases leases, String name) {
    super(handle, leases);
    this.name = name;
  }

  /// Gives back what is held; called once, and by nobody else at the time.
  abstract void release();

  /// Begins a look; returns what `endLook` is to be given.
  final int beginLook() {
    int now = state.get();
    if ((now & MARK) != IDLE) {
      throw refused(now);
    }
    return now;
  }

  /// Ends a look: throws if what was seen may not be what was there, because of an end or of
  /// another thread's use meanwhile.
  final void endLook(int begun) {
    VarHandle.loadLoadFence();
    int now = state.get();
    if (now != begun) {
      throw refused(now);
    }
  }

  private RuntimeException refused(int now) {
    return (now & MARK) >= CLOSED
        ? new ClosedException("the " + name)
        : new IllegalStateException("a " + name + " may be used by one thread at a time");
  }

  /// Begins a use.
  final void enter() {
    if (!tryEnter()) {
      throw new ClosedException("the " + name);
    }
  }

  /// As `enter`, but false if this was ended.
  final boolean tryEnter() {
    int now = state.get();
    if ((now & MARK) == IDLE && state.compareAndSet(now, now | BUSY)) {
      return true;
    }
    if (!isEnded()) {
      throw refused(BUSY);
    }
    return false;
  }

  final void leave() {
    int now = state.get();
    if ((now & MARK) != BUSY || !state.compareAndSet(now, now - BUSY + USE)) {
      state.set(CLOSED);
      release();
    }
  }

  /// Whether it was ended, perhaps while it is in use.
  final boolean isEnded() {
    return (state.get() & MARK) >= CLOSED;
  }

  @Override
  final boolean end() {
    while (true) {
      int now = state.get();
      int mark = now & MARK;
      if (mark >= CLOSED) {
        return false;
      }
      if (state.compareAndSet(now, mark == IDLE ? CLOSED : CLOSED_WHILE_BUSY)) {
        if (mark == IDLE) {
          release();
        }
        return true;
      }
    }
  }
}
