package io.atlaskv.server;

import io.atlaskv.engine.internal.base.NativeBuffer;
import java.util.ArrayDeque;
import java.util.concurrent.atomic.AtomicLong;

/// Native buffers of the connections of one loop, kept for reuse: making and freeing one costs
/// about 20 microseconds, more than all else that a request needs. So there must be enough for all
/// connections that one round finds with input. What is out is counted over all loops.
class BufferPool implements AutoCloseable {
  private static final int FIRST_BYTES = 16 * 1024;
  private static final int KEPT_BYTES_EACH_MAX = 256 * 1024; // a subscriber's, of one round

  private final int limitBytes;
  private final long keptBytesMax;
  private final AtomicLong usedBytes;
  private final ArrayDeque<NativeBuffer> free = new ArrayDeque<>();
  private final ArrayDeque<ReplyQueue> freeQueues = new ArrayDeque<>();
  private long keptBytes;

  /// @param limitBytes most bytes of one buffer
  /// @param keptBytesMax most bytes that are kept for reuse
  BufferPool(int limitBytes, long keptBytesMax, AtomicLong usedBytes) {
    this.limitBytes = limitBytes;
    this.keptBytesMax = keptBytesMax;
    this.usedBytes = usedBytes;
  }

  NativeBuffer take() {
    NativeBuffer buffer = free.poll();
    if (buffer == null) {
      buffer = new NativeBuffer(FIRST_BYTES, limitBytes);
    } else {
      keptBytes -= buffer.capacity();
    }
    usedBytes.addAndGet(buffer.capacity());
    return buffer;
  }

  /// A buffer with room for so many bytes.
  NativeBuffer take(int bytes) {
    NativeBuffer buffer = take();
    int capacity = buffer.capacity();
    try {
      buffer.ensureRoom(bytes);
    } catch (Throwable e) {
      give(buffer);
      throw e;
    }
    grown(buffer, capacity);
    return buffer;
  }

  ReplyQueue takeQueue() {
    ReplyQueue queue = freeQueues.poll();
    if (queue == null) {
      queue = new ReplyQueue(new NativeBuffer(FIRST_BYTES, limitBytes));
    } else {
      keptBytes -= queue.buffer().capacity();
    }
    account(queue);
    return queue;
  }

  /// Takes back a queue; what it holds is lost.
  void give(ReplyQueue queue) {
    usedBytes.addAndGet(-queue.accountedBytes());
    queue.accountedBytes(0);
    NativeBuffer buffer = queue.buffer();
    if (keeps(buffer)) {
      queue.clear();
      freeQueues.push(queue);
    } else {
      buffer.close();
    }
  }

  /// The queue may have grown.
  void account(ReplyQueue queue) {
    int capacity = queue.buffer().capacity();
    int accounted = queue.accountedBytes();
    if (capacity != accounted) {
      usedBytes.addAndGet((long) capacity - accounted);
      queue.accountedBytes(capacity);
    }
  }

  /// The buffer has grown since it had `oldCapacity`.
  void grown(NativeBuffer buffer, int oldCapacity) {
    if (buffer.capacity() != oldCapacity) {
      usedBytes.addAndGet((long) buffer.capacity() - oldCapacity);
    }
  }

  /// Takes back a buffer; what it holds is lost.
  void give(NativeBuffer buffer) {
    usedBytes.addAndGet(-buffer.capacity());
    buffer.clear();
    if (keeps(buffer)) {
      free.push(buffer);
    } else {
      buffer.close();
    }
  }

  private boolean keeps(NativeBuffer buffer) {
    int bytes = buffer.capacity();
    boolean isKept = bytes <= KEPT_BYTES_EACH_MAX && keptBytes + bytes <= keptBytesMax;
    keptBytes += isKept ? bytes : 0;
    return isKept;
  }

  @Override
  public void close() {
    free.forEach(NativeBuffer::close);
    free.clear();
    freeQueues.forEach(queue -> queue.buffer().close());
    freeQueues.clear();
  }
}
