package io.atlaskv.engine.internal.embedded;

import io.atlaskv.engine.api.ClosedException;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.Secondary;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Moments of a store, one after the other, each a read-only store of its own.
public final class EmbeddedSecondary implements Secondary {
  private final Supplier<EmbeddedDb> opener;
  private final ReentrantLock lock = new ReentrantLock(); // one catch-up at a time
  private volatile @Nullable EmbeddedDb current;
  private @Nullable EmbeddedDb previous; // under the lock

  /// @param opener opens the store as of now
  public EmbeddedSecondary(Supplier<EmbeddedDb> opener) {
    this.opener = opener;
    this.current = opener.get();
  }

  private EmbeddedDb current() {
    EmbeddedDb db = current;
    if (db == null) {
      throw new ClosedException("the secondary");
    }
    return db;
  }

  @Override
  public Db db() {
    return current();
  }

  @Override
  public boolean catchUp() {
    lock.lock();
    try {
      EmbeddedDb before = current();
      EmbeddedDb next = opener.get();
      EmbeddedDb oldest = previous;
      previous = before;
      current = next;
      if (oldest != null) {
        oldest.close();
      }
      return next.engine().visibleSequence() > before.engine().visibleSequence();
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      EmbeddedDb last = current;
      EmbeddedDb oldest = previous;
      current = null;
      previous = null;
      try {
        if (oldest != null) {
          oldest.close();
        }
      } finally {
        if (last != null) {
          last.close();
        }
      }
    } finally {
      lock.unlock();
    }
  }
}
