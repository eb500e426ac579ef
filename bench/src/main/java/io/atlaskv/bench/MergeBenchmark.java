package io.atlaskv.bench;

import io.atlaskv.engine.internal.base.InternalKey;
import io.atlaskv.engine.internal.base.RangeTombstones;
import io.atlaskv.engine.internal.base.SequenceNumber;
import io.atlaskv.engine.internal.base.ValueKind;
import io.atlaskv.engine.internal.cache.BlockCache;
import io.atlaskv.engine.internal.cache.FreshBlocks;
import io.atlaskv.engine.internal.cache.ReadContext;
import io.atlaskv.engine.internal.compaction.Compaction;
import io.atlaskv.engine.internal.compaction.CompactionJob;
import io.atlaskv.engine.internal.compaction.CompactionLoad;
import io.atlaskv.engine.internal.compaction.CompactionOptions;
import io.atlaskv.engine.internal.compaction.CompactionPicker;
import io.atlaskv.engine.internal.compaction.MergeParts;
import io.atlaskv.engine.internal.compaction.OutputOptions;
import io.atlaskv.engine.internal.compaction.Snapshots;
import io.atlaskv.engine.internal.compaction.ValueFilter;
import io.atlaskv.engine.internal.io.Ports;
import io.atlaskv.engine.internal.io.SystemPorts;
import io.atlaskv.engine.internal.iterator.VisibleIterator;
import io.atlaskv.engine.internal.manifest.SsTable;
import io.atlaskv.engine.internal.manifest.TableMeta;
import io.atlaskv.engine.internal.manifest.Version;
import io.atlaskv.engine.internal.manifest.VersionEdit;
import io.atlaskv.engine.internal.manifest.VersionSet;
import io.atlaskv.engine.internal.sstable.PointIndexes;
import io.atlaskv.engine.internal.sstable.TableOptions;
import io.atlaskv.engine.internal.sstable.TableWriter;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.SplittableRandom;
import java.util.function.IntFunction;

/// Question: what does one entry cost in a compaction and in a scan, by the number of tables that
/// are merged?
///
/// Tables of 16-byte keys and 100-byte values, half random and half of one byte, keys drawn from as
/// many as there are entries, so that a part is overwritten. Prints the least CPU time of the
/// thread in nanoseconds per entry over several rounds. Arguments: entries in all (1000000), rounds
/// (5).
public final class MergeBenchmark {
  private static final int KEY_BYTES = 16;
  private static final int VALUE_BYTES = 100;
  private static final long CACHE_BYTES = 512L << 20;

  private final int entries;
  private final int rounds;
  private final MemorySegment value = Arena.ofAuto().allocate(VALUE_BYTES);
  private long written;
  private long sink;

  private MergeBenchmark(int entries, int rounds) {
    this.entries = entries;
    this.rounds = rounds;
  }

  /// Runs all combinations.
  public static void main(String[] args) throws IOException {
    List<Integer> numbers =
        Numbers.of("MergeBenchmark")
            .with("ENTRIES", 1_000_000, 1)
            .with("ROUNDS", 5, 1)
            .parseOrExit(args);
    new MergeBenchmark(numbers.get(0), numbers.get(1)).run();
  }

  private void run() throws IOException {
    System.out.println(
        "| tables | output | merge ns | merge MB/s of CPU | scan ns | scan back ns |");
    System.out.println("|---|---|---|---|---|---|");
    for (int tables : new int[] {1, 2, 4, 8}) {
      measure(tables, "uncompressed", _ -> TableOptions.DEFAULT);
      measure(tables, "LZ4", OutputOptions.compressedAtTheBottom(TableOptions.DEFAULT));
    }
    if (sink == 42) {
      System.out.println();
    }
  }

  private void measure(int tables, String output, IntFunction<TableOptions> options)
      throws IOException {
    double merge = Double.MAX_VALUE;
    double forward = Double.MAX_VALUE;
    double backward = Double.MAX_VALUE;
    long inputBytes = 0;
    for (int round = 0; round < rounds; round++) {
      Path directory = Files.createTempDirectory("merge");
      Ports ports = SystemPorts.open(directory);
      try (var cache = new BlockCache(CACHE_BYTES);
          var set =
              VersionSet.open(ports, SsTable.opener(ports.files(), cache, PointIndexes.NONE))) {
        inputBytes = fill(ports, set, tables);
        scan(set, cache, true); // fills the cache
        forward = Math.min(forward, scan(set, cache, true));
        backward = Math.min(backward, scan(set, cache, false));
      }
      try (var cache = new BlockCache(0); // so that all is read from the file, and decoded
          var set =
              VersionSet.open(ports, SsTable.opener(ports.files(), cache, PointIndexes.NONE))) {
        merge = Math.min(merge, merge(ports, set, cache, options));
      }
      ports.scheduler().close();
      for (String name : ports.files().list()) {
        Files.delete(directory.resolve(name));
      }
      Files.delete(directory);
    }
    System.out.printf(
        Locale.ROOT,
        "| %d | %s | %.0f | %.0f | %.0f | %.0f |%n",
        tables,
        output,
        merge,
        inputBytes * 1e3 / (merge * written),
        forward,
        backward);
  }

