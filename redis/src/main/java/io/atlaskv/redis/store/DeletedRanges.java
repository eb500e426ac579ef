package io.atlaskv.redis.store;

import java.util.Arrays;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/// The stretches of rows that a batch deletes, cut so that no two of them overlap: where several
/// deletions meet, the newest one is kept.
final class DeletedRanges {
  /// Answer of `orderAt`: no deletion covers the key.
  static final int NONE = -1;

  /// One stretch, from its place in the map on.
  ///
  /// @param start first key
  /// @param end first key behind it
  /// @param order how many rows the batch had changed before
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody; keys of a tree are arrays too
  record Range(byte[] start, byte[] end, int order) {}

  private final TreeMap<byte[], Range> ranges = new TreeMap<>(Arrays::compareUnsigned);

  DeletedRanges() {}

  /// A copy that stays as it is.
  DeletedRanges(DeletedRanges other) {
    ranges.putAll(other.ranges);
  }

  /// Adds the newest deletion.
  void add(byte[] start, byte[] end, int order) {
    if (Arrays.compareUnsigned(start, end) >= 0) {
      return;
    }
    cutAt(start);
    cutAt(end);
    ranges.subMap(start, end).clear();
    put(new Range(start, end, order));
  }

  /// Makes two of the range that has `key` within.
  private void cutAt(byte[] key) {
    Map.Entry<byte[], Range> below = ranges.lowerEntry(key);
    if (below != null) {
      Range range = below.getValue();
      if (Arrays.compareUnsigned(range.end, key) > 0) {
        put(new Range(range.start, key, range.order));
        put(new Range(key, range.end, range.order));
      }
    }
  }

  private void put(Range range) {
    ranges.put(range.start, range);
  }

  boolean isEmpty() {
    return ranges.isEmpty();
  }

  void clear() {
    ranges.clear();
  }

  /// Order of the newest deletion that covers a key, or `NONE`.
  int orderAt(byte[] key, int offset, int length) {
    Range range = at(key, offset, length);
    return range == null ? NONE : range.order;
  }

  /// The stretch that covers a key, or null.
  @Nullable Range at(byte[] key, int offset, int length) {
    if (ranges.isEmpty()) {
      return null;
    }
    byte[] exact = Arrays.copyOfRange(key, offset, offset + length);
    Map.Entry<byte[], Range> below = ranges.floorEntry(exact);
    return below != null && Arrays.compareUnsigned(exact, below.getValue().end) < 0
        ? below.getValue()
        : null;
  }
}
