package io.atlaskv.redis.command;

import io.atlaskv.redis.data.ExpiryRows;
import io.atlaskv.redis.data.Keyspace;
import org.jspecify.annotations.Nullable;

/// How far the expirer has come in the expiry index of one database.
///
/// Invariants:
/// - Y1: a row that was there when a pass began, or was written with a time after it, is met by
///   that pass or a later one that begins before it.
/// - Y2: a row is written at most `LATE_MILLIS` after the time it is due, but for commands that
///   take longer; such a row, and one that a clock set back has put before the position, is met by
///   the next pass over everything, within `EVERYTHING_MILLIS`. Reads never see its key.
final class ExpiryPosition {
  private static final long LATE_MILLIS = 200;
  private static final long EVERYTHING_MILLIS = 60_000;

  private int namespace = -1;
  private byte @Nullable [] reached; // null between passes
  private long passBegan;
  private long nextFrom;
  private long everythingAt;

  /// Where the next slice begins. `keys` is at the database.
  byte[] lower(Keyspace keys) {
    long now = keys.nowMillis();
    if (keys.namespace() != namespace || now < passBegan) {
      namespace = keys.namespace();
      reached = null;
      everythingAt = 0;
    }
    byte[] row = reached;
    if (row != null) {
      return row;
    }
    passBegan = now;
    if (now >= everythingAt) {
      everythingAt = now + EVERYTHING_MILLIS;
      nextFrom = 0;
    }
    return ExpiryRows.from(keys, nextFrom);
  }

  /// Rows up to this one are done.
  void reached(byte[] row) {
    reached = row;
  }

  /// Nothing is due behind what was reached.
  void passed() {
    reached = null;
    nextFrom = Math.max(0, passBegan - LATE_MILLIS);
  }
}
