package io.atlaskv.engine.internal.embedded;

import io.atlaskv.engine.api.ClosedException;
import io.atlaskv.engine.internal.wal.HistoryReader;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The reader of a change feed, for one caller at a time. Its lock is held over reads of the log,
/// never while somebody waits for a commit.
final class ChangesLease extends Lease {
  private final ReentrantLock lock = new ReentrantLock();
  private final HistoryReader reader;
  private volatile boolean isEnded;
  private volatile long nextSequence;

  ChangesLease(EmbeddedChangeFeed handle, Leases leases, HistoryReader reader) {
    super(handle, leases);
    this.reader = reader;
    this.nextSequence = reader.nextSequence();
  }

  /// Lets `use` read.
  <T extends @Nullable Object> T read(Function<HistoryReader, T> use) {
    lock.lock();
    try {
      if (isEnded) {
        throw new ClosedException("the change feed");
      }
      T result = use.apply(reader);
      nextSequence = reader.nextSequence();
      return result;
    } finally {
      lock.unlock();
    }
  }

  boolean isEnded() {
    return isEnded;
  }

  long nextSequence() {
    return nextSequence;
  }

  @Override
  boolean end() {
    lock.lock();
    try {
      if (isEnded) {
        return false;
      }
      isEnded = true;
      reader.close();
      return true;
    } finally {
      lock.unlock();
    }
  }

  @Override
  String kind() {
    return "change feed";
  }
}
