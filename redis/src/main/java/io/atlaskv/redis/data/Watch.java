package io.atlaskv.redis.data;

import java.util.Arrays;

/// One key that a client watches, as it was when WATCH was answered.
final class Watch {
  final WatchList owner;
  final int database;
  final boolean isPresent;
  final long expiresAt; // 0 = never, or no such key
  byte[] row; // changes under all latches only, with the place in the table
  long hash;

  Watch(WatchList owner, int database, byte[] row, boolean isPresent, long expiresAt) {
    this.owner = owner;
    this.database = database;
    this.row = row;
    this.isPresent = isPresent;
    this.expiresAt = expiresAt;
  }

  boolean isRow(WatchList ofOwner, byte[] otherRow) {
    return owner == ofOwner && Arrays.equals(row, otherRow);
  }
}
