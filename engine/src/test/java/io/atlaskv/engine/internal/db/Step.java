package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.api.Range;

/// One step of a random history. Says nothing about the state it meets, so that one list of steps
/// can be played on stores with different options: a step on a slot that is empty, or in a
/// namespace that does not exist, is answered alike by all.
sealed interface Step {
  /// Number of snapshots and of cursors that can be open at once.
  int SLOTS = 3;

  /// Number of moments that can be remembered at once.
  int MOMENTS = 8;

  /// Slot that stands for the newest data.
  int LATEST = -1;

  /// A write; namespaces that it needs are made first.
  record Apply(Write write) implements Step {}

  /// A point read, as of the snapshot in `slot` or of `LATEST`.
  record Get(int slot, String namespace, Bytes key) implements Step {}

  /// A whole range read, as of the snapshot in `slot` or of `LATEST`.
  record Scan(int slot, String namespace, Range range, boolean isReverse, int limit)
      implements Step {}

  /// Takes a snapshot; what was in the slot is closed.
  record OpenSnapshot(int slot) implements Step {}

  /// Closes a snapshot.
  record CloseSnapshot(int slot) implements Step {}

  /// Remembers this moment, by its sequence alone; it is not forgotten by a restart.
  record Remember(int moment) implements Step {}

  /// A whole range read as of a moment that was remembered, in a namespace that was there and has
  /// not been dropped since. Of `on` the slot says nothing. Stores without so much history say so.
  record ReadPast(int moment, Scan on) implements Step {}

  /// Opens a cursor; what was in the slot is closed.
  record OpenCursor(int slot, Scan on) implements Step {}

  /// Moves a cursor and reads where it is.
  record MoveCursor(int slot, Move move, Bytes target) implements Step {}

  /// Closes a cursor.
  record CloseCursor(int slot) implements Step {}

  /// What must not change any answer.
  record Maintain(Work work) implements Step {}

  /// Lets an hour pass: values that expire then are gone.
  record PassHour() implements Step {}

  /// When the value of a key expires.
  record ExpiryOf(int slot, String namespace, Bytes key) implements Step {}

  /// Closes all cursors and snapshots; where options say so, opens the store anew.
  record Restart() implements Step {}

  /// Reads everything in all ways.
  record ReadAll() implements Step {}

  /// How a cursor moves.
  enum Move {
    NEXT,
    PREV,
    FIRST,
    LAST,
    SEEK
  }

  /// What must not change any answer.
  enum Work {
    FLUSH,
    COMPACT,
    SYNC,
    VERIFY,
    /// The tables of a namespace are merged in another style from now on.
    RESTYLE,
    COMPACT_RANGE,
    BACKGROUND
  }
}