  private long fill(Ports ports, VersionSet set, int tables) {
    var edit = VersionEdit.builder();
    var random = new SplittableRandom(1);
    long sequence = 0;
    long bytes = 0;
    written = 0;
    for (int table = 0; table < tables; table++) {
      long number = set.newFileNumber();
      var writer =
          new TableWriter(
              ports.files(),
              number,
              set.storeUuid(),
              TableOptions.DEFAULT,
              FreshBlocks.UNCACHED,
              PointIndexes.NONE,
              0);
      int[] keys = random.ints(entries / tables, 0, entries).sorted().distinct().toArray();
      for (int key : keys) {
        byte[] name = "key%013d".formatted(key).getBytes(StandardCharsets.US_ASCII);
        for (int i = 0; i < VALUE_BYTES / 2; i++) {
          value.set(ValueLayout.JAVA_BYTE, i, (byte) random.nextInt());
        }
        long trailer = InternalKey.pack(++sequence, ValueKind.PUT);
        writer.add(name, KEY_BYTES, trailer, value, 0, VALUE_BYTES);
      }
      TableMeta meta = TableMeta.of(writer.finish(), 0);
      edit.add(0, meta);
      bytes += meta.bytes();
      written += meta.entries();
    }
    set.apply(edit.build());
    return bytes;
  }

  private double merge(
      Ports ports, VersionSet set, BlockCache cache, IntFunction<TableOptions> options) {
    List<TableMeta> inputs = set.state().levels().level(0);
    var load =
        new CompactionLoad(
            Set.of(), Snapshots.NONE, false, false, false, 0, _ -> RangeTombstones.EMPTY);
    Compaction picked =
        inputs.size() > 1
            ? CompactionPicker.pickFull(set.state().levels(), CompactionOptions.DEFAULT, load)
            : new Compaction(Compaction.Kind.MERGE, 0, 6, inputs, List.of(), "benchmark");
    if (picked == null) {
      throw new IllegalStateException("nothing to merge");
    }
    var outputs =
        new OutputOptions(
            ports.files(),
            ports.clock(),
            set.storeUuid(),
            set::newFileNumber,
            options,
            PointIndexes.NONE);
    var context = new ReadContext(cache, ReadContext.Mode.BLOCKING);
    context.fillsCache(false);
    Version version = set.acquire();
    var job =
        new CompactionJob(
            picked,
            version,
            new MergeParts(
                Snapshots.NONE,
                CompactionOptions.DEFAULT,
                outputs,
                () -> context,
                () -> ValueFilter.NONE));
    version.release();
    long start = cpuNanos();
    while (job.step()) {}
    long nanos = cpuNanos() - start;
    set.apply(job.edit());
    return (double) nanos / written;
  }

  private double scan(VersionSet set, BlockCache cache, boolean isForward) {
    Version version = set.acquire();
    var sources = new ArrayList<VisibleIterator.Source>();
    long start = cpuNanos();
    try (var context = new ReadContext(cache, ReadContext.Mode.BLOCKING)) {
      version.addSources(context, sources);
      try (var cursor = new VisibleIterator(sources, SequenceNumber.MAX, () -> 0, null, null)) {
        if (isForward) {
          for (cursor.seekToFirst(); cursor.isValid(); cursor.next()) {
            sink += cursor.valueSegment().get(ValueLayout.JAVA_BYTE, cursor.valueOffset());
          }
        } else {
          for (cursor.seekToLast(); cursor.isValid(); cursor.prev()) {
            sink += cursor.valueSegment().get(ValueLayout.JAVA_BYTE, cursor.valueOffset());
          }
        }
      }
    } finally {
      version.release();
    }
    return (double) (cpuNanos() - start) / written;
  }

  private static long cpuNanos() {
    return ManagementFactory.getThreadMXBean().getCurrentThreadCpuTime();
  }
}
