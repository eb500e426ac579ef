package io.atlaskv.engine.api;

import org.jspecify.annotations.Nullable;

/// Says of the values of a namespace, while compactions rewrite them, which are still wanted. For
/// what is out of date by its content; what is by its age has an [Expiry].
///
/// It is code, not part of the store: given at each open by [Options#withCompactionFilters]. A
/// store opened without it keeps what is there.
///
/// - Asked for values only, never for deletions, and only for the newest version of a key in the
///   tables that are merged, if no open snapshot sees it. A newer one may be elsewhere.
/// - When, and how often, for the same value, nobody can say: values in the lowest level may stay
///   there unasked for long.
/// - Called by threads of the store, by several at once; must not call the store.
/// - If it throws, the value stays as it is. The first time it is told by
///   [StoreEvent.CompactionFilterFailed].
@FunctionalInterface
public interface CompactionFilter {
  /// What is to become of a value.
  ///
  /// @param key without its namespace; a copy
  /// @param value a copy
  /// @return `value` itself to keep it, null to delete the key, or another array: the new value,
  ///   which expires when the old one would have
  byte @Nullable [] filter(byte[] key, byte[] value);
}
