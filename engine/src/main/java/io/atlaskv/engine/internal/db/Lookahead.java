package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.internal.base.KeyBatch;
import io.atlaskv.engine.internal.cache.ReadContext;
import io.atlaskv.engine.internal.manifest.TableBatch;
import io.atlaskv.engine.internal.memtable.Memtable;
import org.jspecify.annotations.Nullable;

/// Point reads that are about to come, looked up together before the first of them is asked for.
/// The caller fills `keys`, calls `Engine.lookAhead`, asks with `Engine.get` key by key, writing
/// between as he likes, and calls `end`. One thread; it must not wait in between.
///
/// Invariants:
/// - A1: answers are those of the sealed memtables and the tables of `view`. These never change: so
///   an answer is right for everybody who finds that view to be the current one, and nothing in its
///   active memtable. Otherwise the key is read as if there had been no lookahead.
/// - A2: from `lookAhead` to `end` the view is held, and with it the value of every answer.
/// - A3: nothing is read from disk, and nothing is held after `end`.
public final class Lookahead {
  private final KeyBatch keys = new KeyBatch();
  private final TableBatch tables;
  private @Nullable View view;

  Lookahead(ReadContext context) {
    tables = new TableBatch(context);
  }

  /// The keys; to be filled when nothing is held.
  public KeyBatch keys() {
    return keys;
  }

  @Nullable View view() {
    return view;
  }

  /// Takes a view that the caller holds, and what can be said of the keys at once.
  ///
  /// @param snapshot a sequence that was published while the view was current
  void lookUp(View held, long snapshot) {
    view = held;
    held.active().touch(keys);
    if (held.hasSettledRangeTombstones()) {
      return;
    }
    for (Memtable memtable : held.sealed()) {
      memtable.getAll(keys, snapshot);
    }
    held.version().getAll(tables, keys, snapshot);
  }

  /// Gives back all that is held and forgets the keys.
  public void end() {
    keys.clear();
    View held = view;
    if (held != null) {
      view = null;
      held.release();
    }
  }
}
