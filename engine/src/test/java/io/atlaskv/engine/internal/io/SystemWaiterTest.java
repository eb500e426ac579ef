package io.atlaskv.engine.internal.io;

import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

@Timeout(60)
class SystemWaiterTest {
  @Test
  void aMomentEndsWithItsTimeOrWhenItIsDone() {
    var waiter = new SystemWaiter();
    long timeout = TimeUnit.MICROSECONDS.toNanos(100);
    long begun = System.nanoTime();
    assertFalse(waiter.spin(() -> false, timeout));
    assertTrue(System.nanoTime() - begun >= timeout);
    var asked = new AtomicInteger();
    assertTrue(waiter.spin(() -> asked.incrementAndGet() == 3, Long.MAX_VALUE));
    assertTrue(waiter.spin(() -> true, 0));
    Thread.currentThread().interrupt();
    assertFalse(waiter.spin(() -> false, timeout));
    assertTrue(Thread.interrupted());
  }
}
