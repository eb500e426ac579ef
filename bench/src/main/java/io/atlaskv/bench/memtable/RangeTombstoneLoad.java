package io.atlaskv.bench.memtable;

import io.atlaskv.engine.internal.base.ByteArrays;
import io.atlaskv.engine.internal.base.LiveSnapshots;
import io.atlaskv.engine.internal.base.RangeTombstones;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;

/// 10,000 range deletions, each of one collection of its own, and one over all of them.
final class RangeTombstoneLoad {
  private static final int COUNT = 10_000;
  private static final int ROUNDS = 20;

  private RangeTombstoneLoad() {}

  static Map<String, String> run() {
    int[] order = Keys.shuffled(COUNT);
    byte[][] starts = new byte[COUNT][];
    byte[][] ends = new byte[COUNT][];
    for (int i = 0; i < COUNT; i++) {
      starts[i] = collection(2L * order[i]);
      ends[i] = collection(2L * order[i] + 1);
    }
    int[] least = new int[COUNT + 1];
    Arrays.fill(least, Integer.MAX_VALUE);
    double lookup = Double.MAX_VALUE;
    long bytes = 0;
    long found = 0;
    for (int round = 0; round < ROUNDS; round++) {
      var set = RangeTombstones.EMPTY;
      for (int i = 0; i < COUNT; i++) {
        long start = System.nanoTime();
        set = set.with(starts[i], ends[i], i + 1, LiveSnapshots.all());
        least[i] = Math.min(least[i], (int) (System.nanoTime() - start));
      }
      bytes = set.bytes();
      long start = System.nanoTime();
      for (int i = 0; i < COUNT; i++) {
        found += set.coveringSequence(starts[i], 0, starts[i].length, Long.MAX_VALUE >> 8);
      }
      lookup = Math.min(lookup, (System.nanoTime() - start) / (double) COUNT);
      start = System.nanoTime();
      set = set.with(new byte[1], new byte[] {9}, COUNT + 1, LiveSnapshots.all());
      least[COUNT] = Math.min(least[COUNT], (int) (System.nanoTime() - start));
      found += set.fragments();
    }
    if (found == 0) {
      throw new IllegalStateException("found=" + found);
    }
    var figures = new LinkedHashMap<String, String>();
    int[] sorted = Arrays.copyOf(least, COUNT);
    Arrays.sort(sorted);
    figures.put("range deletion, median up to 10,000", micros(sorted[COUNT / 2]));
    figures.put("… slowest", micros(sorted[COUNT - 1]));
    figures.put("… one over all, everything kept", micros(least[COUNT]));
    figures.put("lookup among 10,000, ns", String.format(Locale.ROOT, "%.0f", lookup));
    figures.put("heap bytes of 10,000", Long.toString(bytes));
    return figures;
  }

  private static byte[] collection(long id) {
    byte[] key = new byte[4 + 1 + 8];
    key[4] = 'S';
    ByteArrays.putBeLong(key, 5, id);
    return key;
  }

  private static String micros(int nanos) {
    return String.format(Locale.ROOT, "%.1f µs", nanos / 1_000.0);
  }
}
