package io.atlaskv.server;

import io.atlaskv.redis.pubsub.Exchange;
import io.atlaskv.redis.pubsub.Outlet;
import io.atlaskv.redis.pubsub.Push;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;

/// Pushes on their way to the connections of one loop. Any thread sends, the loop delivers.
///
/// Invariants:
/// - I1: what one thread sends is delivered in that order.
/// - I2: who joins or leaves does so after everything sent before was delivered (`Subscriptions`),
///   so a subscriber sees what was published after its subscription and nothing else.
final class Inbox implements Outlet {
  private final EventLoop loop;
  private final Server server;
  private final Exchange exchange;
  private final Queue<Push> pushes = new ConcurrentLinkedQueue<>();

  Inbox(EventLoop loop, Server server) {
    this.loop = loop;
    this.server = server;
    exchange = server.data().pubSub().addLoop(this);
  }

  Exchange exchange() {
    return exchange;
  }

  @Override
  public void send(Push push) {
    server.pushBytes().addAndGet(push.bytes());
    pushes.add(push);
    if (!loop.isCurrent()) {
      loop.wakeUp();
    }
  }

  /// Delivers what has been sent so far.
  @Override
  public void drain() {
    Push push = pushes.poll();
    while (push != null) {
      server.pushBytes().addAndGet(-push.bytes());
      exchange.deliver(push);
      push = pushes.poll();
    }
  }

  boolean isEmpty() {
    return pushes.isEmpty();
  }
}
