package io.atlaskv.engine.internal.sstable;

import io.atlaskv.engine.internal.base.KeyBytes;

/// Short keys between two blocks, for the index.
final class Separators {
  private Separators() {}

  /// Length of the shortest prefix of `next` that sorts after `last`, a smaller key; -1 if it is
  /// not shorter than both keys. A proper prefix of `next` sorts before it, so that it stands
  /// between.
  static int prefixBetween(byte[] last, int lastLength, byte[] next, int nextLength) {
    int common = KeyBytes.mismatch(last, 0, next, 0, Math.min(lastLength, nextLength));
    int length = common + 1;
    return length < nextLength && length < lastLength ? length : -1;
  }
}
