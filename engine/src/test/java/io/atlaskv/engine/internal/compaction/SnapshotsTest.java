package io.atlaskv.engine.internal.compaction;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Random;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

class SnapshotsTest {
  private static final long SEED = Long.getLong("atlaskv.seed", 42);
  private static final int SEQUENCES = 40;

  /// Against a snapshot at each sequence that is one, or at the floor or above it.
  @Test
  void eachSequenceFromTheFloorOnIsASnapshot() {
    for (long seed = SEED; seed < SEED + 300; seed++) {
      var random = new Random(seed);
      long[] given = random.longs(random.nextInt(5), 1, SEQUENCES).toArray();
      long floor = random.nextInt(3) == 0 ? Snapshots.NO_HISTORY : 1 + random.nextInt(SEQUENCES);
      long[] all =
          LongStream.concat(LongStream.of(given), LongStream.range(floor, SEQUENCES + 1)).toArray();
      check(Snapshots.of(given, floor), Snapshots.of(all, Snapshots.NO_HISTORY), "seed " + seed);
    }
  }

  private static void check(Snapshots some, Snapshots all, String message) {
    for (long from = 1; from <= SEQUENCES; from++) {
      assertEquals(all.stripe(from), some.stripe(from), message);
      assertEquals(all.areAllFrom(from), some.areAllFrom(from), message);
      for (long to = from + 1; to <= SEQUENCES; to++) {
        assertEquals(all.anyIn(from, to), some.anyIn(from, to), message + ": " + from + " " + to);
      }
    }
  }

  /// What is kept for its history alone does not keep a filter from a value.
  @Test
  void theLastStripeIsThatOfWhatOnlyHistorySees() {
    assertEquals(2, Snapshots.of(new long[] {10, 20}, Snapshots.NO_HISTORY).lastStripe());
    assertEquals(1, Snapshots.of(new long[] {10}, 15).lastStripe());
    assertEquals(-1, Snapshots.of(new long[] {10, 20}, 15).lastStripe());
    assertEquals(0, Snapshots.of(new long[0], 15).lastStripe());
  }
}
