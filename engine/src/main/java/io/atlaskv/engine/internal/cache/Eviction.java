package io.atlaskv.engine.internal.cache;

/// Which blocks give way to a new one when all memory is in use.
enum Eviction {
  /// The coldest that the hand finds: for what was just written.
  COLDEST,

  /// As `COLDEST`, if the [AdmissionPolicy] lets the block in: for those that are asked for.
  COLDEST_IF_ADMITTED,

  /// One that nobody uses, if there is one.
  UNUSED,

  /// As `UNUSED`, but for few of the blocks that come: for those of a scan.
  SELDOM
}
