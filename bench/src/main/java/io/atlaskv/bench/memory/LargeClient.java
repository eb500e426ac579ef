package io.atlaskv.bench.memory;

import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.Durability;
import io.atlaskv.engine.api.Range;
import io.atlaskv.engine.api.WriteBatch;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// What one thread asks of the store, and the check of each answer.
final class LargeClient {
  private final Db db;
  private final LargeData data;
  private final byte[] value;
  private final byte[] expected;
  private final MemorySegment valueSegment;

  LargeClient(Db db, LargeData data) {
    this.db = db;
    this.data = data;
    this.value = new byte[data.valueBytes()];
    this.expected = new byte[data.valueBytes()];
    this.valueSegment = MemorySegment.ofArray(value);
  }

  void put(long entry) {
    data.value(entry, value);
    db.put(data.key(entry), value);
  }

  void putSynced(long entry) {
    data.value(entry, value);
    db.put(data.key(entry), value, Durability.ALWAYS);
  }

  /// Writes `count` entries at once, the first being that of the permutation at `index`.
  void putBatch(long index, int count) {
    var batch = new WriteBatch();
    for (long at = index; at < index + count; at++) {
      long entry = data.scattered(at);
      data.value(entry, value);
      batch.put(data.key(entry), value);
    }
    db.write(batch);
  }

  void requireThere(long entry) {
    requireValue(entry, db.get(data.key(entry), valueSegment));
  }

  void requireDeleted(long entry) {
    require(db.get(data.key(entry), valueSegment) < 0, entry, "was deleted, but is there");
  }

  /// Asks for a key that lies between two that are there.
  void requireMissing(long entry) {
    byte[] key = Arrays.copyOf(data.key(entry), LargeData.KEY_BYTES + 1);
    require(db.get(key, valueSegment) < 0, entry, "has a neighbour that was never put");
  }

  /// Reads an entry and those behind it.
  void seekAndNext(long from, int count) {
    long entry = from;
    try (var cursor = db.range(Range.atLeast(data.key(from))).open()) {
      for (; entry < Math.min(from + count, data.entries()); entry++) {
        require(cursor.isValid(), entry, "is missing behind the seek");
        requireIs(cursor.key(), entry);
        requireValue(entry, cursor.value(valueSegment));
        cursor.next();
      }
    }
  }

  /// With step 1 every entry must be there, with step 2 the odd ones, and no other.
  void scan(int step) {
    long entry = step - 1L;
    var key = new byte[LargeData.KEY_BYTES];
    try (var cursor = db.range(Range.all()).open()) {
      for (; cursor.isValid(); cursor.next()) {
        require(cursor.key(key) == key.length, entry, "is not the next one of the scan");
        requireIs(key, entry);
        requireValue(entry, cursor.value(valueSegment));
        entry += step;
      }
    }
    require(entry >= data.entries(), entry, "and all after it are missing in the scan");
  }

  void delete(long entry) {
    db.delete(data.key(entry));
  }

  private void requireIs(byte[] key, long entry) {
    require(Arrays.equals(key, data.key(entry)), entry, "is not the next one");
  }

  private void requireValue(long entry, long length) {
    data.value(entry, expected);
    require(length == value.length && Arrays.equals(value, expected), entry, "has a wrong value");
  }

  private static void require(boolean holds, long entry, String otherwise) {
    if (!holds) {
      throw new IllegalStateException("entry " + entry + " " + otherwise);
    }
  }
}
