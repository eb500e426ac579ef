package io.atlaskv.engine.internal.cache;

import io.atlaskv.engine.internal.base.NativeBuffer;
import java.util.concurrent.atomic.AtomicInteger;

/// A block in memory of its own, for which the cache had no room or was not to be filled. The
/// memory goes back to the pool with the last pin.
final class UncachedBlock implements SharedPin {
  private final BufferPool pool;
  private final NativeBuffer buffer;
  private final AtomicInteger pins = new AtomicInteger(1);

  UncachedBlock(BufferPool pool, NativeBuffer buffer) {
    this.pool = pool;
    this.buffer = buffer;
  }

  @Override
  public void pinAgain(long token) {
    pins.incrementAndGet();
  }

  @Override
  public void unpin(long token) {
    if (pins.decrementAndGet() == 0) {
      pool.give(buffer);
    }
  }
}
