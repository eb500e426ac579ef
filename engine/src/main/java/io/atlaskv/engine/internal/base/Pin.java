package io.atlaskv.engine.internal.base;

/// Owner of memory that stays put while it is pinned. The token names what is pinned, so that
/// pinning makes no object.
public interface Pin {
  /// Gives back one pin.
  void unpin(long token);
}
