package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.internal.base.Lookup;
import io.atlaskv.engine.internal.base.RangeTombstones;
import io.atlaskv.engine.internal.base.SequenceNumber;
import io.atlaskv.engine.internal.memtable.Memtable;

/// The condition of a commit that nobody wrote to a key since a sequence: so that what was read as
/// of then, or later, and written by it, is one step against all writers of the store.
///
/// Asked under the commit lock, in memory only. Everything after `flushedThrough` is in the view's
/// memtables; if `since` is before it, what was written since may be in a table, where only I/O
/// finds it: then the condition is said not to hold, and the caller reads again. Whatever brings
/// entries into tables past the memtables must raise `flushedThrough`.
public final class UnchangedKey implements CommitCondition {
  private final byte[] key;
  private final long since;
  private final Lookup lookup = new Lookup();

  /// @param key full key
  /// @param since sequence that was visible before the key was read
  public UnchangedKey(byte[] key, long since) {
    this.key = key;
    this.since = since;
  }

  @Override
  public boolean holds(View view) {
    return view.version().state().flushedThrough() <= since
        && !isChangedInMemory(view, key, since, lookup);
  }

  /// Whether a memtable of the view has something newer than `since` for the key.
  static boolean isChangedInMemory(View view, byte[] key, long since, Lookup lookup) {
    if (isChangedIn(view.active(), key, since, lookup)) {
      return true;
    }
    for (Memtable memtable : view.sealed()) {
      if (isChangedIn(memtable, key, since, lookup)) {
        return true;
      }
    }
    return false;
  }

  private static boolean isChangedIn(Memtable memtable, byte[] key, long since, Lookup lookup) {
    RangeTombstones tombstones = memtable.rangeTombstones();
    return tombstones.coveringSequence(key, 0, key.length, SequenceNumber.MAX) > since
        || (memtable.get(key, 0, key.length, SequenceNumber.MAX, lookup) != Lookup.ABSENT
            && lookup.sequence() > since);
  }
}
