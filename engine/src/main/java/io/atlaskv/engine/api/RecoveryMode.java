package io.atlaskv.engine.api;

/// What opening a store does with a damaged log.
public enum RecoveryMode {
  /// Damage at or after the last known sync ends the log there, as a power cut leaves it; damage
  /// before it refuses to open and says where. The default.
  TOLERATE_UNSYNCED_TAIL,
  /// Any damage refuses to open.
  STRICT,
  /// Damage anywhere ends the log there, even if what follows was safe: what is opened is the store
  /// as it was at one moment. `RecoveryReport.losses` tells what that costs.
  STOP_AT_FIRST,
  /// Damage anywhere is passed over: all that can be read is there, but a batch may be there
  /// without those before it. `RecoveryReport.losses` tells what is missing.
  SKIP_CORRUPT
}
