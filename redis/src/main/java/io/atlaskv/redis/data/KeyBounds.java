package io.atlaskv.redis.data;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A stretch of keys: from `lower` inclusive to `upper` exclusive; no `upper` = to the last key.
///
/// Exclusive and inclusive ends of the client are turned into this form with one more byte: the
/// next key after `k` in byte order is `k` followed by a zero byte.
public final class KeyBounds {
  private static final byte[] EMPTY = {};

  private final byte[] lower;
  private final byte @Nullable [] upper;

  public KeyBounds(byte[] lower, byte @Nullable [] upper) {
    this.lower = lower.clone();
    this.upper = upper == null ? null : upper.clone();
  }

  /// Every key.
  public static KeyBounds all() {
    return new KeyBounds(EMPTY, null);
  }

  /// Keys that begin with `prefix`.
  public static KeyBounds prefix(byte[] prefix) {
    int length = prefix.length;
    while (length > 0 && prefix[length - 1] == (byte) 0xff) {
      length--;
    }
    if (length == 0) {
      return new KeyBounds(prefix, null);
    }
    byte[] upper = Arrays.copyOf(prefix, length);
    upper[length - 1]++;
    return new KeyBounds(prefix, upper);
  }

  /// The smallest key after `key`.
  public static byte[] successor(byte[] key) {
    return Arrays.copyOf(key, key.length + 1);
  }

  /// Only what comes after `key` in the given direction.
  public KeyBounds after(byte[] key, boolean isReverse) {
    if (isReverse) {
      boolean isTighter = upper == null || Arrays.compareUnsigned(key, upper) < 0;
      return isTighter ? new KeyBounds(lower, key) : this;
    }
    byte[] next = successor(key);
    return Arrays.compareUnsigned(next, lower) > 0 ? new KeyBounds(next, upper) : this;
  }

  /// True if no key can be within.
  public boolean isEmpty() {
    return upper != null && Arrays.compareUnsigned(lower, upper) >= 0;
  }

  /// First row that may be within, in the order of the metadata rows of a namespace.
  byte[] lowerRow(int namespace) {
    return RowKey.metadataBound(namespace, lower);
  }

  /// First row behind all that may be within.
  byte[] upperRow(int namespace) {
    return upper == null
        ? RowKey.afterType(namespace, RowKey.METADATA)
        : RowKey.metadataBound(namespace, upper);
  }
}
