package io.atlaskv.testkit.linear;

import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicLong;

/// Calls of many threads, as they happen.
public final class History<O, A> {
  private final AtomicLong clock = new AtomicLong();
  private final Queue<Call<O, A>> calls = new ConcurrentLinkedQueue<>();

  public History() {}

  /// To be asked right before a call.
  public long now() {
    return clock.incrementAndGet();
  }

  /// Adds a call that was answered just now.
  public void answered(int client, O operation, A answer, long calledAt) {
    calls.add(new Call<>(client, operation, answer, calledAt, now()));
  }

  /// Adds a call that was never answered.
  public void lost(int client, O operation, long calledAt) {
    calls.add(new Call<>(client, operation, null, calledAt, Long.MAX_VALUE));
  }

  /// All calls so far.
  public List<Call<O, A>> calls() {
    return List.copyOf(calls);
  }
}
