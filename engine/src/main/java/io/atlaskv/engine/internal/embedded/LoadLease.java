package io.atlaskv.engine.internal.embedded;

import io.atlaskv.engine.api.ClosedException;
import io.atlaskv.engine.internal.base.NativeBuffer;
import io.atlaskv.engine.internal.compaction.SortedLoad;
import io.atlaskv.engine.internal.db.Engine;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// The files and the buffer of a bulk load. Its lock is for a close of the store that comes
/// meanwhile: it waits for the entry, or the block, that is being written.
final class LoadLease extends Lease {
  private enum State {
    OPEN,
    FAILED,
    COMMITTED,
    CLOSED
  }

  private static final int VALUE_BYTES_FIRST = 4 << 10;

  private final Engine engine;
  private final SortedLoad load;
  private final ReentrantLock lock = new ReentrantLock();
  private final NativeBuffer value = new NativeBuffer(VALUE_BYTES_FIRST, NativeBuffer.LIMIT_MAX);
  private State state = State.OPEN;
  private @Nullable Throwable failure; // of the tables: they take no more entries

  LoadLease(EmbeddedBulkLoad handle, Leases leases, Engine engine, SortedLoad load) {
    super(handle, leases);
    this.engine = engine;
    this.load = load;
  }

  SortedLoad load() {
    return load;
  }

  /// Where the value of one entry is put together. Only between `enter` and `leave`.
  NativeBuffer value() {
    return value;
  }

  /// Begins a use; throws if there is nothing to use any more.
  void enter() {
    lock.lock();
    try {
      requireOpen();
    } catch (Throwable e) {
      lock.unlock();
      throw e;
    }
  }

  void leave() {
    lock.unlock();
  }

  private void requireOpen() {
    engine.requireOpen(); // first: a closed store refuses all in the same way
    switch (state) {
      case OPEN -> {}
      case FAILED -> throw new IllegalStateException("the load has failed: " + failure, failure);
      case COMMITTED -> throw new IllegalStateException("the load is committed");
      case CLOSED -> throw new ClosedException("the load");
    }
  }

  /// In a use: the tables could not be written, only a close may follow.
  void fail(Throwable e) {
    state = State.FAILED;
    failure = e;
  }

  /// In a use: the files are the store's from now on.
  void commit() {
    state = State.COMMITTED;
    value.close();
    forget();
  }

  @Override
  boolean end() {
    lock.lock();
    try {
      boolean isFirst = state == State.OPEN || state == State.FAILED;
      state = State.CLOSED;
      if (isFirst) {
        value.close();
        load.discard();
      }
      return isFirst;
    } finally {
      lock.unlock();
    }
  }

  @Override
  String kind() {
    return "bulk load";
  }
}
