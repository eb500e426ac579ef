package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.internal.base.BatchReader;
import io.atlaskv.engine.internal.base.BulkLoadMark;
import io.atlaskv.engine.internal.base.LiveSnapshots;
import io.atlaskv.engine.internal.base.WriteBatchFormat;
import io.atlaskv.engine.internal.memtable.Memtable;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedSet;

/// Puts the batches of the log that are not yet in tables into memtables.
///
/// Who only reads may come between a bulk load's mark in the log and its tables in the manifest,
/// which the mark precedes. No batch follows it as long as that lasts, so a mark at the end is not
/// shown: what is shown ends before it. Once the manifest has the tables, the mark is among what is
/// in tables; if a batch follows and it has not, there was no load.
final class Replay {
  private record Sealed(Memtable memtable, SealPoint point) {}

  private final long flushedThrough;
  private final long logNumber;
  private final long entriesMax;
  private final MemtableSupply supply;
  private final CounterTable counters;
  private final boolean isReadOnly;
  private final BatchReader reader = new BatchReader();
  private final ReplayedNames names = new ReplayedNames();
  private final BatchApplier applier;
  private final List<Sealed> sealed = new ArrayList<>(); // oldest first
  private Memtable active;
  private long lastSequence;
  private boolean endsWithMark;
  private long batches;
  private long operations;

  Replay(
      long flushedThrough,
      long logNumber,
      long entriesMax,
      MemtableSupply supply,
      CounterTable counters,
      boolean keepsHistory,
      boolean isReadOnly) {
    this.flushedThrough = flushedThrough;
    this.logNumber = logNumber;
    this.entriesMax = entriesMax;
    this.supply = supply;
    this.counters = counters;
    this.isReadOnly = isReadOnly;
    this.applier =
        new BatchApplier(
            counters, keepsHistory ? LiveSnapshots.all() : LiveSnapshots.none(), names, null);
    this.active = supply.createFirst();
    this.lastSequence = flushedThrough;
  }

  /// Takes a batch; those that are in tables are passed over.
  void batch(long firstSequence, MemorySegment bytes, long offset, long length) {
    int count = WriteBatchFormat.operationsAt(bytes, offset);
    long last = firstSequence + count - 1;
    if (last <= flushedThrough) {
      return;
    }
    endsWithMark = isReadOnly && isMark(bytes, offset, length);
    if (endsWithMark) {
      return; // nothing by itself
    }
    if (!active.isEmpty()
        && (active.isFull()
            || !active.canTake(count, length)
            || (entriesMax > 0 && active.versions() >= entriesMax))) {
      sealed.add(new Sealed(active, new SealPoint(lastSequence, counters.checkpoint())));
      active = supply.create(count);
    }
    applier.apply(active, firstSequence, bytes, offset, length);
    lastSequence = last;
    batches++;
    operations += count;
  }

  private boolean isMark(MemorySegment bytes, long offset, long length) {
    reader.reset(bytes, offset, length);
    return reader.next() && BulkLoadMark.isAt(reader);
  }

  /// The last sequence to be shown of a log that ends with `logSequence`.
  long shownThrough(long logSequence) {
    return endsWithMark ? lastSequence : logSequence;
  }

  /// True if all there was is in tables.
  boolean isEmpty() {
    return sealed.isEmpty() && active.isEmpty();
  }

  Memtable active() {
    return active;
  }

  Memtable[] sealedNewestFirst() {
    return sealed.reversed().stream().map(Sealed::memtable).toArray(Memtable[]::new);
  }

  /// Tells the views what they must know of the memtables: all of them need the old log.
  void note(Views views, long currentSegment) {
    for (Sealed entry : sealed) {
      views.note(entry.memtable, logNumber);
      views.note(entry.memtable, entry.point);
    }
    views.note(active, active.isEmpty() ? currentSegment : logNumber);
  }

  /// Names of namespaces that were created or dropped.
  SortedSet<String> names() {
    return names.names();
  }

  /// First id of a namespace after those of all keys.
  int nextId() {
    return names.nextId();
  }

  long batches() {
    return batches;
  }

  long operations() {
    return operations;
  }

  /// Gives the memtables up: to a view that has its own references, or because opening failed.
  void release() {
    sealed.forEach(entry -> entry.memtable.release());
    active.release();
  }
}
