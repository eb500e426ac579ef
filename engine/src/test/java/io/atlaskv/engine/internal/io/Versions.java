package io.atlaskv.engine.internal.io;

import java.util.Arrays;

/// The states one thing has had since it was last safe, oldest first.
///
/// After a failed sync the states until then are forfeited: the kernel has forgotten that they are
/// not on disk, and a later sync makes only newer ones safe.
final class Versions<T> {
  private Object[] states = new Object[2];
  private int[] operations = new int[2];
  private int count = 1;
  private int forfeited;

  Versions(T safe) {
    states[0] = safe;
    operations[0] = -1;
  }

  private Versions(Versions<T> source) {
    states = source.states.clone();
    operations = source.operations.clone();
    count = source.count;
    forfeited = source.forfeited;
  }

  Versions<T> copy() {
    return new Versions<>(this);
  }

  void add(int operation, T state) {
    if (count == states.length) {
      states = Arrays.copyOf(states, 2 * count);
      operations = Arrays.copyOf(operations, 2 * count);
    }
    states[count] = state;
    operations[count] = operation;
    count++;
  }

  int count() {
    return count;
  }

  @SuppressWarnings("unchecked") // only `add` and the constructor fill it
  T state(int index) {
    return (T) states[index];
  }

  T newest() {
    return state(count - 1);
  }

  void forfeit() {
    forfeited = count - 1;
  }

  /// True if a successful sync would make the newest state safe.
  boolean isPromotable() {
    return count - 1 > forfeited;
  }

  int choose(Choices choices) {
    return choices.choose(count, operations);
  }
}
