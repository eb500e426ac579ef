package io.atlaskv.engine.internal.manifest;

import io.atlaskv.engine.internal.base.KeyBytes;
import io.atlaskv.engine.internal.base.RangeTombstones;
import io.atlaskv.engine.internal.sstable.SharedPrefix;
import java.util.ArrayList;
import java.util.List;

/// The open tables of one level below level 0, laid out for binary search.
///
/// Invariant: `largest` rises strictly, but for a pair that meets in an exclusive bound.
final class LevelTables {
  private final Table[] tables;
  private final byte[][] smallest;
  private final byte[][] largest;
  private final boolean[] largestExclusive;
  private final long[] largestPrefixes;
  private final RangeTombstones tombstones;
  private final boolean hasPrefixFilters;

  LevelTables(List<LiveTable> sorted) {
    int count = sorted.size();
    tables = new Table[count];
    smallest = new byte[count][];
    largest = new byte[count][];
    largestExclusive = new boolean[count];
    largestPrefixes = new long[count];
    var sets = new ArrayList<RangeTombstones>();
    boolean hasFilters = false;
    for (int i = 0; i < count; i++) {
      TableMeta meta = sorted.get(i).meta();
      tables[i] = sorted.get(i).table();
      smallest[i] = meta.smallest().toArray();
      largest[i] = meta.largest().toArray();
      largestExclusive[i] = meta.largestExclusive();
      largestPrefixes[i] = KeyBytes.prefix8(largest[i], 0, largest[i].length);
      hasFilters |= tables[i].prefixFilter() != null;
      if (!tables[i].rangeTombstones().isEmpty()) {
        sets.add(tables[i].rangeTombstones());
      }
    }
    tombstones = RangeTombstones.union(sets);
    hasPrefixFilters = hasFilters;
  }

  int count() {
    return tables.length;
  }

  Table table(int index) {
    return tables[index];
  }

  /// Range tombstones of all tables of the level.
  RangeTombstones tombstones() {
    return tombstones;
  }

  boolean hasPrefixFilters() {
    return hasPrefixFilters;
  }

  /// Whether no table has an entry of `[lower, upper)`, as prefix filters say. All of its keys
  /// begin with `prefix`.
  boolean isSkipped(byte[] lower, byte[] upper, SharedPrefix prefix, PrefixSkips skips) {
    for (int i = firstEndingAtOrAfter(lower, 0, lower.length);
        i < tables.length && startsBefore(i, upper);
        i++) {
      if (!skips.isSkipped(tables[i], prefix)) {
        return false;
      }
    }
    return true;
  }

  private boolean startsBefore(int index, byte[] key) {
    byte[] start = smallest[index];
    return KeyBytes.compare(start, 0, start.length, key, 0, key.length) < 0;
  }

  /// Index of the table that may hold the key; -1 if none may.
  int find(byte[] key, int offset, int length) {
    int index = firstEndingAtOrAfter(key, offset, length);
    return index < tables.length && startsAtOrBefore(index, key, offset, length) ? index : -1;
  }

  /// Index of the first table that does not end before the key; `count()` if all do.
  int firstEndingAtOrAfter(byte[] key, int offset, int length) {
    long prefix = KeyBytes.prefix8(key, offset, length);
    int low = 0;
    int high = tables.length;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (endsBefore(middle, prefix, key, offset, length)) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  /// Index of the last table that starts at or before the key; -1 if none does.
  int lastStartingAtOrBefore(byte[] key, int offset, int length) {
    int index = firstEndingAtOrAfter(key, offset, length);
    return index < tables.length && startsAtOrBefore(index, key, offset, length)
        ? index
        : index - 1;
  }

  private boolean startsAtOrBefore(int index, byte[] key, int offset, int length) {
    byte[] start = smallest[index];
    return KeyBytes.compare(start, 0, start.length, key, offset, length) <= 0;
  }

  private boolean endsBefore(int index, long prefix, byte[] key, int offset, int length) {
    if (largestPrefixes[index] != prefix) {
      return Long.compareUnsigned(largestPrefixes[index], prefix) < 0;
    }
    byte[] end = largest[index];
    int order = KeyBytes.compare(end, 0, end.length, key, offset, length);
    return order < 0 || (order == 0 && largestExclusive[index]);
  }
}
