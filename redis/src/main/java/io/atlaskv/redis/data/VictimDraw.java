package io.atlaskv.redis.data;

import io.atlaskv.engine.internal.base.DrawnKey;
import io.atlaskv.redis.store.Reader;
import io.atlaskv.redis.store.RowCursor;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Draws keys of a database that may be evicted, many at a time: each with about the same chance,
/// or from a random place on where live keys are rare among what is stored, or all if there are
/// few. Its keyspace must have a reader that blocks.
public final class VictimDraw {
  private static final int FEW = 128;
  private static final int DRAWS_PER_KEY = 4;

  private final Keyspace keys;
  private final DrawnKey drawn = new DrawnKey();
  private Found found = _ -> {};
  private boolean isVolatile;
  private int missing;

  /// Is told of a key that was drawn.
  @FunctionalInterface
  public interface Found {
    /// The keyspace stands at the key, whose metadata row this is. It is the callee's.
    void key(byte[] row);
  }

  public VictimDraw(Keyspace keys) {
    this.keys = keys;
  }

  /// Tells `newFound` of about `wanted` keys, some perhaps twice.
  ///
  /// @param onlyVolatile only those that expire
  /// @param count how many there are, about
  public void draw(boolean onlyVolatile, long count, int wanted, Found newFound) {
    found = newFound;
    isVolatile = onlyVolatile;
    missing = wanted;
    int namespace = keys.namespace();
    byte type = isVolatile ? RowKey.EXPIRY : RowKey.METADATA;
    byte[] lower = RowKey.type(namespace, type);
    byte[] upper = RowKey.afterType(namespace, type);
    if (count > FEW) {
      keys.reader().draw(lower, upper, DRAWS_PER_KEY * wanted, drawn, this::isLast);
    }
    if (missing == wanted) {
      byte[] last = count > FEW ? drawn.key() : lower;
      boolean isHere =
          Arrays.compareUnsigned(last, lower) >= 0 && Arrays.compareUnsigned(last, upper) < 0;
      if (!isHere || walk(last, upper) == 0) {
        walk(lower, upper);
      }
    }
  }

  private boolean isLast() {
    byte[] row = metadataRow(drawn.key(), drawn.key().length);
    if (keys.findRow(row, row.length) == Reader.FOUND && isNewest()) {
      found.key(row);
      missing--;
    }
    return missing == 0;
  }

  /// Whether what was drawn is a row of the key found as it is now.
  private boolean isNewest() {
    return isVolatile
        ? keys.expiresAt() == RowKey.expiryTime(drawn.key())
        : keys.sequence() == drawn.sequence();
  }

  private int walk(byte[] lower, byte[] upper) {
    int seen = 0;
    var rows = new byte[FEW][];
    try (RowCursor at = keys.reader().cursor(lower, upper)) {
      for (int state = at.first(); state == Reader.FOUND && seen < FEW; state = at.next()) {
        rows[seen++] = metadataRow(at.key(), at.keyLength());
      }
    }
    for (byte @Nullable [] row : rows) {
      if (row != null && keys.findRow(row, row.length) == Reader.FOUND) {
        found.key(row);
      }
    }
    return seen;
  }

  private byte[] metadataRow(byte[] row, int length) {
    if (!isVolatile) {
      return Arrays.copyOf(row, length);
    }
    byte[] metadataRow = new byte[length - Long.BYTES];
    RowKey.metadataOfExpiry(metadataRow, row, length);
    return metadataRow;
  }
}
