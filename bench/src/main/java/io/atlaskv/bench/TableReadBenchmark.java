package io.atlaskv.bench;

import io.atlaskv.engine.internal.base.InternalKey;
import io.atlaskv.engine.internal.base.Lookup;
import io.atlaskv.engine.internal.base.SequenceNumber;
import io.atlaskv.engine.internal.base.ValueKind;
import io.atlaskv.engine.internal.cache.BlockCache;
import io.atlaskv.engine.internal.cache.FreshBlocks;
import io.atlaskv.engine.internal.cache.ReadContext;
import io.atlaskv.engine.internal.io.FileSystem;
import io.atlaskv.engine.internal.io.SystemPorts;
import io.atlaskv.engine.internal.sstable.PointIndexes;
import io.atlaskv.engine.internal.sstable.TableOptions;
import io.atlaskv.engine.internal.sstable.TableReader;
import io.atlaskv.engine.internal.sstable.TableWriter;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.UUID;

/// Question: what does one read of one table cost when all its blocks are cached, by restart
/// interval, compression and whether the table has a point index?
///
/// One table of 16-byte keys and 100-byte values. Prints the least CPU time of the calling thread
/// in nanoseconds per operation over several passes. Arguments: entries (1000000), passes (7), and
/// `row-sums` to compare tables with and without checksums of rows, and nothing else.
public final class TableReadBenchmark {
  private static final int KEY_BYTES = 16;
  private static final int VALUE_BYTES = 100;
  private static final int OPERATIONS = 400_000;
  private static final long CACHE_BYTES = 512L << 20;
  private static final UUID STORE = new UUID(1, 2);

  private final int entries;
  private final int passes;
  private final byte[] key = new byte[KEY_BYTES];
  private long sink;

  private TableReadBenchmark(int entries, int passes) {
    this.entries = entries;
    this.passes = passes;
  }

  /// Runs all combinations.
  public static void main(String[] args) throws IOException {
    boolean comparesRowSums = args.length == 3 && args[2].equals("row-sums");
    List<Integer> numbers =
        Numbers.of("TableReadBenchmark")
            .with("ENTRIES", 1_000_000, 1)
            .with("PASSES", 7, 1)
            .parseOrExit(comparesRowSums ? Arrays.copyOf(args, 2) : args);
    new TableReadBenchmark(numbers.get(0), numbers.get(1)).run(comparesRowSums);
  }

  private void run(boolean comparesRowSums) throws IOException {
    Path directory = Files.createTempDirectory("table-read");
    var ports = SystemPorts.open(directory);
    FileSystem files = ports.files();
    System.out.println(
        "| restart every | codec | row sums | point index | file MB | write | get | get missing | seek | seek + next 10"
            + " | next | prev | cold next |");
    System.out.println("|---|---|---|---|---|---|---|---|---|---|---|---|---|");
    long number = 1;
    for (var options : comparesRowSums ? rowSums() : restartIntervals()) {
      for (boolean isIndexed : new boolean[] {false, true}) {
        measure(files, number, options, isIndexed);
        Files.delete(directory.resolve(files.list().getFirst()));
        number++;
      }
    }
    Files.delete(directory);
    ports.scheduler().close();
    if (sink == 42) {
      System.out.println();
    }
  }

  private static List<TableOptions> restartIntervals() {
    var all = new ArrayList<TableOptions>();
    for (var compression : TableOptions.Compression.values()) {
      for (int restartShift = 0; restartShift <= 4; restartShift++) {
        all.add(TableOptions.DEFAULT.withRestartShift(restartShift).withCompression(compression));
      }
    }
    return all;
  }

  /// Twice, in turns.
  private static List<TableOptions> rowSums() {
    var plain = TableOptions.DEFAULT;
    var summed = plain.withRowSums(true);
    return List.of(plain, summed, plain, summed);
  }

  private interface Operations {
    void run(int count);
  }

  private double nanos(int count, Operations operations) {
    long best = Long.MAX_VALUE;
    var threads = ManagementFactory.getThreadMXBean();
    for (int pass = 0; pass < passes; pass++) {
      long start = threads.getCurrentThreadCpuTime();
      operations.run(count);
      best = Math.min(best, threads.getCurrentThreadCpuTime() - start);
    }
    return (double) best / count;
  }

