package io.atlaskv.engine.internal.io;

/// What goes wrong with an operation.
public enum Fault {
  /// It fails; of a write an unknown part was done, and what a failed sync covered may be lost
  /// though a later sync succeeds.
  EIO,
  /// It fails for want of space, nothing was done.
  ENOSPC,
  /// Half of a write is done, then there is no space. Other operations fail as with `ENOSPC`.
  SHORT,
  /// It reports success and does nothing. For planted bugs: a forgotten sync.
  IGNORED
}
