package io.atlaskv.engine.internal.manifest;

import io.atlaskv.engine.api.Bytes;
import java.util.Collection;

/// User keys from `smallest` to `largest`.
///
/// @param largestExclusive true if `largest` itself is no part of the range
public record KeyRange(Bytes smallest, Bytes largest, boolean largestExclusive) {

  /// The smallest range that holds all keys of `tables`, of which there is at least one.
  public static KeyRange of(Collection<TableMeta> tables) {
    KeyRange range = null;
    for (TableMeta table : tables) {
      range = range == null ? table.range() : range.with(table.range());
    }
    if (range == null) {
      throw new IllegalArgumentException("no tables");
    }
    return range;
  }

  /// True if all of this range sorts before `key`.
  public boolean endsBefore(Bytes key) {
    int order = largest.compareTo(key);
    return order < 0 || (order == 0 && largestExclusive);
  }

  /// True if there may be a key in both.
  public boolean overlaps(KeyRange other) {
    return !endsBefore(other.smallest) && !other.endsBefore(smallest);
  }

  /// The smallest range that holds both.
  public KeyRange with(KeyRange other) {
    Bytes start = smallest.compareTo(other.smallest) <= 0 ? smallest : other.smallest;
    int order = largest.compareTo(other.largest);
    if (order == 0) {
      return new KeyRange(start, largest, largestExclusive && other.largestExclusive);
    }
    return order > 0
        ? new KeyRange(start, largest, largestExclusive)
        : new KeyRange(start, other.largest, other.largestExclusive);
  }
}
