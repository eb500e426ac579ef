package io.atlaskv.redis.store;

import io.atlaskv.engine.internal.base.BatchBuilder;
import io.atlaskv.engine.internal.base.BatchReader;
import java.lang.foreign.MemorySegment;

/// A batch in the engine's own bytes.
final class EngineBatch implements Batch {
  private static final int BYTES_KEPT = 64 * 1024;

  private final BatchBuilder builder = new BatchBuilder();

  BatchBuilder finish() {
    builder.finish();
    return builder;
  }

  @Override
  public int put(byte[] key, int offset, int length, int valueLength) {
    return builder.putReserving(key, offset, length, valueLength);
  }

  @Override
  public int putShort(byte[] key, int valueLength) {
    return builder.putShortReserving(key, valueLength);
  }

  @Override
  public MemorySegment segment() {
    return builder.segment();
  }

  @Override
  public void delete(byte[] key, int offset, int length) {
    builder.delete(key, offset, length);
  }

  @Override
  public void deleteRange(byte[] start, byte[] end) {
    builder.deleteRange(start, 0, start.length, end, 0, end.length);
  }

  @Override
  public void count(int namespace, int counterId, long delta) {
    builder.count(namespace, counterId, delta);
  }

  @Override
  public int keyOffset() {
    return builder.keyOffset();
  }

  @Override
  public void read(BatchReader reader) {
    reader.reset(builder.finish(), builder.length());
  }

  @Override
  public void keepMemory() {
    builder.keepReplaced();
  }

  @Override
  public boolean isEmpty() {
    return builder.isEmpty();
  }

  @Override
  public int length() {
    return builder.length();
  }

  @Override
  public void clear() {
    builder.freeReplaced();
    if (builder.length() > BYTES_KEPT) {
      builder.clearAndShrink(BYTES_KEPT);
    } else {
      builder.clear();
    }
  }

  @Override
  public void close() {
    builder.close();
  }
}
