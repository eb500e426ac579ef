package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.internal.base.Lookup;
import io.atlaskv.engine.internal.cache.ReadContext;
import io.atlaskv.engine.internal.transaction.ReadSet;
import io.atlaskv.engine.internal.transaction.WriteSet;
import java.util.Arrays;
import java.util.Map;

/// Counts what writes change in a namespace, by reading what they replace as of a registered
/// sequence. All of that is noted as read: if it has changed by the commit, the count is wrong.
final class QuotaCount {
  private final EmbeddedDb db;
  private final WriteSet writes;
  private final ReadSet reads;
  private final long sequence;
  private boolean isCleared;
  private long entries;
  private long bytes;

  private QuotaCount(EmbeddedDb db, WriteSet writes, ReadSet reads, long sequence) {
    this.db = db;
    this.writes = writes;
    this.reads = reads;
    this.sequence = sequence;
  }

  /// @param sequence registered
  static QuotaCharge of(
      EmbeddedDb db, EmbeddedNamespace namespace, WriteSet writes, ReadSet reads, long sequence) {
    var count = new QuotaCount(db, writes, reads, sequence);
    byte[] first = NamespaceKey.first(namespace.namespaceId());
    byte[] end = NamespaceKey.end(namespace.namespaceId());
    count.deletedRanges(first, end);
    count.points(first, end);
    return new QuotaCharge(namespace, count.isCleared, count.entries, count.bytes);
  }

  private void deletedRanges(byte[] first, byte[] end) {
    for (Map.Entry<byte[], byte[]> range : writes.deleted().endsByStart().entrySet()) {
      if (Arrays.equals(range.getKey(), first) && Arrays.equals(range.getValue(), end)) {
        isCleared = true; // in one record, which the counters know
      } else {
        deletedRange(
            Arrays.compareUnsigned(range.getKey(), first) < 0 ? first : range.getKey(),
            Arrays.compareUnsigned(range.getValue(), end) > 0 ? end : range.getValue());
      }
    }
  }

  private void deletedRange(byte[] start, byte[] end) {
    if (Arrays.compareUnsigned(start, end) >= 0) {
      return;
    }
    reads.addRange(start, end);
    Engine engine = db.engine();
    try (EngineCursor rows =
        engine.cursor(engine.newReadContext(ReadContext.Mode.BLOCKING), sequence, start, end, 0)) {
      for (rows.seekToFirst(); rows.isValid(); rows.next()) {
        entries--;
        bytes -= bytes(rows.keyLength(), rows.valueLength());
      }
    }
  }

  private void points(byte[] first, byte[] end) {
    PointReader reader = db.reader();
    try {
      writes
          .points(first, end)
          .forEach((key, write) -> {
            byte[] value = write.value();
            if (value != null) {
              entries++;
              bytes += bytes(key.length, value.length);
            }
            if (!writes.deleted().contains(key)) {
              reads.add(key);
              replaced(key, reader);
            }
          });
    } finally {
      db.done(reader);
    }
  }

  private void replaced(byte[] key, PointReader reader) {
    Lookup old = reader.lookup;
    if (db.engine().get(reader.context, sequence, key, 0, key.length, old) == Lookup.FOUND) {
      entries--;
      bytes -= bytes(key.length, old.length());
    }
    old.release();
  }

  /// Bytes of an entry: those that the caller gave.
  private static long bytes(int fullKeyLength, int valueLength) {
    return (long) fullKeyLength - NamespaceKey.ID_BYTES + valueLength;
  }
}
