package io.atlaskv.engine.internal.transaction;

import java.util.Arrays;
import java.util.Collections;
import java.util.NavigableSet;
import java.util.TreeSet;

/// Keys and ranges that must be, at the commit, as they were read. Of bounded size: when there are
/// too many, they are replaced by one range for each namespace that has all of them. A commit may
/// then fail for a change in between, never succeed where it should not.
public final class ReadSet {
  /// So many keys, and so many ranges, are kept one by one.
  public static final int EACH_MAX = 10_000;

  private static final int NAMESPACE_BYTES = Integer.BYTES;

  private final TreeSet<byte[]> keys = new TreeSet<>(Arrays::compareUnsigned);
  private final KeyRanges ranges = new KeyRanges();

  public ReadSet() {}

  /// Adds a key; the array must not change afterwards.
  public void add(byte[] key) {
    keys.add(key);
    if (keys.size() > EACH_MAX) {
      coarsenKeys();
    }
  }

  /// Adds the keys of `[start, end)`, those that do not exist too. The arrays must not change
  /// afterwards.
  public void addRange(byte[] start, byte[] end) {
    ranges.add(start, end);
    if (ranges.count() > EACH_MAX) {
      coarsenRanges();
    }
  }

  private void coarsenKeys() {
    while (!keys.isEmpty()) {
      byte[] first = keys.first();
      NavigableSet<byte[]> same = keys.headSet(namespaceEnd(first), false);
      ranges.add(first, successor(same.last()));
      same.clear();
    }
  }

  private void coarsenRanges() {
    var coarse = new KeyRanges();
    ranges.forEach((start, end) -> {
      byte[] last = coarse.lastStart();
      boolean isSame = last != null && Arrays.compareUnsigned(start, namespaceEnd(last)) < 0;
      coarse.add(last != null && isSame ? last : start, end);
    });
    ranges.replaceBy(coarse);
  }

  /// The smallest key after `key`.
  public static byte[] successor(byte[] key) {
    return Arrays.copyOf(key, key.length + 1);
  }

  /// First key after those of the namespace of `key`.
  private static byte[] namespaceEnd(byte[] key) {
    byte[] end = Arrays.copyOf(key, NAMESPACE_BYTES);
    int at = NAMESPACE_BYTES - 1;
    while (++end[at] == 0) {
      at--; // ids do not go to the largest
    }
    return end;
  }

  public boolean isEmpty() {
    return keys.isEmpty() && ranges.isEmpty();
  }

  /// The keys that are kept one by one, ascending; not to be changed.
  public NavigableSet<byte[]> keys() {
    return Collections.unmodifiableNavigableSet(keys);
  }

  public KeyRanges ranges() {
    return ranges;
  }

  /// Whether a write of this key touches what was read.
  public boolean isTouchedBy(byte[] key) {
    return keys.contains(key) || ranges.contains(key);
  }

  /// Whether a deletion of `[start, end)` touches what was read.
  public boolean isTouchedBy(byte[] start, byte[] end) {
    byte[] key = keys.ceiling(start);
    return (key != null && Arrays.compareUnsigned(key, end) < 0) || ranges.overlaps(start, end);
  }
}
