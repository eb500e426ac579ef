package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.internal.base.Pin;
import io.atlaskv.engine.internal.manifest.Version;
import io.atlaskv.engine.internal.memtable.Memtable;
import java.util.concurrent.atomic.AtomicBoolean;

/// Where all data is at one time: the active memtable, the sealed ones and the tables. Replaced as
/// a whole when a memtable is sealed or a version installed.
///
/// Counted: whoever reads holds a view, and the last one to let go of a replaced view frees it.
///
/// Invariants:
/// - W1: a view that is current is never freed.
/// - W2: everything published while a view is current is in it.
/// - W3: `retain` succeeds only if the view was current after the count went up, so the sum that
///   `free` looks at after the replacement misses nobody.
public final class View implements Pin {
  private final Memtable active;
  private final Memtable[] sealed;
  private final Version version;
  private final boolean hasSettledRangeTombstones;
  private final ViewReaper reaper;
  private final StripedCount holders = new StripedCount();
  private final AtomicBoolean isFreed = new AtomicBoolean();
  private volatile boolean isReplaced;

  /// @param sealed newest first
  /// @param reaper gets it from the thread that lets go last
  View(Memtable active, Memtable[] sealed, Version version, ViewReaper reaper) {
    this.active = active;
    this.sealed = sealed;
    this.version = version;
    this.reaper = reaper;
    boolean hasTombstones = version.hasRangeTombstones();
    for (Memtable memtable : sealed) {
      hasTombstones |= !memtable.rangeTombstones().isEmpty();
    }
    hasSettledRangeTombstones = hasTombstones;
  }

  Memtable active() {
    return active;
  }

  /// The sealed memtables, newest first; not to be changed.
  Memtable[] sealed() {
    return sealed;
  }

  Version version() {
    return version;
  }

  /// True if there are range tombstones in a sealed memtable or a table.
  boolean hasSettledRangeTombstones() {
    return hasSettledRangeTombstones;
  }

  /// Counts the caller in; it must then check that the view is still current, or let go (W3).
  void enter() {
    holders.increment();
  }

  /// Lets go.
  void release() {
    holders.decrement();
    if (isReplaced) {
      tryFree();
    }
  }

  /// Called once, after another view became current.
  void replaced() {
    isReplaced = true;
    tryFree();
  }

  private void tryFree() {
    if (holders.sum() == 0 && isFreed.compareAndSet(false, true)) {
      reaper.free(this);
    }
  }

  /// True once nobody can hold it any more.
  boolean isFreed() {
    return isFreed.get();
  }

  /// Releases the parts; nobody holds it any more.
  void releaseParts() {
    active.release();
    for (Memtable memtable : sealed) {
      memtable.release();
    }
    version.release();
  }

  /// A value found is pinned by the view: its memtable, or the cache that its block is in.
  @Override
  public void unpin(long token) {
    release();
  }
}
