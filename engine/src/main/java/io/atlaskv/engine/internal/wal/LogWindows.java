package io.atlaskv.engine.internal.wal;

/// Lends readers of segments the memory they read into.
interface LogWindows {
  /// What is to be read at a time.
  int windowBytes();

  /// A window to be filled with `bytes`; the one before may be filled by somebody else from now on.
  LogWindow next(int bytes);
}
