package io.atlaskv.engine.internal.cache;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;

/// Where the blocks of one file were last seen in the cache, by ordinal: saves the way through the
/// hash table. Written and read without order by any thread; a hint that is out of date names a
/// slot that holds another block, which the pinning reader notices.
public final class BlockHints {
  private final MemorySegment tokens;

  /// Hints for blocks 0 to `blocks` - 1, in memory of `arena`.
  public BlockHints(Arena arena, int blocks) {
    tokens = arena.allocate((long) blocks * Long.BYTES, Long.BYTES);
  }

  /// Memory taken.
  public long bytes() {
    return tokens.byteSize();
  }

  /// Last token of a block, or -1.
  public long token(int block) {
    return tokens.get(ValueLayout.JAVA_LONG, (long) block * Long.BYTES) - 1;
  }

  /// Remembers a token. A torn write cannot happen: longs are aligned.
  void remember(int block, long token) {
    tokens.set(ValueLayout.JAVA_LONG, (long) block * Long.BYTES, token + 1);
  }
}
