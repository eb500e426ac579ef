package io.atlaskv.engine.internal.embedded;

import io.atlaskv.engine.api.NamespaceOptions;
import io.atlaskv.engine.api.QuotaExceededException;
import io.atlaskv.engine.internal.base.BatchBuilder;
import io.atlaskv.engine.internal.db.Engine;
import java.util.Collection;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// What a batch changes in a namespace with a quota, whose live entries and bytes are two of its
/// persistent counters, changed by the batches themselves.
///
/// @param isCleared whether the batch deletes the whole namespace first, which sets its counters to
///   0
/// @param entries how many more there are afterwards; since it was cleared, if it is
/// @param bytes of their keys and values
/// @param ended keys of the rows of values that expire and are replaced or deleted ([ExpiryRow])
/// @param begun rows of the new values that expire
record QuotaCharge(
    EmbeddedNamespace namespace,
    boolean isCleared,
    long entries,
    long bytes,
    Collection<byte[]> ended,
    Map<byte[], byte[]> begun) {
  /// Numbers of the counters.
  static final int ENTRIES = 0;

  static final int BYTES = 1;

  /// Appends the changes of the counters and rows.
  void addTo(BatchBuilder batch) {
    int id = namespace.namespaceId();
    if (isCleared) {
      deleteRows(batch, id);
    }
    ended.forEach(row -> batch.delete(row, 0, row.length));
    begun.forEach((row, value) -> batch.put(row, 0, row.length, value, 0, value.length));
    count(batch, id, entries, bytes);
  }

  /// Appends the deletion of all rows of a namespace.
  static void deleteRows(BatchBuilder batch, int id) {
    byte[] start = ExpiryRow.first(id);
    byte[] end = ExpiryRow.end(id);
    batch.deleteRange(start, 0, start.length, end, 0, end.length);
  }

  /// Appends changes of the counters.
  static void count(BatchBuilder batch, int id, long entries, long bytes) {
    if (entries != 0) {
      batch.count(id, ENTRIES, entries);
    }
    if (bytes != 0) {
      batch.count(id, BYTES, bytes);
    }
  }

  /// Why the batch is refused, if the namespace would get larger than it may be. What does not grow
  /// is allowed, however large it is. Under the commit lock.
  @Nullable QuotaExceededException refusal(Engine engine) {
    NamespaceOptions options = namespace.options();
    int id = namespace.namespaceId();
    QuotaExceededException ofEntries =
        refusal("entries", options.quotaEntries(), engine.counter(id, ENTRIES), entries);
    return ofEntries != null
        ? ofEntries
        : refusal("bytes", options.quotaBytes(), engine.counter(id, BYTES), bytes);
  }

  private @Nullable QuotaExceededException refusal(String unit, long limit, long used, long added) {
    long wanted = (isCleared ? 0 : used) + added;
    return limit > 0 && wanted > limit && wanted > used
        ? new QuotaExceededException(namespace.name(), unit, limit, used, wanted)
        : null;
  }
}
