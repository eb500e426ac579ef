package io.atlaskv.bench.memtable;

import io.atlaskv.engine.internal.base.Hash64;
import io.atlaskv.engine.internal.base.KeyBytes;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.VarHandle;

/// What two candidates share: records in one piece of native memory, found by hash.
///
/// ```
/// record: extra bytes of the candidate | key length 4 | value length 4 | sequence 8 | key | value
/// slot:   hash tag << 32 | record / 8
/// ```
final class HashLog implements AutoCloseable {
  private static final VarHandle SLOT = ValueLayout.JAVA_LONG.varHandle();
  private static final int HEADER = 16;

  final MemorySegment memory;
  private final Arena arena = Arena.ofShared();
  private final MemorySegment table;
  private final long mask;
  private long top = 8;

  HashLog(long bytes, long slots) {
    memory = arena.allocate(bytes, 64);
    table = arena.allocate(slots * 8, 64);
    mask = slots - 1;
  }

  /// Offset of the header of the new record, behind `extra` bytes; negative if it is a new version
  /// of a key that is there.
  long put(
      int extra,
      long sequence,
      MemorySegment batch,
      long keyOffset,
      int keyLength,
      int valueLength) {
    long record = top + extra;
    top = (record + HEADER + keyLength + valueLength + 7) & ~7;
    memory.set(ValueLayout.JAVA_INT, record, keyLength);
    memory.set(ValueLayout.JAVA_INT, record + 4, valueLength);
    memory.set(ValueLayout.JAVA_LONG, record + 8, sequence);
    MemorySegment.copy(batch, keyOffset, memory, record + HEADER, keyLength + (long) valueLength);
    long hash = Hash64.hash(7, batch, keyOffset, keyLength);
    int tag = (int) (hash >>> 32);
    for (long slot = hash & mask; ; slot = (slot + 1) & mask) {
      long entry = (long) SLOT.getAcquire(table, slot * 8);
      boolean isSame =
          entry != 0
              && (int) (entry >>> 32) == tag
              && keyLength(at(entry)) == keyLength
              && KeyBytes.equal(memory, at(entry) + HEADER, batch, keyOffset, keyLength);
      if (entry == 0 || isSame) {
        SLOT.setRelease(table, slot * 8, (long) tag << 32 | record / 8);
        return entry == 0 ? record : -record;
      }
    }
  }

  int get(byte[] key) {
    long hash = Hash64.hash(7, key, 0, key.length);
    int tag = (int) (hash >>> 32);
    for (long slot = hash & mask; ; slot = (slot + 1) & mask) {
      long entry = (long) SLOT.getAcquire(table, slot * 8);
      if (entry == 0) {
        return -1;
      }
      if ((int) (entry >>> 32) == tag
          && keyLength(at(entry)) == key.length
          && KeyBytes.equal(key, 0, memory, at(entry) + HEADER, key.length)) {
        return memory.get(ValueLayout.JAVA_BYTE, at(entry) + HEADER + key.length) & 0xff;
      }
    }
  }

  int keyLength(long record) {
    return memory.get(ValueLayout.JAVA_INT, record);
  }

  int valueLength(long record) {
    return memory.get(ValueLayout.JAVA_INT, record + 4);
  }

  /// Order of a key and that of a record.
  int compare(byte[] key, long record) {
    return KeyBytes.compare(key, 0, key.length, memory, record + HEADER, keyLength(record));
  }

  /// Order of the keys of two records.
  int compare(long left, long right) {
    return KeyBytes.compare(
        memory, left + HEADER, keyLength(left), memory, right + HEADER, keyLength(right));
  }

  /// 8 bytes of the key from `skip` on.
  long prefix8(long record, int skip) {
    return KeyBytes.prefix8(memory, record + HEADER + skip, keyLength(record) - skip);
  }

  long bytes() {
    return top + table.byteSize();
  }

  @Override
  public void close() {
    arena.close();
  }

  private static long at(long entry) {
    return (entry & 0xffffffffL) * 8;
  }
}
