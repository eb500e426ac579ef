package io.atlaskv.redis.command;

import static org.assertj.core.api.Assertions.assertThat;

import com.sun.management.ThreadMXBean;
import io.atlaskv.engine.api.Durability;
import io.atlaskv.redis.store.SimStore;
import java.lang.management.ManagementFactory;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class ScanTest {
  private static final int KEYS = 100;
  private static final ThreadMXBean THREADS = (ThreadMXBean) ManagementFactory.getThreadMXBean();

  private final SimStore store = SimStore.create(1, Durability.OS);
  private final LocalClient client = new LocalClient(store);

  @AfterEach
  void close() {
    store.close();
  }

  /// Many keys, or long ones, would fill it.
  @ParameterizedTest
  @ValueSource(ints = {1_000, 100_000})
  void thePageIsNotOnTheHeap(int count) {
    String filler = "k".repeat(30_000);
    for (int i = 0; i < KEYS; i++) {
      client.call("SET", filler + (1_000 + i), "v");
    }
    scan(count); // what a first call makes is kept
    long before = THREADS.getCurrentThreadAllocatedBytes();
    String reply = scan(count);
    long allocated = THREADS.getCurrentThreadAllocatedBytes() - before;
    assertThat(reply).startsWith("*2\r\n$1\r\n0\r\n*" + KEYS + "\r\n$30004\r\n" + filler + "1000");
    assertThat(allocated)
        .as("bytes, of which the client of this test takes two replies")
        .isLessThan(reply.length() * 5L / 2);
  }

  private String scan(int count) {
    return client.call("SCAN", "0", "COUNT", Integer.toString(count));
  }
}
