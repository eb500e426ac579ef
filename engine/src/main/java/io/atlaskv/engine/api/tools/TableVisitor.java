package io.atlaskv.engine.api.tools;

import io.atlaskv.engine.api.Bytes;

/// Is told what lies in a table, in the order of the file.
public interface TableVisitor {
  /// A data block, before its rows.
  void block(Block block);

  /// A row; only if `wantsRows`.
  default void row(Row row) {}

  /// A range tombstone; after all blocks.
  default void rangeTombstone(RangeDelete tombstone) {}

  /// Whether rows are to be told.
  default boolean wantsRows() {
    return false;
  }

  /// A data block.
  ///
  /// @param ordinal its number in the table
  /// @param storedBytes size in the file, trailer included
  /// @param bytes size after decompression
  /// @param compression `none` or `lz4`
  /// @param rows number of rows
  /// @param firstKey key of the first row
  /// @param damage what is wrong with it; empty if nothing is, and else nothing is known of its
  ///   rows
  record Block(
      int ordinal,
      long offset,
      int storedBytes,
      int bytes,
      String compression,
      int rows,
      Bytes firstKey,
      String damage) {}

  /// A row.
  ///
  /// @param kind `PUT`, `PUT_EXPIRING` or `DELETE`
  /// @param expiresAtMillis when it expires, milliseconds since 1970; −1 if it does not
  record Row(Bytes key, long sequence, String kind, Bytes value, long expiresAtMillis) {}

  /// Deletes all keys from `start` up to `end`, without `end`, that are older.
  record RangeDelete(Bytes start, Bytes end, long sequence) {}
}
