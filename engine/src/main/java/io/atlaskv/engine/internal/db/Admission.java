package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.internal.base.BatchBuilder;
import io.atlaskv.engine.internal.base.BatchReader;
import io.atlaskv.engine.internal.base.Layouts;
import io.atlaskv.engine.internal.base.ValueKind;
import io.atlaskv.engine.internal.compaction.FlushPace;
import io.atlaskv.engine.internal.compaction.IoShares;
import io.atlaskv.engine.internal.compaction.Throttle;
import io.atlaskv.engine.internal.compaction.WriteController;
import io.atlaskv.engine.internal.io.Clock;
import io.atlaskv.engine.internal.manifest.StoreState;
import io.atlaskv.engine.internal.memtable.Memtable;
import java.util.concurrent.atomic.AtomicLongArray;

/// How long writers are put off: asks the write controller, from what the current view owes to
/// compaction, and the pace of flushes while as many memtables are sealed as may be; each group of
/// namespaces ([IoShares]) for itself. The longer of the two counts.
///
/// Invariants:
/// - W1: a group is delayed for what its own trees owe, and for how much it has of the memtables.
/// - W2: a group is not delayed whose writes, by themselves, take the time that they should.
/// - W3: while as many memtables are sealed as may be, no group takes more of the active one than
///   its part of all shares. So whoever stays within that meets no full memtable because of others:
///   when it gets full, all have had their parts. The flush has work all the while, so nothing of
///   its bandwidth is lost.
final class Admission {
  private static final int SCALE_BITS = 20;
  private static final long WAIT_NANOS_MIN = 1_000_000;
  private static final long WAIT_NANOS_MAX = 20_000_000;

  /// What is known of each group.
  private static final class Groups {
    final IoShares shares;
    final AtomicLongArray nanosPerByteScaled; // 2^-20 ns; recomputed when the debt changes
    final AtomicLongArray paidAt; // when all that was let go on has taken the time it should
    final AtomicLongArray memtableBytes; // let go on since the active memtable became that

    Groups(IoShares shares, long nowNanos) {
      this.shares = shares;
      nanosPerByteScaled = new AtomicLongArray(shares.groups());
      paidAt = new AtomicLongArray(shares.groups());
      memtableBytes = new AtomicLongArray(shares.groups());
      for (int group = 0; group < shares.groups(); group++) {
        paidAt.set(group, nowNanos);
      }
    }
  }

  private final Clock clock;
  private final Views views;
  private final WriteController controller;
  private final FlushPace flushPace;
  private final Throttle throttle;
  private final int sealedMax;
  private final long entriesMax;
  private volatile Groups groups;
  private volatile boolean isFlushAwaited; // as many are sealed as may be
  private Memtable active; // guarded by this

  /// @param throttle is told how urgent compactions are
  /// @param sealedMax memtables that may be sealed
  /// @param entriesMax most entries of a memtable; 0 is no limit
  Admission(
      Clock clock,
      Views views,
      WriteController controller,
      FlushPace flushPace,
      Throttle throttle,
      int sealedMax,
      long entriesMax) {
    this.clock = clock;
    this.views = views;
    this.flushPace = flushPace;
    this.throttle = throttle;
    this.controller = controller;
    this.sealedMax = sealedMax;
    this.entriesMax = entriesMax;
    this.active = views.current().active();
    this.groups = new Groups(IoShares.UNDIVIDED, clock.nanoTime());
    recompute();
  }

  /// Divides by other shares from now on.
  synchronized void shares(IoShares value) {
    groups = new Groups(value, clock.nanoTime());
    recompute();
  }

  /// To be called when a memtable was sealed or a version installed.
  synchronized void recompute() {
    Groups current = groups;
    View view = views.acquire();
    try {
      StoreState state = view.version().state();
      double[] nanosPerByte = controller.nanosPerByte(state, current.shares);
      for (int group = 0; group < nanosPerByte.length; group++) {
        current.nanosPerByteScaled.set(group, (long) (nanosPerByte[group] * (1 << SCALE_BITS)));
      }
      if (view.active() != active) {
        active = view.active();
        for (int group = 0; group < nanosPerByte.length; group++) {
          current.memtableBytes.set(group, 0);
        }
      }
      int sealed = view.sealed().length;
      isFlushAwaited = sealed >= sealedMax;
      throttle.urgency(Math.max((double) sealed / sealedMax, controller.urgency(state)));
    } finally {
      view.release();
    }
  }

