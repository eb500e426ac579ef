package io.atlaskv.engine.internal.compaction;

import java.util.ArrayDeque;
import java.util.Deque;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Whose turn it is to be stepped by one of a few workers: start-time fair queueing (Goyal, Vin,
/// Cheng 1996) with the bytes of each step known when it is over. What each payer had is counted in
/// bytes for each of its shares, and the one that had least goes first. Any thread.
///
/// Invariants:
/// - F1: for whatever waits a worker is on its way, or as many as may be are at work.
/// - F2: work-conserving: a worker that comes gets an item if any waits, whoever's it is.
/// - F3: who comes after a pause begins where the others are: what was not used is not saved up.
///
/// @param <T> what is stepped; items of one payer take turns
public final class FairTurns<T> {
  /// What one payer has.
  private static final class Account<T> {
    final int payer;
    final Deque<T> waiting = new ArrayDeque<>();
    double hadPerShare; // bytes
    int stepping;

    Account(int payer) {
      this.payer = payer;
    }

    boolean isBefore(Account<T> other) {
      return hadPerShare < other.hadPerShare
          || (hadPerShare == other.hadPerShare && payer < other.payer);
    }
  }

  private final int workersMax;
  private final Map<Integer, Account<T>> accounts = new HashMap<>();
  private IoShares shares = IoShares.UNDIVIDED;
  private double reached; // what the last one had whose turn came
  private int workers;

  /// @param workersMax most items stepped at a time
  public FairTurns(int workersMax) {
    this.workersMax = workersMax;
  }

  /// Divides by other shares from now on.
  public synchronized void shares(IoShares value) {
    shares = value;
    accounts.values().removeIf(account -> account.waiting.isEmpty() && account.stepping == 0);
  }

  /// Has an item wait for its first turn; true if a further worker is to come for it.
  public synchronized boolean add(int payer, T item) {
    Account<T> account = accounts.get(payer);
    if (account == null) {
      account = new Account<>(payer);
      accounts.put(payer, account);
    }
    if (account.waiting.isEmpty() && account.stepping == 0) {
      account.hadPerShare = Math.max(account.hadPerShare, reached); // F3
    }
    account.waiting.addLast(item);
    boolean isWorkerWanted = workers < workersMax; // F1
    workers += isWorkerWanted ? 1 : 0;
    return isWorkerWanted;
  }

  /// What a worker is to step, to be followed by `stepped`; null ends the worker.
  public synchronized @Nullable T next() {
    Account<T> first = null;
    for (Account<T> account : accounts.values()) {
      if (!account.waiting.isEmpty() && (first == null || account.isBefore(first))) {
        first = account;
      }
    }
    if (first == null) {
      workers--;
      return null;
    }
    reached = first.hadPerShare;
    first.stepping++;
    return first.waiting.removeFirst();
  }

  /// An item has read and written so many bytes.
  ///
  /// @param hasMore whether it wants another turn
  public synchronized void stepped(int payer, T item, long bytes, boolean hasMore) {
    Account<T> account = Objects.requireNonNull(accounts.get(payer));
    account.hadPerShare += (double) bytes / shares.of(payer);
    account.stepping--;
    if (hasMore) {
      account.waiting.addLast(item);
    }
  }
}
