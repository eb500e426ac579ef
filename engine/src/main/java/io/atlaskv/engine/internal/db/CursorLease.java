package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.api.ClosedException;
import java.util.concurrent.atomic.AtomicInteger;

/// An engine's cursor, which may be closed by another thread while it moves: it is then marked, and
/// whoever leaves last, the move or the close, releases what it holds.
final class CursorLease extends Lease {
  private static final int IDLE = 0;
  private static final int BUSY = 1;
  private static final int CLOSED = 2;
  private static final int CLOSED_WHILE_BUSY = 3;

  private final EngineCursor cursor;
  private final AtomicInteger state = new AtomicInteger(IDLE);

  CursorLease(EmbeddedCursor handle, Leases leases, EngineCursor cursor) {
    super(handle, leases);
    this.cursor = cursor;
  }

  /// Begins a use of the cursor.
  void enter() {
    if (!state.compareAndSet(IDLE, BUSY)) {
      throw state.get() == BUSY
          ? new IllegalStateException("a cursor may be used by one thread at a time")
          : new ClosedException("the cursor is closed");
    }
  }

  void leave() {
    if (!state.compareAndSet(BUSY, IDLE)) {
      state.set(CLOSED);
      cursor.close();
    }
  }

  @Override
  boolean end() {
    while (true) {
      int now = state.get();
      if (now >= CLOSED) {
        return false;
      }
      if (state.compareAndSet(now, now == IDLE ? CLOSED : CLOSED_WHILE_BUSY)) {
        if (now == IDLE) {
          cursor.close();
        }
        return true;
      }
    }
  }

  @Override
  String kind() {
    return "cursor or stream";
  }
}
