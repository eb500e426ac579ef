package io.atlaskv.engine.internal.io;

import java.util.function.Predicate;

/// A planned fault.
final class FaultRule {
  private final Predicate<Operation> condition;
  private final Fault fault;
  private final boolean isSticky;
  private boolean isSpent;

  /// @param isSticky whether it goes on happening, or only once
  FaultRule(Predicate<Operation> condition, Fault fault, boolean isSticky) {
    this.condition = condition;
    this.fault = fault;
    this.isSticky = isSticky;
  }

  Fault fault() {
    return fault;
  }

  boolean applies(Operation operation) {
    if (isSpent || !condition.test(operation)) {
      return false;
    }
    isSpent = !isSticky;
    return true;
  }
}
