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
final class UnchangedKey {
  private final byte[] key;
  private final long since;
  private final Lookup lookup = new Lookup();

  /// @param key full key
  /// @param since sequence that was visible before the key was read
  UnchangedKey(byte[] key, long since) {
    this.key = key;
    this.since = since;
  }

  boolean holds(View view) {
    if (view.version().state().flushedThrough() > since || isChangedIn(view.active())) {
      return false;
    }
    for (Memtable memtable : view.sealed()) {
      if (isChangedIn(memtable)) {
        return false;
      }
    }
    return true;
  }

  private boolean isChangedIn(Memtable memtable) {
    RangeTombstones tombstones = memtable.rangeTombstones();
    return tombstones.coveringSequence(key, 0, key.length, SequenceNumber.MAX) > since
        || (memtable.get(key, 0, key.length, SequenceNumber.MAX, lookup) != Lookup.ABSENT
            && lookup.sequence() > since);
  }
}
