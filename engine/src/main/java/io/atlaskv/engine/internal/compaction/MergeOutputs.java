package io.atlaskv.engine.internal.compaction;

import java.lang.foreign.MemorySegment;

/// Where a merge puts what it keeps.
interface MergeOutputs {
  /// Size of the table being written so far; 0 if there is none.
  long tableBytes();

  /// Adds an entry to the current table.
  ///
  /// @param isShadowed whether a newer version of its key was added
  void add(
      byte[] key,
      int length,
      long trailer,
      MemorySegment value,
      long valueOffset,
      int valueLength,
      boolean isShadowed);

  /// Says that the next table begins with `key`: what is open ends before it.
  void cutBefore(byte[] key, int length);

  /// Ends the current table, up to the last cut.
  void finishTable();

  /// Ends the last table; makes one if only range tombstones are left.
  void finishAll();

  /// Deletes all tables, finished or not; what cannot be deleted is left to the next open.
  void discard();
}
