package io.atlaskv.bench.memtable;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;
import java.util.SplittableRandom;

/// Rejected: hash for point operations, and every new key also goes to a skip list in the same
/// memory. The links of a node lie in front of its record, with 8 bytes of the key after what all
/// keys of this experiment's loads begin with.
final class SkipListCandidate implements Candidate {
  private static final VarHandle LINK = ValueLayout.JAVA_INT.varHandle();
  private static final int LEVELS = 12;
  private static final int PREFIX_BYTES = 8;

  private final HashLog log;
  private final int skip;
  private final SplittableRandom random = new SplittableRandom(1);
  private final int[] heads = new int[LEVELS];
  private final long[] before = new long[LEVELS];
  private int levels = 1;

  SkipListCandidate(long bytes, long slots, int skip) {
    log = new HashLog(bytes, slots);
    this.skip = skip;
  }

  @Override
  public void put(
      long sequence, MemorySegment batch, long keyOffset, int keyLength, int valueLength) {
    int height = Math.min(LEVELS, 1 + Long.numberOfTrailingZeros(random.nextLong()) / 2);
    int extra = (4 * height + 7) / 8 * 8 + PREFIX_BYTES;
    long record = log.put(extra, sequence, batch, keyOffset, keyLength, valueLength);
    if (record < 0) {
      return;
    }
    long prefix = log.prefix8(record, skip);
    log.memory.set(ValueLayout.JAVA_LONG, record - PREFIX_BYTES, prefix);
    long at = 0;
    for (int level = levels - 1; level >= 0; level--) {
      for (long next = next(at, level); next != 0; next = next(at, level)) {
        int order = Long.compareUnsigned(prefixOf(next), prefix);
        if (order > 0 || (order == 0 && log.compare(next, record) > 0)) {
          break;
        }
        at = next;
      }
      before[level] = at;
    }
    for (; levels < height; levels++) {
      before[levels] = 0;
    }
    for (int level = 0; level < height; level++) {
      LINK.set(log.memory, link(record, level), (int) (next(before[level], level) / 8));
      if (before[level] == 0) {
        heads[level] = (int) (record / 8);
      } else {
        LINK.setRelease(log.memory, link(before[level], level), (int) (record / 8));
      }
    }
  }

  @Override
  public int get(byte[] key) {
    return log.get(key);
  }

  @Override
  public int seek(byte[] key, int count) {
    long at = 0;
    for (int level = levels - 1; level >= 0; level--) {
      for (long next = next(at, level);
          next != 0 && log.compare(key, next) > 0;
          next = next(at, level)) {
        at = next;
      }
    }
    int read = 0;
    for (long next = next(at, 0);
        read < count && next != 0 && log.valueLength(next) > 0;
        next = next(next, 0)) {
      read++;
    }
    return read;
  }

  @Override
  public long bytes() {
    return log.bytes();
  }

  @Override
  public void close() {
    log.close();
  }

  private long next(long record, int level) {
    int next = record == 0 ? heads[level] : (int) LINK.getAcquire(log.memory, link(record, level));
    return (next & 0xffffffffL) * 8;
  }

  private long prefixOf(long record) {
    return log.memory.get(ValueLayout.JAVA_LONG, record - PREFIX_BYTES);
  }

  /// Links grow downwards from the prefix.
  private static long link(long record, int level) {
    return record - PREFIX_BYTES - 4 * (level + 1L);
  }
}
