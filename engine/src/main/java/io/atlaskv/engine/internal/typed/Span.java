package io.atlaskv.engine.internal.typed;

import io.atlaskv.engine.api.OrderedCodec;
import io.atlaskv.engine.api.Range;
import java.util.Comparator;
import org.jspecify.annotations.Nullable;

/// The keys of a map or of a part of it: between two bounds, each with or without the bound itself.
///
/// @param lower smallest key, or null for no bound
/// @param upper largest key, or null for no bound
record Span<K>(
    OrderedCodec<K> codec,
    @Nullable K lower,
    boolean hasLower,
    @Nullable K upper,
    boolean hasUpper) {

  static <K> Span<K> all(OrderedCodec<K> codec) {
    return new Span<>(codec, null, true, null, true);
  }

  boolean contains(K key) {
    return !isBelow(key) && !isAbove(key);
  }

  private boolean isBelow(K key) {
    if (lower == null) {
      return false;
    }
    int order = codec.comparator().compare(key, lower);
    return hasLower ? order < 0 : order <= 0;
  }

  private boolean isAbove(K key) {
    if (upper == null) {
      return false;
    }
    int order = codec.comparator().compare(key, upper);
    return hasUpper ? order > 0 : order >= 0;
  }

  /// The part between two further bounds; null leaves a bound as it is.
  ///
  /// @throws IllegalArgumentException if a bound lies outside of this, or both are out of order
  Span<K> part(@Nullable K from, boolean hasFrom, @Nullable K to, boolean hasTo) {
    Comparator<K> order = codec.comparator();
    if (from != null && to != null && order.compare(from, to) > 0) {
      throw new IllegalArgumentException("the range from " + from + " to " + to + " is none");
    }
    requireBound(from, hasFrom);
    requireBound(to, hasTo);
    return new Span<>(
        codec,
        from == null ? lower : from,
        from == null ? hasLower : hasFrom,
        to == null ? upper : to,
        to == null ? hasUpper : hasTo);
  }

  /// A bound may be one of this, if it is without the key where this is.
  private void requireBound(@Nullable K bound, boolean isWith) {
    if (bound != null && !contains(bound) && (isWith || !isOwnBound(bound))) {
      throw new IllegalArgumentException(bound + " is out of the range of this part of a map");
    }
  }

  private boolean isOwnBound(K bound) {
    Comparator<K> order = codec.comparator();
    return (lower != null && order.compare(bound, lower) == 0)
        || (upper != null && order.compare(bound, upper) == 0);
  }

  /// What lies at or above, or only above, a key, and in this.
  Span<K> from(K key, boolean isWith) {
    return isBelow(key) ? this : new Span<>(codec, key, isWith && !isAbove(key), upper, hasUpper);
  }

  /// What lies at or below, or only below, a key, and in this.
  Span<K> to(K key, boolean isWith) {
    return isAbove(key) ? this : new Span<>(codec, lower, hasLower, key, isWith && !isBelow(key));
  }

  /// The keys as bytes.
  Range range() {
    Range from =
        lower == null
            ? Range.all()
            : hasLower
                ? Range.atLeast(codec.toBytes(lower))
                : Range.greaterThan(codec.toBytes(lower));
    Range to =
        upper == null
            ? Range.all()
            : hasUpper ? Range.atMost(codec.toBytes(upper)) : Range.lessThan(codec.toBytes(upper));
    return new Range(from.lower(), to.upper());
  }
}
