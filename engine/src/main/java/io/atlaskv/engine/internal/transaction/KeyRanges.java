package io.atlaskv.engine.internal.transaction;

import java.util.Arrays;
import java.util.Collections;
import java.util.Map;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/// A set of full keys made of ranges `[start, end)`. Arrays given to it must not change afterwards.
///
/// Invariants:
/// - K1: no two ranges overlap.
/// - K2: two that touch begin in different namespaces. So what was added within one namespace each
///   stays that: the end of one is the start of the next, and a range over both says nothing to
///   whoever knows one of them only.
public final class KeyRanges {
  private static final int NAMESPACE_BYTES = Integer.BYTES; // in front of each key

  private final TreeMap<byte[], byte[]> ends = new TreeMap<>(Arrays::compareUnsigned); // by start

  public KeyRanges() {}

  /// Adds all keys of `[start, end)`, which may be none.
  public void add(byte[] start, byte[] end) {
    if (Arrays.compareUnsigned(start, end) < 0) {
      join(start, end, (_, _) -> {});
    }
  }

  /// As `add`, for a range that is not empty; returns what takes it back once all that came later
  /// has been taken back.
  Runnable addUndoably(byte[] start, byte[] end) {
    var joined = new TreeMap<byte[], byte[]>(Arrays::compareUnsigned);
    byte[] from = join(start, end, joined::put);
    return () -> {
      ends.remove(from);
      ends.putAll(joined);
    };
  }

  /// Adds a range that is not empty, as one with those that it touches; returns where that begins.
  ///
  /// @param onJoined is told of the ranges that were there and become part of it
  private byte[] join(byte[] start, byte[] end, BiConsumer<byte[], byte[]> onJoined) {
    byte[] from = start;
    byte[] to = end;
    Map.Entry<byte[], byte[]> before = ends.floorEntry(start);
    if (before != null && isJoined(before.getKey(), before.getValue(), start)) {
      from = before.getKey();
      to = later(to, before.getValue());
    }
    Map.Entry<byte[], byte[]> next = ends.ceilingEntry(from);
    while (next != null && isJoined(from, to, next.getKey())) {
      to = later(to, next.getValue());
      ends.remove(next.getKey());
      onJoined.accept(next.getKey(), next.getValue());
      next = ends.ceilingEntry(from);
    }
    ends.put(from, to);
    return from;
  }

  /// Whether `[start, end)` is one with a range that begins at `next`, behind `start`.
  private static boolean isJoined(byte[] start, byte[] end, byte[] next) {
    int order = Arrays.compareUnsigned(next, end);
    if (order != 0) {
      return order < 0; // K1
    }
    int mismatch = Arrays.mismatch(start, next);
    return mismatch < 0 || mismatch >= NAMESPACE_BYTES; // K2
  }

  private static byte[] later(byte[] left, byte[] right) {
    return Arrays.compareUnsigned(left, right) >= 0 ? left : right;
  }

  public boolean isEmpty() {
    return ends.isEmpty();
  }

  /// Number of ranges.
  public int count() {
    return ends.size();
  }

  public boolean contains(byte[] key) {
    return endAround(key) != null;
  }

  /// End of the range that has the key, or null.
  public byte @Nullable [] endAround(byte[] key) {
    Map.Entry<byte[], byte[]> range = ends.floorEntry(key);
    return range != null && Arrays.compareUnsigned(key, range.getValue()) < 0
        ? range.getValue()
        : null;
  }

  /// Start of the range that has the key, or null.
  public byte @Nullable [] startAround(byte[] key) {
    return contains(key) ? ends.floorKey(key) : null;
  }

  /// Whether a key of `[start, end)` is in the set.
  public boolean overlaps(byte[] start, byte[] end) {
    byte[] last = ends.lowerKey(end);
    return last != null
        && Arrays.compareUnsigned(start, end) < 0
        && Arrays.compareUnsigned(ends.floorEntry(last).getValue(), start) > 0;
  }

  /// Start of the last range, or null.
  byte @Nullable [] lastStart() {
    return ends.isEmpty() ? null : ends.lastKey();
  }

  /// The end of each range by its start, ascending; not to be changed.
  public SortedMap<byte[], byte[]> endsByStart() {
    return Collections.unmodifiableSortedMap(ends);
  }

  /// Calls `action` with start and end of each range, ascending.
  public void forEach(BiConsumer<byte[], byte[]> action) {
    ends.forEach(action);
  }

  void replaceBy(KeyRanges other) {
    ends.clear();
    ends.putAll(other.ends);
  }
}
