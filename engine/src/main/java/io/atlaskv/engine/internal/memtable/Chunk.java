package io.atlaskv.engine.internal.memtable;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// A piece of native memory on loan from a `ChunkPool`.
///
/// @param arena owner of the memory; only the pool closes it
/// @param memory the bytes, aligned to cache lines
record Chunk(Arena arena, MemorySegment memory) {
  long bytes() {
    return memory.byteSize();
  }
}
