package io.atlaskv.engine.api;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// A range of keys in unsigned byte order, from `lower` (inclusive) to `upper` (exclusive); null is
/// no bound. Every kind of bound can be said this way, as the smallest key after `k` is `k` with a
/// zero byte behind it.
///
/// @param lower first key of the range, or null to start at the first key
/// @param upper first key after the range, or null to go to the last key
public record Range(@Nullable Bytes lower, @Nullable Bytes upper) {

  private static final Range ALL = new Range(null, null);

  /// All keys.
  public static Range all() {
    return ALL;
  }

  /// All keys that start with these bytes.
  public static Range prefix(byte[] prefix) {
    return new Range(Bytes.of(prefix), afterPrefix(prefix));
  }

  /// All keys that start with this text in UTF-8.
  public static Range prefix(String prefix) {
    return prefix(prefix.getBytes(StandardCharsets.UTF_8));
  }

  /// From `lower` up to but without `upper`.
  public static Range closedOpen(byte[] lower, byte[] upper) {
    return new Range(Bytes.of(lower), Bytes.of(upper));
  }

  /// From `lower` to `upper`, both in it.
  public static Range closed(byte[] lower, byte[] upper) {
    return new Range(Bytes.of(lower), successor(upper));
  }

  /// From `lower` on, with it.
  public static Range atLeast(byte[] lower) {
    return new Range(Bytes.of(lower), null);
  }

  /// From `lower` on, without it.
  public static Range greaterThan(byte[] lower) {
    return new Range(successor(lower), null);
  }

  /// Up to `upper`, without it.
  public static Range lessThan(byte[] upper) {
    return new Range(null, Bytes.of(upper));
  }

  /// Up to `upper`, with it.
  public static Range atMost(byte[] upper) {
    return new Range(null, successor(upper));
  }

  /// Whether no key can be in it.
  public boolean isEmpty() {
    return lower != null && upper != null && lower.compareTo(upper) >= 0;
  }

  private static Bytes successor(byte[] key) {
    return Bytes.of(Arrays.copyOf(key, key.length + 1));
  }

  private static @Nullable Bytes afterPrefix(byte[] prefix) {
    int length = prefix.length;
    while (length > 0 && prefix[length - 1] == (byte) 0xff) {
      length--;
    }
    if (length == 0) {
      return null;
    }
    byte[] after = Arrays.copyOf(prefix, length);
    after[length - 1]++;
    return Bytes.of(after);
  }
}
