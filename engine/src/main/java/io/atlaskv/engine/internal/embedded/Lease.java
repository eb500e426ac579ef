package io.atlaskv.engine.internal.embedded;

import java.lang.ref.PhantomReference;
import org.jspecify.annotations.Nullable;

/// What the store holds for a cursor, snapshot, transaction or bulk load until it is closed. The
/// store knows the lease and not the handle that the caller has, so that a handle lost without a
/// close is noticed.
///
/// The handle must stay reachable while it works: each of its methods ends with a
/// `Reference.reachabilityFence`.
abstract sealed class Lease extends PhantomReference<Object>
    permits ChangesLease, ExclusiveLease, LoadLease, SnapshotLease {
  private final Leases leases;
  private final long number;
  private final @Nullable OpenedHere openedHere;

  Lease(Object handle, Leases leases) {
    super(handle, leases.lost());
    this.leases = leases;
    this.number = leases.nextNumber();
    this.openedHere = leases.trace(number);
  }

  /// Gives back what is held; false if that was done before.
  abstract boolean end();

  /// How many were opened before it.
  final long number() {
    return number;
  }

  /// What the handle is, for a report.
  abstract String kind();

  /// Where the handle was made, if that was recorded.
  final @Nullable OpenedHere openedHere() {
    return openedHere;
  }

  final void close() {
    if (end()) {
      forget();
    }
  }

  /// What is held is somebody else's now.
  final void forget() {
    leases.remove(this);
  }

  /// Carries a stack.
  static final class OpenedHere extends Exception {
    private static final long serialVersionUID = 1;

    OpenedHere() {
      super("opened here");
    }
  }
}
