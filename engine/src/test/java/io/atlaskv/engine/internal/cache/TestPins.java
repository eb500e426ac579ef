package io.atlaskv.engine.internal.cache;

import java.lang.foreign.MemorySegment;

/// Blocks in a test's own memory.
public final class TestPins {
  private TestPins() {}

  /// A holder of the block at the start of `segment`; nothing happens when it is released.
  public static PinnedBlock of(MemorySegment segment, int length) {
    var block = new PinnedBlock();
    block.hold(
        segment,
        0,
        length,
        new SharedPin() {
          @Override
          public void pinAgain(long token) {}

          @Override
          public void unpin(long token) {}
        },
        0);
    return block;
  }
}
