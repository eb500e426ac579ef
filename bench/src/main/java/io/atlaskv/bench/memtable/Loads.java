package io.atlaskv.bench.memtable;

import io.atlaskv.engine.internal.base.ByteArrays;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.SplittableRandom;
import java.util.function.LongFunction;

/// Runs all loads on one kind of candidate. Times are thread CPU time, the best of several rounds,
/// the first of which warm up; nothing else runs in the process.
final class Loads {
  private static final ThreadMXBean THREADS = ManagementFactory.getThreadMXBean();
  private static final int STRIDE = Keys.LENGTH + Keys.VALUE_LENGTH;
  private static final int HOT_WRITES = 1_000_000;
  private static final int COLLECTIONS = 1_000;
  private static final int PAIRS = 200_000;
  private static final int LATENCY_ROUNDS = 5;

  private final LongFunction<Candidate> make; // for so many entries
  private final Map<String, String> figures = new LinkedHashMap<>();
  private int sink;

  Loads(LongFunction<Candidate> make) {
    this.make = make;
  }

  Map<String, String> run(int large) {
    points(100_000, 8);
    points(large, 4);
    insertAndSeek();
    hotKey();
    latency(large);
    if (sink == 42) {
      figures.put("sink", "42");
    }
    return figures;
  }

  private void points(int count, int rounds) {
    String suffix = count == 100_000 ? ", 100k" : ", " + count / 1_000_000 + "M";
    int[] numbers = Keys.shuffled(count);
    double put = Double.MAX_VALUE;
    double get = Double.MAX_VALUE;
    double miss = Double.MAX_VALUE;
    double order = Double.MAX_VALUE;
    double scan = Double.MAX_VALUE;
    double seek = Double.MAX_VALUE;
    double bytes = 0;
    try (var arena = Arena.ofShared()) {
      MemorySegment batch = Keys.batch(arena, numbers);
      for (int round = 0; round < rounds; round++) {
        try (var candidate = make.apply(count)) {
          long start = cpu();
          fill(candidate, batch, count);
          put = Math.min(put, per(start, count));
          int[] others = Keys.shuffled(count - 1);
          start = cpu();
          get(candidate, others, 0);
          get = Math.min(get, per(start, others.length));
          start = cpu();
          get(candidate, others, count);
          miss = Math.min(miss, per(start, others.length));
          start = cpu();
          candidate.order();
          order = Math.min(order, per(start, count));
          bytes = (double) candidate.bytes() / count - STRIDE;
          start = cpu();
          int read = candidate.seek(new byte[0], Integer.MAX_VALUE);
          scan = Math.min(scan, per(start, count));
          if (read != count) {
            throw new IllegalStateException("entries=" + count + " read in order=" + read);
          }
          start = cpu();
          seek(candidate, others, 100_000);
          seek = Math.min(seek, per(start, 100_000));
        }
      }
    }
    figures.put("put" + suffix, nanos(put));
    figures.put("get" + suffix, nanos(get));
    figures.put("get of an unknown key" + suffix, nanos(miss));
    figures.put("ordering later, per entry" + suffix, order < 5 ? "–" : nanos(order));
    figures.put("reading all in order, per entry" + suffix, nanos(scan));
    figures.put("seek + 10 entries" + suffix, nanos(seek));
    figures.put("bytes per entry beyond key and value" + suffix, nanos(bytes));
  }

  /// What sorted sets and queues do all day: a new member, then a look at the first few of its
  /// collection.
  private void insertAndSeek() {
    int preload = 100_000;
    byte[] key = new byte[4 + 1 + 8 + 8];
    key[4] = 'S';
    byte[] prefix = new byte[4 + 1 + 8];
    double best = Double.MAX_VALUE;
    try (var arena = Arena.ofShared()) {
      MemorySegment batch = arena.allocate(key.length + 16L);
      for (int round = 0; round < 6; round++) {
        var random = new SplittableRandom(3);
        try (var candidate = make.apply(preload + PAIRS)) {
          for (int i = 0; i < preload; i++) {
            member(key, random.nextInt(COLLECTIONS), random.nextLong());
            MemorySegment.copy(key, 0, batch, ValueLayout.JAVA_BYTE, 0, key.length);
            candidate.put(i + 1, batch, 0, key.length, 16);
          }
          candidate.order();
          long start = cpu();
          for (int i = 0; i < PAIRS; i++) {
            member(key, random.nextInt(COLLECTIONS), random.nextLong());
            MemorySegment.copy(key, 0, batch, ValueLayout.JAVA_BYTE, 0, key.length);
            candidate.put(preload + i + 1, batch, 0, key.length, 16);
            System.arraycopy(key, 0, prefix, 0, prefix.length);
            sink += candidate.seek(prefix, 3);
          }
          best = Math.min(best, per(start, PAIRS));
        }
      }
    }
    figures.put("insert + seek + 3 entries", nanos(best));
  }

