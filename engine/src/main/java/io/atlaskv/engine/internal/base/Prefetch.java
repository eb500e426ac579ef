package io.atlaskv.engine.internal.base;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// Places in memory that will be read soon: `fetch` has the processor bring their cache lines, many
/// at the same time. Reused, one thread.
///
/// Java cannot ask for a line without waiting for it. But the loop in `fetch` does nothing else
/// than read from one place after the other; none depends on another, so the processor, which looks
/// a few hundred instructions ahead, has a dozen reads under way. Whoever computes the places does
/// so before, where its own instructions and mispredicted branches are in nobody's way.
///
/// Places come in ranks. A rank is fetched as a whole before the next: put what is on different
/// pages into the first, so that their translations are under way together too, and what is near to
/// those into later ones.
public final class Prefetch {
  /// Number of ranks.
  public static final int RANKS = 16;

  /// Places of one rank.
  public static final int PLACES_MAX = KeyBatch.KEYS_MAX;

  private final Place[] places = new Place[RANKS * PLACES_MAX];
  private final int[] counts = new int[RANKS];
  private int ranks;
  private long sum;

  /// An array of these, and not of segments: that would check the type of all that is stored.
  private static final class Place {
    MemorySegment memory = MemorySegment.NULL;
    long offset;
  }

  Prefetch() {
    Arrays.setAll(places, i -> new Place());
  }

  /// Notes a place; behind the end of `segment` its last byte is taken.
  public void place(int rank, MemorySegment segment, long offset) {
    int index = counts[rank]++;
    Place place = places[rank * PLACES_MAX + index];
    place.memory = segment;
    place.offset = Math.min(offset, segment.byteSize() - 1);
    ranks = Math.max(ranks, rank + 1);
  }

  /// Reads from all places and forgets them.
  public void fetch() {
    long total = 0;
    for (int rank = 0; rank < ranks; rank++) {
      int from = rank * PLACES_MAX;
      for (int i = from; i < from + counts[rank]; i++) {
        Place place = places[i];
        total += place.memory.get(Layouts.BYTE, place.offset);
      }
      counts[rank] = 0;
    }
    ranks = 0;
    sum += total; // so that reading is of use, and is not left out
  }

  @Override
  public String toString() {
    return "sum=" + sum;
  }
}
