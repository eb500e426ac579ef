package io.atlaskv.engine.internal.cache;

import io.atlaskv.engine.internal.base.Pin;

/// A pin of which the holder can make more.
interface SharedPin extends Pin {
  /// Adds a pin to what `token` names; the caller holds one.
  void pinAgain(long token);
}
