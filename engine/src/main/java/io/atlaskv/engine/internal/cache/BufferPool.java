package io.atlaskv.engine.internal.cache;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.atlaskv.engine.internal.base.NativeBuffer;
import java.util.ArrayList;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// A few native buffers for stored bytes on their way into blocks, and for blocks that the cache
/// does not keep; at hand because making and freeing native memory costs more than a read from the
/// page cache. Any thread may use it.
public final class BufferPool implements AutoCloseable {
  /// Larger buffers are not kept.
  public static final int BUFFER_BYTES_MAX = 512 << 10;

  private static final int BUFFERS_MAX = 16;
  private static final int BUFFER_BYTES_MIN = 8 << 10;

  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final ArrayList<NativeBuffer> idle = new ArrayList<>();

  @GuardedBy("lock")
  private boolean isClosed;

  /// An empty buffer with room for `bytes`.
  public NativeBuffer take(int bytes) {
    NativeBuffer buffer = takeIdle();
    if (buffer == null) {
      int capacity = Math.max(bytes, BUFFER_BYTES_MIN);
      return new NativeBuffer(capacity, NativeBuffer.LIMIT_MAX);
    }
    buffer.ensureRoom(bytes);
    return buffer;
  }

  private @Nullable NativeBuffer takeIdle() {
    lock.lock();
    try {
      return idle.isEmpty() ? null : idle.removeLast();
    } finally {
      lock.unlock();
    }
  }

  /// Takes a buffer back; its content is lost.
  public void give(NativeBuffer buffer) {
    buffer.clear();
    lock.lock();
    try {
      if (!isClosed && idle.size() < BUFFERS_MAX && buffer.capacity() <= BUFFER_BYTES_MAX) {
        idle.add(buffer);
        return;
      }
    } finally {
      lock.unlock();
    }
    buffer.close();
  }

  /// Frees the idle buffers; those still out are freed when they come back.
  @Override
  public void close() {
    lock.lock();
    try {
      isClosed = true;
      idle.forEach(NativeBuffer::close);
      idle.clear();
    } finally {
      lock.unlock();
    }
  }
}
