package io.atlaskv.engine.internal.embedded;

import io.atlaskv.engine.internal.base.Layouts;
import io.atlaskv.engine.internal.base.Lookup;
import io.atlaskv.engine.internal.cache.ReadContext;
import io.atlaskv.engine.internal.db.Engine;
import io.atlaskv.engine.internal.db.EngineCursor;
import io.atlaskv.engine.internal.db.NamespaceKey;
import io.atlaskv.engine.internal.transaction.ReadSet;
import io.atlaskv.engine.internal.transaction.WriteSet;
import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import java.util.TreeSet;

/// Counts what writes change in a namespace, by reading what they replace as of a registered
/// sequence. All of that is noted as read: if it has changed by the commit, the count is wrong.
final class QuotaCount {
  private static final byte[] NO_VALUE = {};

  private final EmbeddedDb db;
  private final WriteSet writes;
  private final ReadSet reads;
  private final long sequence;
  private final TreeSet<byte[]> ended = new TreeSet<>(Arrays::compareUnsigned);
  private final TreeMap<byte[], byte[]> begun = new TreeMap<>(Arrays::compareUnsigned);
  private long rowBytes;
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
    return new QuotaCharge(
        namespace, count.isCleared, count.entries, count.bytes, count.ended, count.begun);
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
        end(rows.expiresAtMillis(), rows.keyBuffer(), rows.keyLength());
      }
    }
  }

  private void points(byte[] first, byte[] end) {
    PointReader reader = db.reader();
    try {
      writes
          .points(first, end)
          .forEach((key, write) -> {
            if (!writes.deleted().contains(key)) {
              reads.add(key);
              replaced(key, reader);
            }
            byte[] value = write.value();
            if (value != null) {
              entries++;
              bytes += bytes(key.length, value.length);
              begin(write.expiresAtMillis(), key, value.length, reader);
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
      end(old.expiresAtMillis(), key, key.length);
    }
    old.release();
  }

  /// The row of a value that readers see goes with it.
  private void end(long expiresAtMillis, byte[] key, int length) {
    if (expiresAtMillis != Lookup.NEVER) {
      byte[] row = ExpiryRow.key(expiresAtMillis, key, length);
      requireRoom(row);
      ended.add(row);
    }
  }

  private void begin(long expiresAtMillis, byte[] key, int valueBytes, PointReader reader) {
    if (expiresAtMillis == Lookup.NEVER) {
      return;
    }
    byte[] row = ExpiryRow.key(expiresAtMillis, key, key.length);
    requireRoom(row);
    if (!isCleared && !ended.contains(row)) {
      replacedRow(row, key, reader);
    }
    begun.put(row, ExpiryRow.value(valueBytes));
  }

  /// A value of the same time may have been replaced when it was due, and the clock set back since.
  private void replacedRow(byte[] row, byte[] key, PointReader reader) {
    Lookup old = reader.lookup;
    if (db.engine().get(reader.context, sequence, row, 0, row.length, old) == Lookup.FOUND) {
      reads.add(row);
      entries--;
      bytes -= bytes(key.length, old.segment().get(Layouts.LE_INT, old.offset()));
    }
    old.release();
  }

  private void requireRoom(byte[] row) {
    rowBytes += WriteSet.bytesOf(row, NO_VALUE) + ExpiryRow.VALUE_BYTES;
    db.engine().requireBatchBytes(writes.bytes() + rowBytes);
  }

  /// Bytes of an entry: those that the caller gave.
  static long bytes(int fullKeyLength, int valueLength) {
    return (long) fullKeyLength - NamespaceKey.ID_BYTES + valueLength;
  }
}
