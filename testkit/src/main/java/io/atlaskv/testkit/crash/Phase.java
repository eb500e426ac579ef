package io.atlaskv.testkit.crash;

/// What the server was at when it was killed, as far as can be seen from outside.
enum Phase {
  /// A memtable was being written to a table.
  FLUSH,
  /// Tables were being merged.
  COMPACTION,
  /// The next log segment was being made, or the log had moved to it since the poll before the
  /// last.
  SEGMENT_SWITCH
}