  /// How long the writer of so many bytes to namespaces without shares should wait.
  long delayNanos(long bytes) {
    return delayNanos(groups, IoShares.REST_GROUP, bytes);
  }

  /// How long the writer of a finished batch should wait: as long as the namespace in it that has
  /// the least left.
  long delayNanos(BatchBuilder batch) {
    Groups current = groups;
    if (!current.shares.isDivided()) {
      return delayNanos(current, IoShares.REST_GROUP, batch.length());
    }
    int only = onlyNamespace(batch);
    if (only >= 0) {
      return take(current, current.shares.groupOf(only), batch.length());
    }
    long delay = 0;
    var reader = new BatchReader();
    reader.reset(batch.segment(), batch.length());
    while (reader.next()) {
      if (reader.kind() != ValueKind.COUNTER) {
        int group = current.shares.groupOf(namespaceAt(reader));
        delay = Math.max(delay, take(current, group, reader.keyLength() + reader.valueLength()));
      }
    }
    return delay;
  }

  /// Whether a finished batch may go on now as far as memtables are concerned (W3).
  boolean hasTurn(BatchBuilder batch) {
    Groups current = groups;
    if (!current.shares.isDivided() || views.current().sealed().length < sealedMax) {
      return true;
    }
    int only = onlyNamespace(batch);
    if (only >= 0) {
      return hasTurn(current, current.shares.groupOf(only));
    }
    var reader = new BatchReader();
    reader.reset(batch.segment(), batch.length());
    while (reader.next()) {
      if (reader.kind() != ValueKind.COUNTER
          && !hasTurn(current, current.shares.groupOf(namespaceAt(reader)))) {
        return false;
      }
    }
    return true;
  }

  private boolean hasTurn(Groups current, int group) {
    return used(current, group) < 1;
  }

  /// How much a group has used of its part of the active memtable.
  private double used(Groups current, int group) {
    double used = fullness(views.current().active());
    if (!current.shares.isDivided()) {
      return used;
    }
    long all = 0;
    for (int other = 0; other < current.shares.groups(); other++) {
      all += current.memtableBytes.get(other);
    }
    long own = current.memtableBytes.get(group);
    return used * own / Math.max(1, all) / part(current, group);
  }

  private static double part(Groups current, int group) {
    return (double) current.shares.ofGroup(group) / current.shares.total();
  }

  private double fullness(Memtable memtable) {
    double byEntries = entriesMax == 0 ? 0 : (double) memtable.versions() / entriesMax;
    return Math.max(byEntries, memtable.fullness());
  }

  /// The namespace of a batch with one operation, or −1.
  private static int onlyNamespace(BatchBuilder batch) {
    return batch.operations() == 1 ? batch.segment().get(Layouts.BE_INT, batch.keyOffset()) : -1;
  }

  private static int namespaceAt(BatchReader reader) {
    return reader.segment().get(Layouts.BE_INT, reader.keyOffset());
  }

  private long take(Groups current, int group, long bytes) {
    current.memtableBytes.addAndGet(group, bytes);
    return delayNanos(current, group, bytes);
  }

  /// What is owed is added up until it is worth a wait: nobody can sleep for microseconds.
  private long delayNanos(Groups current, int group, long bytes) {
    long scaled = current.nanosPerByteScaled.get(group);
    if (isFlushAwaited) {
      double nanos = flushPace.nanosPerByte(used(current, group), part(current, group));
      scaled = Math.max(scaled, (long) (nanos * (1 << SCALE_BITS)));
    }
    if (scaled == 0) {
      return 0;
    }
    long nanos = Math.min((bytes * scaled) >> SCALE_BITS, WAIT_NANOS_MAX);
    long now = clock.nanoTime();
    while (true) {
      long before = current.paidAt.get(group);
      long wait = Math.min(Math.max(before - now, 0) + nanos, WAIT_NANOS_MAX);
      if (current.paidAt.compareAndSet(group, before, now + wait)) {
        return wait >= WAIT_NANOS_MIN ? wait : 0;
      }
    }
  }
}
