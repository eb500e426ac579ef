package io.atlaskv.redis.command;

import java.util.concurrent.ArrayBlockingQueue;

/// Queues that no client uses now: making one, and freeing its native memory, takes longer than a
/// transaction. Any thread may use it.
final class QueuePool {
  private static final int KEPT_MAX = 64;

  private final ArrayBlockingQueue<CommandQueue> free = new ArrayBlockingQueue<>(KEPT_MAX);

  /// An empty queue, whose memory `host` counts.
  CommandQueue take(Host host) {
    CommandQueue queue = free.poll();
    if (queue == null) {
      queue = new CommandQueue();
    }
    host.queuesGrown(queue.bytes());
    return queue;
  }

  /// Takes back a queue; what it holds is lost.
  void give(CommandQueue queue, Host host) {
    host.queuesGrown(-queue.bytes());
    queue.clear();
    if (!free.offer(queue)) {
      queue.close();
    }
  }
}
