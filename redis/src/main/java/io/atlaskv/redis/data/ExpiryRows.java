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
    return rows(keys, lower, RowKey.expiryBound(keys.namespace(), keys.nowMillis() + 1), max);
  }

  private static @Nullable List<byte[]> rows(Keyspace keys, byte[] lower, byte[] upper, int max) {
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

  /// Deletes the keys of `rows`, under their latches, that are still due; a row that no key stands
  /// behind any more is deleted alone. False: blocks are needed; all of them were asked for.
  ///
  /// @param ahead looks keys up together; nothing is left in it
  public static boolean delete(Keyspace keys, List<byte[]> rows, KeysAhead ahead) {
    boolean isMissing = false;
    for (int first = 0; first < rows.size(); first += KeysAhead.KEYS_MAX) {
      int end = Math.min(rows.size(), first + KeysAhead.KEYS_MAX);
      isMissing |= !deleteSome(keys, rows.subList(first, end), ahead);
    }
    return !isMissing;
  }

  private static boolean deleteSome(Keyspace keys, List<byte[]> rows, KeysAhead ahead) {
    boolean isMissing = false;
    int[] numbers = new int[rows.size()];
    ahead.begin(keys.namespace());
    try {
      for (int i = 0; i < numbers.length; i++) {
        numbers[i] = ahead.addOfExpiry(rows.get(i));
      }
      ahead.lookUp();
      for (int i = 0; i < numbers.length; i++) {
        isMissing |= delete(keys, rows.get(i), ahead, numbers[i]) == Reader.NEEDS_BLOCKS;
      }
    } finally {
      ahead.end();
    }
    return !isMissing;
  }

  private static int delete(Keyspace keys, byte[] row, KeysAhead ahead, int number) {
    int metBefore = keys.expiredCount();
    int state = keys.findOfExpiry(row, row.length, ahead, number);
    if (state == Reader.NEEDS_BLOCKS || keys.expiredCount() > metBefore) {
      return state; // a key that has expired is deleted as it is met
    }
    if (keys.expiresAt() != RowKey.expiryTime(row)) {
      keys.batch().delete(row, 0, row.length);
    }
    return state;
  }
}
