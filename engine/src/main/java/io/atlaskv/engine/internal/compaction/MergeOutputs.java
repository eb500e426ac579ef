package io.atlaskv.engine.internal.compaction;

import java.lang.foreign.MemorySegment;

/// Where a merge puts what it keeps. What becomes of the tables is for whoever made it.
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

  /// Ends the current table, and what it has of range tombstones, before `key`, which the next
  /// table begins with.
  void cutBefore(byte[] key, int length);

  /// Ends the last table; makes one if only range tombstones are left.
  void finishAll();
}
