package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.api.ClosedException;
import io.atlaskv.engine.internal.manifest.Version;
import io.atlaskv.engine.internal.memtable.Memtable;
import java.util.Arrays;
import java.util.HashMap;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// The current view, and what is known of each memtable in it. Changed under the commit lock only,
/// read without.
final class Views {

  private final Map<Memtable, SealPoint> sealPoints = new HashMap<>();
  private final Map<Memtable, Long> firstSegments = new HashMap<>();
  private final ViewReaper reaper;
  private volatile @Nullable View current; // null once closed

  /// @param sealed newest first; their seal points follow by `note`
  Views(Memtable active, Memtable[] sealed, Version version, ViewReaper reaper) {
    this.reaper = reaper;
    this.current = newView(active, sealed, version);
  }

  /// The current view, not held.
  View current() {
    View view = current;
    if (view == null) {
      throw new ClosedException("the store");
    }
    return view;
  }

  boolean isCurrent(View view) {
    return view == current;
  }

  /// The current view, held: to be released.
  View acquire() {
    while (true) {
      View view = current();
      view.enter();
      if (isCurrent(view)) {
        return view;
      }
      view.release();
    }
  }

  /// Notes where the log of a memtable starts.
  void note(Memtable memtable, long firstSegment) {
    firstSegments.put(memtable, firstSegment);
  }

  /// Notes when a memtable was sealed.
  void note(Memtable memtable, SealPoint sealPoint) {
    sealPoints.put(memtable, sealPoint);
  }

  /// Makes `fresh` the active memtable.
  void seal(Memtable fresh, SealPoint sealPoint, long firstSegment) {
    View old = current();
    note(old.active(), sealPoint);
    note(fresh, firstSegment);
    Memtable[] sealed = new Memtable[old.sealed().length + 1];
    sealed[0] = old.active();
    System.arraycopy(old.sealed(), 0, sealed, 1, old.sealed().length);
    replace(newView(fresh, sealed, old.version()));
  }

  /// Puts a new version in place of the old one.
  void install(Version version) {
    View old = current();
    replace(newView(old.active(), old.sealed(), version));
  }

  /// Puts a new version in place, which has the entries of the oldest sealed memtable.
  void installFlush(Version version, Memtable flushed) {
    View old = current();
    int last = old.sealed().length - 1;
    assert old.sealed()[last] == flushed;
    sealPoints.remove(flushed);
    firstSegments.remove(flushed);
    replace(newView(old.active(), Arrays.copyOf(old.sealed(), last), version));
  }

  /// Seal point of a sealed memtable of the current view.
  SealPoint sealPoint(Memtable memtable) {
    return Objects.requireNonNull(sealPoints.get(memtable), "not sealed");
  }

  /// Oldest log segment that is still needed once the oldest sealed memtable is in a table.
  long firstSegmentAfterFlush() {
    View view = current();
    Memtable[] sealed = view.sealed();
    Memtable next = sealed.length > 1 ? sealed[sealed.length - 2] : view.active();
    return Objects.requireNonNull(firstSegments.get(next), "not noted");
  }

  private View newView(Memtable active, Memtable[] sealed, Version version) {
    active.retain();
    for (Memtable memtable : sealed) {
      memtable.retain();
    }
    version.retain();
    return reaper.watch(new View(active, sealed, version, reaper));
  }

  private void replace(View view) {
    View old = current();
    current = view;
    old.replaced();
  }

  /// Lets go of the last view; who holds one goes on reading, nobody gets another.
  void close() {
    View old = current();
    current = null;
    old.replaced();
  }
}
