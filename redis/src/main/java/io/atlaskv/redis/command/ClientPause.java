package io.atlaskv.redis.command;

import io.atlaskv.engine.internal.io.Clock;
import java.util.concurrent.atomic.AtomicInteger;

/// `CLIENT PAUSE`: commands wait until a time, all or those that write. Any thread asks.
public final class ClientPause {
  private final Clock clock;
  private final AtomicInteger waiting = new AtomicInteger();
  private volatile long endMillis; // 0 = no pause
  private volatile boolean isOfAll;

  ClientPause(Clock clock) {
    this.clock = clock;
  }

  /// Begins a pause; one that holds goes on at least as long and as strictly as before.
  public synchronized void begin(long millis, boolean ofAll) {
    long now = clock.currentTimeMillis();
    long end = now > Long.MAX_VALUE - millis ? Long.MAX_VALUE : now + millis;
    boolean isRunning = endMillis > now;
    isOfAll = ofAll || (isRunning && isOfAll);
    endMillis = isRunning ? Math.max(endMillis, end) : end;
  }

  /// Ends it.
  public synchronized void end() {
    endMillis = 0;
  }

  /// True if no write may happen now. One volatile read without a pause.
  public boolean isActive() {
    return endMillis != 0 && remainingMillis() > 0;
  }

  /// True if a command has to wait. One volatile read without a pause.
  boolean holds(RegisteredCommand command, Context context) {
    return endMillis != 0
        && remainingMillis() > 0
        && (isOfAll || command.isHeldByPause || (command.runsQueue && context.queuesWrites()));
  }

  /// How long it still lasts; 0 or less = no longer.
  public long remainingMillis() {
    return endMillis - clock.currentTimeMillis();
  }

  /// How many clients wait for its end.
  public int waiting() {
    return waiting.get();
  }

  void waits(int change) {
    waiting.addAndGet(change);
  }
}
