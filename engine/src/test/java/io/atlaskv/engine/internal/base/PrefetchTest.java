package io.atlaskv.engine.internal.base;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import org.junit.jupiter.api.Test;

class PrefetchTest {
  private static final int BYTES = 1000;

  private final MemorySegment memory = Arena.ofAuto().allocate(BYTES).fill((byte) 1);
  private final Prefetch prefetch = new KeyBatch().prefetch();

  @Test
  void everyPlaceIsReadOnceWhateverRanksAreLeftOut() {
    int places = 0;
    for (int round = 0; round < 2 * Prefetch.RANKS; round++) {
      for (int rank = round % 3; rank < Prefetch.RANKS; rank += 1 + round % 5) {
        for (int i = 0; i < Prefetch.PLACES_MAX; i++) {
          prefetch.place(rank, memory, rank * 10L + i);
          places++;
        }
      }
      prefetch.fetch();
    }
    prefetch.fetch();
    assertEquals("sum=" + places, prefetch.toString());
  }

  @Test
  void aPlaceBehindTheEndIsTheLastByte() {
    memory.set(Layouts.BYTE, BYTES - 1, (byte) 7);
    prefetch.place(0, memory, BYTES);
    prefetch.place(1, memory, Long.MAX_VALUE);
    prefetch.fetch();
    assertEquals("sum=14", prefetch.toString());
  }
}
