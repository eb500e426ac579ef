package io.atlaskv.engine.internal.embedded;

import io.atlaskv.engine.internal.base.BatchBuilder;
import io.atlaskv.engine.internal.base.Layouts;
import io.atlaskv.engine.internal.base.Lookup;
import io.atlaskv.engine.internal.cache.ReadContext;
import io.atlaskv.engine.internal.db.Engine;
import io.atlaskv.engine.internal.db.EngineCursor;
import io.atlaskv.engine.internal.db.UnchangedKeys;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/// Takes what is due out of the count of a namespace with a quota: when a write does not fit, so
/// that what nobody sees is never in its way. See [ExpiryRow].
final class QuotaSweep {
  /// So many rows at once: all they rely on is checked under the commit lock.
  private static final int ROWS_MAX = 32;

  private final EmbeddedDb db;
  private final EmbeddedNamespace namespace;
  private final BatchBuilder batch;
  private final List<byte[]> relied = new ArrayList<>(2 * ROWS_MAX);
  private long entries;
  private long bytes;

  private QuotaSweep(EmbeddedDb db, EmbeddedNamespace namespace, BatchBuilder batch) {
    this.db = db;
    this.namespace = namespace;
    this.batch = batch;
  }

  /// Takes some of what is due out of the count; false if there is nothing.
  static boolean sweep(EmbeddedDb db, EmbeddedNamespace namespace) {
    while (true) {
      long sequence = db.engine().acquireSnapshot();
      PointWriter writer = db.writer();
      try {
        var sweep = new QuotaSweep(db, namespace, writer.batch);
        sweep.collect(sequence);
        if (sweep.entries == 0) {
          return false;
        }
        var condition =
            new NotDropped(List.of(namespace), new UnchangedKeys(sweep.relied, sequence));
        if (db.publish(writer.batch, condition) != Engine.CHANGED) {
          return true;
        }
      } finally {
        db.done(writer);
        db.engine().releaseSnapshot(sequence);
      }
    }
  }

  private void collect(long sequence) {
    Engine engine = db.engine();
    int id = namespace.namespaceId();
    byte[] first = ExpiryRow.first(id);
    byte[] end = ExpiryRow.endOfDue(id, engine.clock().currentTimeMillis());
    PointReader reader = db.reader();
    try (EngineCursor rows =
        engine.cursor(engine.newReadContext(ReadContext.Mode.BLOCKING), sequence, first, end, 0)) {
      for (rows.seekToFirst(); rows.isValid() && entries < ROWS_MAX; rows.next()) {
        byte[] row = Arrays.copyOf(rows.keyBuffer(), rows.keyLength());
        int valueBytes = rows.valueSegment().get(Layouts.LE_INT, rows.valueOffset());
        end(row, valueBytes, sequence, reader);
      }
    } finally {
      db.done(reader);
    }
    QuotaCharge.count(batch, id, -entries, -bytes);
  }

  private void end(byte[] row, int valueBytes, long sequence, PointReader reader) {
    byte[] key = ExpiryRow.valueKey(row);
    Lookup value = reader.lookup;
    boolean isVisible =
        db.engine().get(reader.context, sequence, key, 0, key.length, value) == Lookup.FOUND;
    boolean isNotDue = isVisible && value.expiresAtMillis() == ExpiryRow.expiresAtMillis(row);
    value.release();
    if (isNotDue) {
      return; // the clock has gone back meanwhile
    }
    if (!isVisible) {
      batch.delete(key, 0, key.length); // for good, whatever the clock will say
    }
    batch.delete(row, 0, row.length);
    relied.add(key);
    relied.add(row);
    entries++;
    bytes += QuotaCount.bytes(key.length, valueBytes);
  }
}
