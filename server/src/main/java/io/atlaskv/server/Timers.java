package io.atlaskv.server;

import java.util.PriorityQueue;

/// Actions of one loop that are due at a time. Few at a time: delayed writers and housekeeping.
final class Timers {
  /// Answer of `nextNanos` when nothing is due ever.
  static final long NONE = Long.MIN_VALUE;

  private record Timer(long dueNanos, Runnable action) {}

  private final PriorityQueue<Timer> queue =
      new PriorityQueue<>((a, b) -> Long.signum(a.dueNanos - b.dueNanos));

  void add(long dueNanos, Runnable action) {
    queue.add(new Timer(dueNanos, action));
  }

  /// When the next one is due.
  long nextNanos() {
    Timer next = queue.peek();
    return next == null ? NONE : next.dueNanos;
  }

  /// The earlier one of two times, each of which may be `NONE`.
  static long earlier(long one, long other) {
    if (one == NONE || other == NONE) {
      return one == NONE ? other : one;
    }
    return one - other < 0 ? one : other;
  }

  /// How many there are.
  int count() {
    return queue.size();
  }

  /// Runs what is due, not what these add.
  void run(long nowNanos) {
    for (int i = queue.size(); i > 0; i--) {
      Timer next = queue.peek();
      if (next == null || next.dueNanos - nowNanos > 0) {
        return;
      }
      queue.poll();
      next.action.run();
    }
  }
}
