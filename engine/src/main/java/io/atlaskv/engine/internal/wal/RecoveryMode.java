package io.atlaskv.engine.internal.wal;

/// What recovery does about damage that a power cut explains. Damage that none explains is refused
/// in every mode.
public enum RecoveryMode {
  /// Damage at or after the last sequence known to be safe ends the log.
  TOLERATE_UNSYNCED_TAIL,
  /// Any damage is refused.
  STRICT
}
