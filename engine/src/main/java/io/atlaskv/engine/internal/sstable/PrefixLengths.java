package io.atlaskv.engine.internal.sstable;

import java.util.Arrays;

/// How many bytes behind the namespace, the first 4 bytes of a key, are the prefix that goes into
/// the prefix filter, for those namespaces that want one. Immutable.
public final class PrefixLengths {
  /// No namespace wants one.
  public static final PrefixLengths NONE = new PrefixLengths(new int[0], new int[0]);

  private final int[] namespaces; // ascending
  private final int[] bytes;

  private PrefixLengths(int[] namespaces, int[] bytes) {
    this.namespaces = namespaces;
    this.bytes = bytes;
  }

  /// Of namespaces, ascending, and their numbers of bytes, none of which is 0; both are taken over.
  static PrefixLengths of(int[] namespaces, int[] bytes) {
    return new PrefixLengths(namespaces, bytes);
  }

  /// The same, but for one namespace.
  ///
  /// @param value its number of bytes; 0 for no prefix filter
  public PrefixLengths with(int namespace, int value) {
    if (of(namespace) == value) {
      return this;
    }
    int found = Arrays.binarySearch(namespaces, namespace);
    int at = found < 0 ? -found - 1 : found;
    int rest = found < 0 ? at : at + 1;
    return new PrefixLengths(
        replaced(namespaces, at, rest, namespace, value > 0),
        replaced(bytes, at, rest, value, value > 0));
  }

  /// What is in `source` up to `at` and from `rest` on, with `value` between if it is wanted.
  private static int[] replaced(int[] source, int at, int rest, int value, boolean isWanted) {
    int left = source.length - rest;
    int start = isWanted ? at + 1 : at;
    int[] target = Arrays.copyOf(source, start + left);
    if (isWanted) {
      target[at] = value;
    }
    System.arraycopy(source, rest, target, start, left);
    return target;
  }

  /// Those of the namespaces from `first` to `last`.
  PrefixLengths between(int first, int last) {
    int from = 0;
    while (from < namespaces.length && namespaces[from] < first) {
      from++;
    }
    int to = from;
    while (to < namespaces.length && namespaces[to] <= last) {
      to++;
    }
    return new PrefixLengths(
        Arrays.copyOfRange(namespaces, from, to), Arrays.copyOfRange(bytes, from, to));
  }

  /// The number of bytes for a namespace; 0 if it has no prefix filter.
  int of(int namespace) {
    int index = Arrays.binarySearch(namespaces, namespace);
    return index < 0 ? 0 : bytes[index];
  }

  boolean isEmpty() {
    return namespaces.length == 0;
  }

  /// Number of namespaces.
  int count() {
    return namespaces.length;
  }

  int namespace(int index) {
    return namespaces[index];
  }

  int bytes(int index) {
    return bytes[index];
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof PrefixLengths lengths
        && Arrays.equals(namespaces, lengths.namespaces)
        && Arrays.equals(bytes, lengths.bytes);
  }

  @Override
  public int hashCode() {
    return 31 * Arrays.hashCode(namespaces) + Arrays.hashCode(bytes);
  }

  @Override
  public String toString() {
    return Arrays.toString(namespaces) + " " + Arrays.toString(bytes);
  }
}
