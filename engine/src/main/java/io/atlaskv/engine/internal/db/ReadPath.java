package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.internal.base.KeyBatch;
import io.atlaskv.engine.internal.base.Lookup;
import io.atlaskv.engine.internal.base.NeedsBlocks;
import io.atlaskv.engine.internal.base.RangeTombstones;
import io.atlaskv.engine.internal.cache.ReadContext;
import io.atlaskv.engine.internal.io.Clock;
import io.atlaskv.engine.internal.manifest.Version;
import io.atlaskv.engine.internal.memtable.Memtable;
import io.atlaskv.engine.internal.sstable.TableReader;

/// Point reads: memtables newest first, then tables, until one knows the key.
///
/// A reader of the newest data takes the view first and the sequence second, and checks that the
/// view is still the current one: so the view has all that the sequence promises, and no flush or
/// compaction that made the view dropped what the sequence needs.
final class ReadPath {
  private static final int RETRY = Memtable.RETRY;

  private final Views views;
  private final WritePath writes;
  private final Clock clock;

  ReadPath(Views views, WritePath writes, Clock clock) {
    this.clock = clock;
    this.views = views;
    this.writes = writes;
  }

  /// Reads the newest published version; answers `Lookup.FOUND`, `ABSENT` or `Engine.NEEDS_BLOCKS`.
  int getLatest(ReadContext context, byte[] key, int offset, int length, Lookup out) {
    while (true) {
      View view = views.current();
      view.enter();
      long sequence = writes.visibleSequence();
      if (!views.isCurrent(view)) {
        view.release();
        continue;
      }
      int state = get(view, context, sequence, false, key, offset, length, out);
      if (state != RETRY) {
        return state;
      }
    }
  }

  /// Looks all keys of `lookahead` up, as far as that needs no disk.
  void lookAhead(Lookahead lookahead) {
    View view = views.acquire();
    // The sequence after the view: all that the view's sealed memtables and tables hold had been
    // published before the view became the current one.
    lookahead.lookUp(view, writes.visibleSequence());
  }

  /// As `getLatest` for key number `key` of a lookahead, whose end also ends the value.
  int getLatest(ReadContext context, Lookahead lookahead, int key, Lookup out) {
    KeyBatch keys = lookahead.keys();
    int offset = KeyBatch.start(key);
    int length = keys.length(key);
    View view = lookahead.view();
    if (view != null) {
      long sequence = writes.visibleSequence();
      Memtable active = view.active();
      if (views.isCurrent(view) && active.rangeTombstones().isEmpty()) {
        int state = active.getLatest(keys.bytes(), offset, length, sequence, out);
        if (state == Lookup.FOUND) {
          return Lookup.FOUND;
        }
        if (state == Lookup.DELETED) {
          return Lookup.ABSENT;
        }
        if (state == Lookup.ABSENT && keys.isAnswered(key)) {
          keys.take(key, out);
          return shown(out.state(), out);
        }
      }
    }
    return getLatest(context, keys.bytes(), offset, length, out);
  }

  /// Reads as of a registered snapshot; answers as `getLatest`.
  int getAt(ReadContext context, long snapshot, byte[] key, int offset, int length, Lookup out) {
    View view = views.acquire();
    int state = get(view, context, snapshot, true, key, offset, length, out);
    assert state != RETRY;
    return state;
  }

  /// As `getAt`, from a view that the caller holds until it is done with the value.
  int getIn(
      View view,
      ReadContext context,
      long snapshot,
      byte[] key,
      int offset,
      int length,
      Lookup out) {
    try {
      return find(view, context, snapshot, true, key, offset, length, out);
    } catch (NeedsBlocks e) {
      out.release();
      return Engine.NEEDS_BLOCKS;
    }
  }

  /// Reads from a held view, which is handed to `out` with a value, or let go. A value in a table
  /// has a pin of its own, but when the store is closed the cache goes with the last view.
  private int get(
      View view,
      ReadContext context,
      long snapshot,
      boolean isRegistered,
      byte[] key,
      int offset,
      int length,
      Lookup out) {
    int answer = Lookup.ABSENT;
    try {
      answer = find(view, context, snapshot, isRegistered, key, offset, length, out);
      return answer;
    } catch (NeedsBlocks e) {
      out.release();
      return Engine.NEEDS_BLOCKS;
    } finally {
      if (answer == Lookup.FOUND) {
        out.holdIn(view);
      } else {
        view.release();
      }
    }
  }

  private int find(
      View view,
      ReadContext context,
      long snapshot,
      boolean isRegistered,
      byte[] key,
      int offset,
      int length,
      Lookup out) {
    long covered = RangeTombstones.NONE;
    Memtable[] sealed = view.sealed();
    for (int i = -1; i < sealed.length; i++) {
      Memtable memtable = i < 0 ? view.active() : sealed[i];
      RangeTombstones tombstones = memtable.rangeTombstones();
      if (!tombstones.isEmpty()) {
        long covering =
            isRegistered
                ? tombstones.coveringSequence(key, offset, length, snapshot)
                : tombstones.latestCoveringSequence(key, offset, length, snapshot);
        if (covering == RangeTombstones.RETRY) {
          return RETRY;
        }
        covered = Math.max(covered, covering);
      }
      int state =
          isRegistered
              ? memtable.get(key, offset, length, snapshot, out)
              : memtable.getLatest(key, offset, length, snapshot, out);
      if (state == RETRY) {
        return RETRY;
      }
      if (state != Lookup.ABSENT) {
        return answer(state, covered, out);
      }
    }
    return inTables(view.version(), context, snapshot, covered, key, offset, length, out);
  }

  private int inTables(
      Version version,
      ReadContext context,
      long snapshot,
      long covered,
      byte[] key,
      int offset,
      int length,
      Lookup out) {
    int state =
        version.get(
            context, key, offset, length, TableReader.hash(key, offset, length), snapshot, out);
    return answer(state, covered, out);
  }

  /// What a reader is told when the newest version is in `out` and the newest range tombstone has
  /// the sequence `covered`. `out` keeps the sequence of a tombstone.
  private int answer(int state, long covered, Lookup out) {
    if (covered > out.sequence() || state == Lookup.ABSENT) {
      if (covered == RangeTombstones.NONE) {
        out.absent();
      } else {
        out.deleted(covered);
      }
      return Lookup.ABSENT;
    }
    return shown(state, out);
  }

  /// What a reader is told of the newest version: only one that expires needs a look at the clock.
  int shown(int state, Lookup out) {
    return state == Lookup.FOUND
            || (state == Lookup.EXPIRING
                && out.showUnlessDue(clock.currentTimeMillis()) == Lookup.FOUND)
        ? Lookup.FOUND
        : Lookup.ABSENT;
  }
}
