package io.atlaskv.engine.api;

import java.time.Duration;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// How a transaction runs. `TransactionOptions.DEFAULT` is right for most; change single fields
/// with the `with` methods.
///
/// @param isolation what it may see of others
/// @param locking whether it waits for others or fails
/// @param durability of its commit, which is at least that of [Options#durability()]; null for just
///   that
/// @param triesMax how often [Db#transact] runs it before it gives up, 1 to 1,000,000; of no
///   meaning to [Db#begin]
/// @param lockTimeout how long a pessimistic transaction waits for one lock, 0 (not at all) to 1
///   hour
public record TransactionOptions(
    Isolation isolation,
    Locking locking,
    @Nullable Durability durability,
    int triesMax,
    Duration lockTimeout) {
  /// Largest `triesMax`.
  public static final int TRIES_LIMIT = 1_000_000;

  private static final Duration TIMEOUT_LIMIT = Duration.ofHours(1);

  /// Serializable, optimistic, 100 tries, 5 seconds for a lock.
  public static final TransactionOptions DEFAULT =
      new TransactionOptions(
          Isolation.SERIALIZABLE, Locking.OPTIMISTIC, null, 100, Duration.ofSeconds(5));

  public TransactionOptions {
    Objects.requireNonNull(isolation, "isolation");
    Objects.requireNonNull(locking, "locking");
    if (triesMax < 1 || triesMax > TRIES_LIMIT) {
      throw new IllegalArgumentException(
          "triesMax must be 1 to " + TRIES_LIMIT + ", is " + triesMax);
    }
    if (lockTimeout.isNegative() || lockTimeout.compareTo(TIMEOUT_LIMIT) > 0) {
      throw new IllegalArgumentException("lockTimeout must be 0 to 1h, is " + lockTimeout);
    }
  }

  public TransactionOptions withIsolation(Isolation value) {
    return new TransactionOptions(value, locking, durability, triesMax, lockTimeout);
  }

  public TransactionOptions withLocking(Locking value) {
    return new TransactionOptions(isolation, value, durability, triesMax, lockTimeout);
  }

  public TransactionOptions withDurability(@Nullable Durability value) {
    return new TransactionOptions(isolation, locking, value, triesMax, lockTimeout);
  }

  public TransactionOptions withTriesMax(int value) {
    return new TransactionOptions(isolation, locking, durability, value, lockTimeout);
  }

  public TransactionOptions withLockTimeout(Duration value) {
    return new TransactionOptions(isolation, locking, durability, triesMax, value);
  }
}
