package io.atlaskv.redis.store;

import io.atlaskv.engine.internal.base.DrawnKey;
import io.atlaskv.engine.internal.base.Lookup;
import java.util.function.BooleanSupplier;

/// Reads of one command at a time. Not blocking, it answers `NEEDS_BLOCKS` when what it needs is
/// not in memory; then `fetch` brings it, and the same reader must ask again: it keeps the blocks
/// pinned until `reset`.
public interface Reader {
  /// No such row.
  int ABSENT = 0;

  /// The row is there.
  int FOUND = 1;

  /// It cannot be said without reading from disk.
  int NEEDS_BLOCKS = -1;

  /// Reads one row: `FOUND`, `ABSENT` or `NEEDS_BLOCKS`. `out` has the sequence of what was found,
  /// a tombstone too.
  int get(byte[] key, int offset, int length, Lookup out);

  /// As above, for row number `row` of a lookahead of the same store; `out` is good until its end
  /// at most.
  int get(Lookahead lookahead, int row, Lookup out);

  /// Rows of `[lower, upper)` in order. Until it is closed, no other cursor of this reader may be
  /// opened.
  RowCursor cursor(byte[] lower, byte[] upper);

  /// Draws versions of the rows of `[lower, upper)` at random until `isLast` says that the one in
  /// `out` is enough: `FOUND`, `NEEDS_BLOCKS`, or `ABSENT` after `drawsMax` draws. Every stored
  /// version has about the same chance, so who takes only the newest of each row draws rows evenly.
  default int draw(byte[] lower, byte[] upper, int drawsMax, DrawnKey out, BooleanSupplier isLast) {
    return ABSENT;
  }

  /// From now on everything is read as of this moment.
  void holdSnapshot();

  /// Ends `holdSnapshot`; does nothing without it.
  void releaseSnapshot();

  /// Brings the blocks that the last answer lacked, then runs `whenDone` on any thread.
  void fetch(Runnable whenDone);

  /// Forgets what was needed, unpins what was kept, releases the snapshot.
  void reset();
}
