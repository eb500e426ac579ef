package io.atlaskv.testkit.crash;

/// What the server was at when it was killed, as far as can be seen from outside.
enum Phase {
  /// A memtable was being written to a table.
  FLUSH,
  /// Tables were being merged.
  COMPACTION,
  /// The log had gone on to its next segment since the poll before the last, a fraction of a
  /// millisecond earlier.
  SEGMENT_SWITCH
}
