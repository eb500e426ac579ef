package io.atlaskv.redis.data;

import io.atlaskv.redis.store.Reader;
import io.atlaskv.redis.store.RowCursor;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The expiry index of a database: which keys are due.
public final class ExpiryRows {
  /// Where the client's key starts in a row.
  public static final int KEY_OFFSET = RowKey.EXPIRY_PREFIX_BYTES;

  private ExpiryRows() {}

  /// The first rows that are due, up to `max` of them and not before `lower`; null = blocks are
  /// needed.
  public static @Nullable List<byte[]> due(Keyspace keys, byte[] lower, int max) {
    byte[] upper = RowKey.expiryBound(keys.namespace(), keys.nowMillis() + 1);
    var rows = new ArrayList<byte[]>();
    try (RowCursor at = keys.reader().cursor(lower, upper)) {
      int state = at.first();
      while (state == Reader.FOUND && rows.size() < max) {
        rows.add(Arrays.copyOf(at.key(), at.keyLength()));
        state = at.next();
      }
      return state == Reader.NEEDS_BLOCKS ? null : rows;
    }
  }

  /// Lower bound of the rows of a database that are due at `millis` or later.
  public static byte[] from(Keyspace keys, long millis) {
    return RowKey.expiryBound(keys.namespace(), millis);
  }

  /// Deletes the key of a row, under its latch, if it is still due; a row that no key stands behind
  /// any more is deleted alone. Answers as `Keyspace.find`.
  public static int delete(Keyspace keys, byte[] row) {
    int metBefore = keys.expiredCount();
    int state = keys.findOfExpiry(row, row.length);
    if (state == Reader.NEEDS_BLOCKS || keys.expiredCount() > metBefore) {
      return state; // a key that has expired is deleted as it is met
    }
    if (keys.expiresAt() != RowKey.expiryTime(row)) {
      keys.batch().delete(row, 0, row.length);
    }
    return state;
  }
}
