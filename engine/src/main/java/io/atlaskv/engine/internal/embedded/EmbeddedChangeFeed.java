package io.atlaskv.engine.internal.embedded;

import io.atlaskv.engine.api.ChangeBatch;
import io.atlaskv.engine.api.ChangeFeed;
import io.atlaskv.engine.api.ClosedException;
import io.atlaskv.engine.internal.db.Engine;
import io.atlaskv.engine.internal.wal.HistoryReader;
import java.lang.ref.Reference;
import java.time.Duration;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads the log of an engine behind those who write it.
final class EmbeddedChangeFeed implements ChangeFeed {
  private final Engine engine;
  private final ChangesLease lease;
  private final ChangeDecoder decoder;
  private final Delivery delivery;

  /// Takes over the reader.
  ///
  /// @param names of raw namespaces by their ids
  EmbeddedChangeFeed(
      Engine engine,
      Leases leases,
      HistoryReader reader,
      Map<Integer, String> names,
      Delivery delivery) {
    this.engine = engine;
    this.decoder = new ChangeDecoder(names);
    this.delivery = delivery;
    this.lease = new ChangesLease(this, leases, reader);
  }

  ChangesLease lease() {
    return lease;
  }

  /// All up to it may be delivered. A bulk load is in the log before its tables are in the store:
  /// who is told of it must find them.
  private long through() {
    long inLog = delivery == Delivery.DURABLE ? engine.durableSequence() : engine.writtenSequence();
    return Math.min(inLog, engine.visibleSequence());
  }

  @Override
  public @Nullable ChangeBatch poll() {
    try {
      engine.requireOpen();
      return lease.read(this::read);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  private @Nullable ChangeBatch read(HistoryReader reader) {
    long through = through();
    while (reader.next(through)) {
      ChangeBatch batch = decode(reader);
      if (batch != null) {
        return batch;
      }
    }
    return null;
  }

  /// What cannot be decoded, for a lack of memory for example, is not passed over.
  private @Nullable ChangeBatch decode(HistoryReader reader) {
    boolean isDecoded = false;
    try {
      ChangeBatch batch = decoder.decode(reader);
      isDecoded = true;
      return batch;
    } finally {
      if (!isDecoded) {
        reader.again();
      }
    }
  }

  @Override
  public @Nullable ChangeBatch poll(Duration timeout) {
    try {
      long deadline = engine.clock().nanoTime() + saturatedNanos(timeout);
      while (true) {
        ChangeBatch batch = poll();
        if (batch != null) {
          return batch;
        }
        long left = deadline - engine.clock().nanoTime();
        if (left <= 0) {
          return null;
        }
        engine.pauseUntil(this::isWorthALook, left);
        if (lease.isEnded()) {
          throw new ClosedException("the change feed");
        }
        if (through() < lease.nextSequence()) {
          engine.requireLog();
        }
      }
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  private boolean isWorthALook() {
    return lease.isEnded() || engine.hasLogFailed() || through() >= lease.nextSequence();
  }

  private static long saturatedNanos(Duration timeout) {
    long limit = Long.MAX_VALUE / 4; // so that a deadline does not run over
    return timeout.toSeconds() >= limit / 1_000_000_000 ? limit : timeout.toNanos();
  }

  @Override
  public long nextSequence() {
    return lease.nextSequence();
  }

  @Override
  public void close() {
    try {
      lease.close();
      engine.wakeWaiting();
    } finally {
      Reference.reachabilityFence(this);
    }
  }
}