  private void hotKey() {
    double put = Double.MAX_VALUE;
    double get = Double.MAX_VALUE;
    try (var arena = Arena.ofShared()) {
      MemorySegment batch = Keys.batch(arena, new int[] {7});
      byte[] key = Keys.template();
      Keys.number(key, 7);
      for (int round = 0; round < 4; round++) {
        try (var candidate = make.apply(HOT_WRITES)) {
          long start = cpu();
          for (int i = 0; i < HOT_WRITES; i++) {
            candidate.put(i + 1, batch, 0, Keys.LENGTH, Keys.VALUE_LENGTH);
          }
          put = Math.min(put, per(start, HOT_WRITES));
          start = cpu();
          for (int i = 0; i < HOT_WRITES; i++) {
            sink += candidate.get(key);
          }
          get = Math.min(get, per(start, HOT_WRITES));
        }
      }
    }
    figures.put("overwrite of one hot key, 1M times", nanos(put));
    figures.put("get of it afterwards", nanos(get));
  }

  /// The same fill several times: what is slow in every round is slow by itself, the rest is the
  /// machine's and the collector's doing.
  private void latency(int count) {
    int[] numbers = Keys.shuffled(count);
    int[] least = new int[count];
    Arrays.fill(least, Integer.MAX_VALUE);
    int worst = 0;
    try (var arena = Arena.ofShared()) {
      MemorySegment batch = Keys.batch(arena, numbers);
      for (int round = 0; round < LATENCY_ROUNDS; round++) {
        try (var candidate = make.apply(count)) {
          candidate.order();
          for (int i = 0; i < count; i++) {
            long start = System.nanoTime();
            candidate.put(i + 1, batch, (long) i * STRIDE, Keys.LENGTH, Keys.VALUE_LENGTH);
            int nanos = (int) (System.nanoTime() - start);
            least[i] = Math.min(least[i], nanos);
            worst = Math.max(worst, nanos);
          }
        }
      }
    }
    Arrays.sort(least);
    figures.put("slowest put up to a full memtable", micros(least[count - 1]));
    figures.put("… p99.9", micros(least[count - count / 1_000]));
    figures.put("… with the machine's noise", micros(worst));
  }

  private static void fill(Candidate candidate, MemorySegment batch, int count) {
    for (int i = 0; i < count; i++) {
      candidate.put(i + 1, batch, (long) i * STRIDE, Keys.LENGTH, Keys.VALUE_LENGTH);
    }
  }

  private void get(Candidate candidate, int[] numbers, int shift) {
    byte[] key = Keys.template();
    int found = 0;
    for (int number : numbers) {
      Keys.number(key, number + shift);
      if (candidate.get(key) >= 0) {
        found++;
      }
    }
    if (found != (shift == 0 ? numbers.length : 1) && found != 0) {
      sink += found;
    }
  }

  private void seek(Candidate candidate, int[] numbers, int count) {
    byte[] key = Keys.template();
    for (int i = 0; i < count && i < numbers.length; i++) {
      Keys.number(key, numbers[i]);
      sink += candidate.seek(key, 10);
    }
  }

  private static void member(byte[] key, int collection, long member) {
    ByteArrays.putBeLong(key, 5, collection);
    ByteArrays.putBeLong(key, 13, member);
  }

  private static long cpu() {
    return THREADS.getCurrentThreadCpuTime();
  }

  private static double per(long start, int operations) {
    return (cpu() - start) / (double) operations;
  }

  private static String nanos(double value) {
    return String.format(Locale.ROOT, "%.0f", value);
  }

  private static String micros(int nanos) {
    return String.format(Locale.ROOT, "%.1f µs", nanos / 1_000.0);
  }
}
