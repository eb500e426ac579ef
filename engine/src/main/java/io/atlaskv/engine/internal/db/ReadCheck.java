package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.internal.base.Lookup;
import io.atlaskv.engine.internal.base.RangeTombstones;
import io.atlaskv.engine.internal.base.SequenceNumber;
import io.atlaskv.engine.internal.cache.ReadContext;
import io.atlaskv.engine.internal.iterator.InternalIterator;
import io.atlaskv.engine.internal.memtable.Memtable;
import io.atlaskv.engine.internal.transaction.KeyRanges;
import io.atlaskv.engine.internal.transaction.ReadSet;
import java.util.Map;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Looks whether keys and ranges have changed since a sequence, in memtables and tables. Blocks;
/// takes no lock. What is committed while it looks it may see or not.
///
/// The sequence must be a registered snapshot: then of everything that came after it the newest
/// version stays, tombstones included, with its sequence, whatever is compacted.
public final class ReadCheck {
  private final Views views;
  private final ReadPath reads;
  private final Consumer<Memtable> awaitOrder;
  private final ReadContext context;
  private final long since;
  private final Lookup lookup = new Lookup();

  /// @param awaitOrder puts a memtable in order, or throws
  ReadCheck(
      Views views, ReadPath reads, Consumer<Memtable> awaitOrder, ReadContext context, long since) {
    this.views = views;
    this.reads = reads;
    this.awaitOrder = awaitOrder;
    this.context = context;
    this.since = since;
  }

  /// Whether the key was written, or deleted.
  public boolean isChanged(byte[] key) {
    View view = views.acquire();
    try {
      if (isInMemory(view)) {
        return UnchangedKey.isChangedInMemory(view, key, since, lookup);
      }
    } finally {
      view.release();
    }
    reads.getAt(context, SequenceNumber.MAX, key, 0, key.length, lookup);
    boolean isChanged = lookup.sequence() > since;
    lookup.release();
    return isChanged;
  }

  /// Whether all that came after the sequence is in memtables.
  private boolean isInMemory(View view) {
    return view.version().state().flushedThrough() <= since;
  }

  /// A key that was written or deleted, or the start of a range that was deleted; null if there is
  /// none.
  public byte @Nullable [] changed(ReadSet set) {
    for (byte[] key : set.keys()) {
      if (isChanged(key)) {
        return key;
      }
    }
    return set.ranges().isEmpty() ? null : changed(set.ranges());
  }

  private byte @Nullable [] changed(KeyRanges ranges) {
    View view = views.acquire();
    try {
      for (Map.Entry<byte[], byte[]> range : ranges.endsByStart().entrySet()) {
        byte[] changed = changed(view, range.getKey(), range.getValue());
        if (changed != null) {
          return changed;
        }
      }
      return null;
    } finally {
      view.release();
    }
  }

  private byte @Nullable [] changed(View view, byte[] start, byte[] end) {
    byte[] changed = changed(view.active(), start, end);
    for (int i = 0; changed == null && i < view.sealed().length; i++) {
      changed = changed(view.sealed()[i], start, end);
    }
    return changed != null || isInMemory(view)
        ? changed
        : view.version().firstNewer(context, start, end, since);
  }

  private byte @Nullable [] changed(Memtable memtable, byte[] start, byte[] end) {
    if (memtable.isEmpty() || memtable.largestSequence() <= since) {
      return null;
    }
    RangeTombstones tombstones = memtable.rangeTombstones();
    byte[] deleted = tombstones.firstNewer(start, end, since);
    if (deleted != null) {
      return deleted;
    }
    awaitOrder.accept(memtable);
    try (InternalIterator entries = memtable.iterator()) {
      return entries.firstNewer(start, end, since);
    }
  }
}
