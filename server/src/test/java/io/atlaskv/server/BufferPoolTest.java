package io.atlaskv.server;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atlaskv.engine.internal.base.NativeBuffer;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;

class BufferPoolTest {
  private static final int LIMIT = 32 * 1024;

  private final AtomicLong usedBytes = new AtomicLong();

  @Test
  void aBufferHasTheRoomThatIsAskedForAndIsCounted() {
    try (var pool = new BufferPool(LIMIT, LIMIT, usedBytes)) {
      NativeBuffer buffer = pool.take(LIMIT);
      assertThat(buffer.capacity()).isEqualTo(LIMIT);
      assertThat(usedBytes).hasValue(LIMIT);
      pool.give(buffer);
      assertThat(usedBytes).hasValue(0);
    }
  }

  @Test
  void aBufferThatCannotGrowGoesBack() {
    try (var pool = new BufferPool(LIMIT, LIMIT, usedBytes)) {
      NativeBuffer kept = pool.take();
      pool.give(kept);
      assertThatThrownBy(() -> pool.take(LIMIT + 1)).isInstanceOf(IllegalStateException.class);
      assertThat(usedBytes).hasValue(0);
      assertThat(pool.take()).isSameAs(kept);
      pool.give(kept);
    }
  }
}
