package io.atlaskv.engine.internal.cache;

import java.util.Arrays;

/// Growable list of ints, used as stack and as unordered set.
final class IntList {
  private int[] values = new int[4];
  private int size;

  boolean isEmpty() {
    return size == 0;
  }

  int size() {
    return size;
  }

  int at(int index) {
    return values[index];
  }

  int last() {
    return values[size - 1];
  }

  void add(int value) {
    if (size == values.length) {
      values = Arrays.copyOf(values, 2 * size);
    }
    values[size++] = value;
  }

  int removeLast() {
    return values[--size];
  }

  /// Removes one occurrence, if there is any; the last value takes its place.
  void removeValue(int value) {
    for (int i = 0; i < size; i++) {
      if (values[i] == value) {
        values[i] = values[--size];
        return;
      }
    }
  }
}
