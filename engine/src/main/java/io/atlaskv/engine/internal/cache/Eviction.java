package io.atlaskv.engine.internal.cache;

/// Which blocks give way to a new one when all memory is in use.
enum Eviction {
  /// The coldest that the hand finds: for blocks that are asked for.
  COLDEST,

  /// One that nobody uses, if there is one.
  UNUSED,

  /// As `UNUSED`, but for few of the blocks that come: for those of a scan.
  SELDOM
}
