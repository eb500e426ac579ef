package io.atlaskv.engine.internal.embedded;

import io.atlaskv.engine.api.ConflictException;
import io.atlaskv.engine.api.Transaction;
import io.atlaskv.engine.api.TransactionOptions;
import io.atlaskv.engine.internal.db.NamespaceKey;
import io.atlaskv.engine.internal.transaction.LockTable;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// Begins transactions, and runs work in them until it could be committed.
final class Transactions implements AutoCloseable {
  /// How single writes run where they have to be counted: they give up for nobody.
  static final TransactionOptions COUNTED = TransactionOptions.DEFAULT.withTriesMax(1_000_000);

  private static final long PAUSE_NANOS_MIN = 50_000;
  private static final int DOUBLINGS_MAX = 8; // to some 10 ms

  private final EmbeddedDb db;
  private final LockTable locks;
  private final AtomicLong numbers = new AtomicLong();

  Transactions(EmbeddedDb db) {
    this.db = db;
    this.locks =
        new LockTable(db.engine().waiter(), NamespaceKey::ofUser, db.engine().batchBytesMax());
  }

  LockTable locks() {
    return locks;
  }

  EmbeddedTransaction begin(TransactionOptions options) {
    return begin(options, numbers.incrementAndGet());
  }

  private EmbeddedTransaction begin(TransactionOptions options, long number) {
    Objects.requireNonNull(options, "options");
    db.engine().requireOpen();
    var transaction = new EmbeddedTransaction(db, locks, options, number);
    db.leases().add(transaction.lease());
    return transaction;
  }

  <T extends @Nullable Object> T run(
      TransactionOptions options, Function<? super Transaction, T> work) {
    Objects.requireNonNull(work, "work");
    long number = numbers.incrementAndGet();
    for (int tried = 1; ; tried++) {
      try (EmbeddedTransaction transaction = begin(options, number)) {
        T result = work.apply(transaction);
        transaction.commitUnlessEnded();
        return result;
      } catch (ConflictException e) {
        if (tried == options.triesMax()) {
          throw e;
        }
      }
      if (tried > 1) { // the first conflict may have been bad luck
        pause(tried - 2);
      }
    }
  }

  /// Waits for a random part of a time that doubles with each try, so that those who were in each
  /// other's way do not come back together.
  private void pause(int doublings) {
    long nanosMax = PAUSE_NANOS_MIN << Math.min(doublings, DOUBLINGS_MAX);
    db.engine().pause(Math.floorMod(db.engine().random().nextLong(), nanosMax) + 1);
  }

  /// Ends all waits for locks.
  @Override
  public void close() {
    locks.close();
  }
}
