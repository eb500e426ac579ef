package io.atlaskv.engine.internal.memtable;

import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.concurrent.atomic.AtomicInteger;

/// The key nodes that a memtable took while its ordered index was being built: a list that the
/// writer extends and the `OrderTask` reads, at the same time.
final class ReferenceJournal {
  private static final int CHUNK_REFERENCES = ChunkPool.CHUNK_BYTES / Integer.BYTES;
  private static final ValueLayout.OfInt INT = ValueLayout.JAVA_INT;

  private final ChunkPool pool;
  private final AtomicInteger size = new AtomicInteger(); // published with a release
  private Chunk[] chunks = new Chunk[4];
  private MemorySegment[] memory = new MemorySegment[4]; // replaced when it grows

  ReferenceJournal(ChunkPool pool) {
    this.pool = pool;
  }

  int size() {
    return size.getAcquire();
  }

  /// For the writer.
  void add(int reference) {
    int index = size.getPlain();
    int chunk = index / CHUNK_REFERENCES;
    if (index % CHUNK_REFERENCES == 0) {
      if (chunk == chunks.length) {
        chunks = Arrays.copyOf(chunks, 2 * chunk);
        memory = Arrays.copyOf(memory, 2 * chunk);
      }
      chunks[chunk] = pool.acquire();
      memory[chunk] = chunks[chunk].memory();
    }
    memory[chunk].setAtIndex(INT, index % CHUNK_REFERENCES, reference);
    size.setRelease(index + 1);
  }

  /// A reference below `size()`.
  int reference(int index) {
    return memory[index / CHUNK_REFERENCES].getAtIndex(INT, index % CHUNK_REFERENCES);
  }

  void release() {
    for (int i = 0; i * (long) CHUNK_REFERENCES < size.getPlain(); i++) {
      pool.giveBack(chunks[i]);
    }
  }
}
