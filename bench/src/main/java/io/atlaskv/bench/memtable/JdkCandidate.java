package io.atlaskv.bench.memtable;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.concurrent.ConcurrentSkipListMap;

/// The JDK's own: objects on the heap.
final class JdkCandidate implements Candidate {
  private final ConcurrentSkipListMap<byte[], byte[]> map =
      new ConcurrentSkipListMap<>(Arrays::compareUnsigned);
  private long bytes;

  @Override
  public void put(
      long sequence, MemorySegment batch, long keyOffset, int keyLength, int valueLength) {
    byte[] key = new byte[keyLength];
    MemorySegment.copy(batch, ValueLayout.JAVA_BYTE, keyOffset, key, 0, keyLength);
    byte[] value = new byte[valueLength];
    MemorySegment.copy(batch, ValueLayout.JAVA_BYTE, keyOffset + keyLength, value, 0, valueLength);
    if (map.put(key, value) == null) {
      // node 24, index 24 / 2 on average, two array headers, padding
      bytes += 24 + 12 + 2 * 16 + keyLength + valueLength + 8;
    }
  }

  @Override
  public int get(byte[] key) {
    byte[] value = map.get(key);
    return value == null ? -1 : value[0] & 0xff;
  }

  @Override
  public int seek(byte[] key, int count) {
    int read = 0;
    var iterator = map.tailMap(key, true).entrySet().iterator();
    while (read < count && iterator.hasNext() && iterator.next().getValue().length > 0) {
      read++;
    }
    return read;
  }

  @Override
  public long bytes() {
    return bytes;
  }

  @Override
  public void close() {
    map.clear();
  }
}
