package io.atlaskv.server;

import io.atlaskv.redis.command.Expirer;
import io.atlaskv.redis.command.RedisData;
import io.atlaskv.redis.store.Store;

/// Gives the expirer its turns on one loop: ten times a second, and while there is a backlog one in
/// each round of the loop, a shorter one if clients of the loop ask for something.
final class ExpiryClock {
  /// How often it looks for expired keys when there are none: INFO's `hz`.
  static final int TURNS_PER_SECOND = 10;

  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final long PAUSE_NANOS = 1000 * NANOS_PER_MILLI / TURNS_PER_SECOND;
  private static final long TURN_NANOS = NANOS_PER_MILLI;
  private static final long SHARED_TURN_NANOS = NANOS_PER_MILLI / 2;

  private final EventLoop loop;
  private final RedisData data;
  private final Store store;
  private final Expirer expirer;
  private long commandsBefore;

  ExpiryClock(EventLoop loop, RedisData data) {
    this.loop = loop;
    this.data = data;
    store = data.store();
    expirer = new Expirer(data);
  }

  void start() {
    loop.after(PAUSE_NANOS, this::turn);
  }

  private void turn() {
    data.accessTimes().note(store.visibleSequence(), store.clock().currentTimeMillis());
    long commandsNow = loop.commands();
    boolean isShared = commandsNow != commandsBefore;
    commandsBefore = commandsNow;
    long end = store.clock().nanoTime() + (isShared ? SHARED_TURN_NANOS : TURN_NANOS);
    Expirer.Next next = expirer.slice();
    while (next == Expirer.Next.SOON && store.clock().nanoTime() < end) {
      next = expirer.slice();
    }
    store.writeLog();
    switch (next) {
      case PAUSE -> loop.after(PAUSE_NANOS, this::turn);
      case SOON -> loop.post(this::turn); // what clients have sent meanwhile comes first
      case FETCH -> expirer.fetch(() -> loop.post(this::turn));
    }
  }
}
