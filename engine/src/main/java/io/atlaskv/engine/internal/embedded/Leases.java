package io.atlaskv.engine.internal.embedded;

import io.atlaskv.engine.api.ClosedException;
import io.atlaskv.engine.internal.db.Engine;
import io.atlaskv.engine.internal.embedded.Lease.OpenedHere;
import java.lang.System.Logger.Level;
import java.lang.ref.Reference;
import java.lang.ref.ReferenceQueue;
import java.util.Comparator;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/// All open cursors, snapshots, transactions, change feeds and bulk loads of a store. Those whose
/// handle was lost are ended, and reported with the place where they were opened, if that was
/// recorded.
final class Leases {
  /// Name of the logger that leaks are told to.
  static final String LOGGER = "io.atlaskv.engine";

  private final Set<Lease> open = ConcurrentHashMap.newKeySet();
  private final ReferenceQueue<Object> lost = new ReferenceQueue<>();
  private final AtomicLong opened = new AtomicLong();
  private final AtomicInteger leaks = new AtomicInteger();
  private final Engine engine;
  private final int tracePeriod;

  /// @param tracePeriod of so many opened the place of one is recorded; 0 for none
  Leases(Engine engine, int tracePeriod) {
    this.engine = engine;
    this.tracePeriod = tracePeriod;
    engine.addProgressListener(this::progressed);
  }

  ReferenceQueue<Object> lost() {
    return lost;
  }

  /// Number of the next lease; they count from 0.
  long nextNumber() {
    return opened.getAndIncrement();
  }

  /// The caller's stack, if that of the lease with this number is to be recorded.
  @Nullable OpenedHere trace(long number) {
    return tracePeriod > 0 && number % tracePeriod == 0 ? new OpenedHere() : null;
  }

  void add(Lease lease) {
    open.add(lease);
    endLost();
  }

  @SuppressWarnings("CollectionUndefinedEquality") // the identity of references is meant
  void remove(Lease lease) {
    open.remove(lease);
  }

  /// A progress listener, so that a store without new cursors and snapshots notices too.
  private void progressed() {
    Reference<?> reference = lost.poll();
    if (reference != null) {
      try {
        engine.execute(() -> endLost(reference));
      } catch (ClosedException _) {
        // the close ends all
      }
    }
  }

  private void endLost() {
    for (Reference<?> next = lost.poll(); next != null; next = lost.poll()) {
      endLost(next);
    }
  }

  private void endLost(Reference<?> reference) {
    var lease = (Lease) reference;
    if (lease.end()) {
      remove(lease);
      report(lease);
    }
  }

  /// Tells of those that are traced and of the first.
  private void report(Lease lease) {
    int number = leaks.incrementAndGet();
    OpenedHere openedHere = lease.openedHere();
    if (openedHere != null || number == 1) {
      String where =
          openedHere != null
              ? "it was"
              : "Options.withLeakTracePeriod(1) has it told where each was opened";
      System.getLogger(LOGGER)
          .log(
              Level.WARNING,
              "a " + lease.kind() + " was lost without a close, number " + number + ": " + where,
              openedHere);
    }
  }

  /// Ends all that are open, in the order they were opened in: what they let go of is deleted in
  /// that order, and a seed must give the same run each time.
  void close() {
    endLost();
    open.stream().sorted(Comparator.comparingLong(Lease::number)).forEach(Lease::close);
  }
}