  private void measure(FileSystem files, long number, TableOptions options, boolean isIndexed) {
    var threads = ManagementFactory.getThreadMXBean();
    try (var cache = new BlockCache(CACHE_BYTES);
        var context = new ReadContext(cache, ReadContext.Mode.BLOCKING)) {
      PointIndexes pointIndexes = isIndexed ? PointIndexes.within(cache) : PointIndexes.NONE;
      long start = threads.getCurrentThreadCpuTime();
      long fileBytes = write(files, number, options, pointIndexes);
      double writeNanos = (double) (threads.getCurrentThreadCpuTime() - start) / entries;
      TableReader table = TableReader.open(files, number, STORE, cache, pointIndexes);
      warm(table, context);
      double get = nanos(OPERATIONS, count -> get(table, context, count, 0));
      double missing = nanos(OPERATIONS, count -> get(table, context, count, 1));
      double seek = nanos(OPERATIONS, count -> seek(table, context, count, 0));
      double seekNext = nanos(OPERATIONS / 4, count -> seek(table, context, count, 10));
      double next = nanos(entries, count -> scan(table, context, true));
      double prev = nanos(entries, count -> scan(table, context, false));
      context.fillsCache(false);
      double cold = nanos(entries, count -> scan(table, context, true));
      table.release();
      System.out.printf(
          Locale.ROOT,
          "| %d | %s | %s | %s | %.1f | %.0f | %.0f | %.0f | %.0f | %.0f | %.1f | %.1f | %.1f |%n",
          1 << options.restartShift(),
          options.compression(),
          options.hasRowSums() ? "yes" : "no",
          isIndexed ? "yes" : "no",
          fileBytes / 1e6,
          writeNanos,
          get,
          missing,
          seek,
          seekNext,
          next,
          prev,
          cold);
    }
  }

  private long write(
      FileSystem files, long number, TableOptions options, PointIndexes pointIndexes) {
    try (var writer =
            new TableWriter(files, number, STORE, options, FreshBlocks.UNCACHED, pointIndexes, 0);
        var arena = Arena.ofConfined()) {
      var random = new SplittableRandom(1);
      byte[] text = new byte[1 << 16]; // half as random as it looks: compresses to about a half
      for (int i = 0; i < text.length; i++) {
        text[i] = (byte) ('a' + random.nextInt(26) * (random.nextInt() & 1));
      }
      MemorySegment values = arena.allocate(text.length);
      MemorySegment.copy(text, 0, values, ValueLayout.JAVA_BYTE, 0, text.length);
      for (int i = 0; i < entries; i++) {
        key(i, 0);
        long trailer = InternalKey.pack(1 + random.nextLong(1 << 20), ValueKind.PUT);
        writer.add(key, KEY_BYTES, trailer, values, i * 37 & 0x7fff, VALUE_BYTES);
      }
      return writer.finish().fileBytes();
    }
  }

  /// Key number `ordinal`; with `extra` 1, one between two that are there.
  private void key(int ordinal, int extra) {
    long rest = 4L * ordinal + extra;
    for (int i = KEY_BYTES - 1; i >= 4; i--) {
      key[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    key[0] = 'k';
    key[1] = 'e';
    key[2] = 'y';
    key[3] = ':';
  }

  private void warm(TableReader table, ReadContext context) {
    var out = new Lookup();
    for (int i = 0; i < entries; i++) {
      key(i, 0);
      get(table, context, out);
    }
    out.release();
  }

  private int get(TableReader table, ReadContext context, Lookup out) {
    long hash = TableReader.hash(key, 0, KEY_BYTES);
    return table.get(context, key, 0, KEY_BYTES, hash, SequenceNumber.MAX, out);
  }

  private void get(TableReader table, ReadContext context, int count, int extra) {
    var random = new SplittableRandom(3);
    var out = new Lookup();
    int found = 0;
    for (int i = 0; i < count; i++) {
      key(random.nextInt(entries), extra);
      found += get(table, context, out);
      sink += out.length();
      out.release();
    }
    if (found != (extra == 0 ? count : 0)) {
      throw new IllegalStateException("found " + found + " of " + count);
    }
  }

  private void seek(TableReader table, ReadContext context, int count, int next) {
    var random = new SplittableRandom(4);
    try (var iterator = table.iterator(context)) {
      for (int i = 0; i < count; i++) {
        key(random.nextInt(entries), 1);
        iterator.seek(key, 0, KEY_BYTES);
        for (int step = 0; step < next && iterator.isValid(); step++) {
          sink += iterator.valueLength();
          iterator.next();
        }
        sink += iterator.isValid() ? iterator.valueLength() : 0;
      }
    }
  }

  private void scan(TableReader table, ReadContext context, boolean isForward) {
    try (var iterator = table.iterator(context)) {
      if (isForward) {
        iterator.seekToFirst();
      } else {
        iterator.seekToLast();
      }
      int found = 0;
      while (iterator.isValid()) {
        found++;
        sink += iterator.valueLength() + iterator.keyBuffer()[iterator.keyLength() - 1];
        if (isForward) {
          iterator.next();
        } else {
          iterator.prev();
        }
      }
      if (found != entries) {
        throw new IllegalStateException("found " + found + " of " + entries);
      }
    }
  }
}
