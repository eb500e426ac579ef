package io.atlaskv.engine.internal.sstable;

import io.atlaskv.engine.internal.base.ByteArrays;
import io.atlaskv.engine.internal.base.KeyBytes;
import org.jspecify.annotations.Nullable;

/// The bytes that all keys of one range begin with, as prefix filters are asked for them. One
/// thread.
public final class SharedPrefix {
  private final byte[] key;
  private final int length;
  private int hashedLength = -1;
  private long hash;

  private SharedPrefix(byte[] key, int length) {
    this.key = key;
    this.length = length;
  }

  /// Of the keys of `[lower, upper)`; null if no prefix filter can know them, as they share nothing
  /// behind the namespace. `lower` must not be changed from now on.
  public static @Nullable SharedPrefix of(byte[] lower, byte[] upper) {
    int length = length(lower, upper);
    return length <= PrefixFilter.NAMESPACE_BYTES ? null : new SharedPrefix(lower, length);
  }

  /// How many bytes all keys of `[lower, upper)` begin with. They share what the bounds share; one
  /// byte more if `upper` is what follows all keys that begin like `lower`, and the bytes of
  /// `lower` behind it that are 0xff.
  static int length(byte[] lower, byte[] upper) {
    int common = KeyBytes.mismatch(lower, 0, upper, 0, Math.min(lower.length, upper.length));
    if (common != upper.length - 1
        || common >= lower.length
        || (lower[common] & 0xff) + 1 != (upper[common] & 0xff)) {
      return common;
    }
    int length = common + 1;
    while (length < lower.length && lower[length] == (byte) 0xff) {
      length++;
    }
    return length;
  }

  int length() {
    return length;
  }

  int namespace() {
    return ByteArrays.beInt(key, 0);
  }

  /// Hash of the first `bytes` bytes, of which there are no more than `length`.
  long hash(int bytes) {
    if (hashedLength != bytes) {
      hash = PrefixFilter.hash(key, bytes);
      hashedLength = bytes;
    }
    return hash;
  }
}
