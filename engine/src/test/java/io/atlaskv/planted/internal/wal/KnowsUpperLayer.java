package io.atlaskv.planted.internal.wal;

import io.atlaskv.planted.internal.db.Upper;

/// Breaks the layer rule: a log must not know the store.
final class KnowsUpperLayer {
  private KnowsUpperLayer() {}

  static int answer() {
    return Upper.answer();
  }
}
