package io.atlaskv.engine.api;

/// What opening a store does with a damaged log.
public enum RecoveryMode {
  /// Damage at or after the last known sync ends the log there, as a power cut leaves it; damage
  /// before it refuses to open and says where. The default.
  TOLERATE_UNSYNCED_TAIL,
  /// Any damage refuses to open.
  STRICT
}
