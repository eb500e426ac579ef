package io.atlaskv.bench;

import io.atlaskv.engine.AtlasKv;
import io.atlaskv.engine.api.BulkLoad;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.Options;
import io.atlaskv.testkit.process.TemporaryDirectory;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.ByteBuffer;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.SplittableRandom;
import java.util.stream.Stream;
import org.rocksdb.CompressionType;
import org.rocksdb.EnvOptions;
import org.rocksdb.IngestExternalFileOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.SstFileWriter;

/// Question: what does one sorted entry cost in a bulk load, against RocksDB's SstFileWriter and
/// ingestExternalFile?
///
/// Keys of 16 bytes, ascending; values of 100 bytes, half random and half of one byte; LZ4 on both
/// sides, files cut at 16 MiB (RocksDB: 64 MiB), everything synced at the end. Prints wall time,
/// CPU time of the process per entry and bytes on disk. Arguments: entries (10000000), rounds (1).
public final class BulkLoadBenchmark {
  private static final int VALUE_BYTES = 100;
  private static final int POOL_BYTES = 1 << 20;
  private static final long ROCKS_FILE_BYTES = 64 << 20;

  private final int entries;
  private final byte[] pool = new byte[POOL_BYTES];

  private BulkLoadBenchmark(int entries) {
    this.entries = entries;
    new SplittableRandom(1).nextBytes(pool);
  }

  /// Runs both sides in turns.
  public static void main(String[] args) throws IOException, RocksDBException {
    List<Integer> numbers =
        Numbers.of("bench/bulk-load")
            .with("ENTRIES", 10_000_000, 1)
            .with("ROUNDS", 1, 1)
            .parseOrExit(args);
    int entries = numbers.get(0);
    int rounds = numbers.get(1);
    System.out.println("| store | entries | seconds | CPU-µs per entry | MiB on disk |");
    System.out.println("|---|---|---|---|---|");
    var benchmark = new BulkLoadBenchmark(entries);
    for (int round = 0; round < rounds; round++) {
      benchmark.measure("AtlasKV", benchmark::atlasKv);
      benchmark.measure("RocksDB", benchmark::rocksDb);
    }
  }

  private interface Load {
    void into(Path directory) throws IOException, RocksDBException;
  }

  private void measure(String name, Load load) throws IOException, RocksDBException {
    try (var scratch = TemporaryDirectory.create("bulk-load")) {
      Path directory = scratch.path();
      long cpu = cpuNanos();
      long start = System.nanoTime();
      load.into(directory);
      double seconds = (System.nanoTime() - start) / 1e9;
      double micros = (cpuNanos() - cpu) / 1e3 / entries;
      System.out.printf(
          Locale.ROOT,
          "| %s | %d | %.1f | %.2f | %d |%n",
          name,
          entries,
          seconds,
          micros,
          bytes(directory) >> 20);
    }
  }

  private static long cpuNanos() {
    return ((com.sun.management.OperatingSystemMXBean) ManagementFactory.getOperatingSystemMXBean())
        .getProcessCpuTime();
  }

  private static long bytes(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      return files.filter(Files::isRegularFile).mapToLong(file -> file.toFile().length()).sum();
    }
  }

  private static byte[] key(int number) {
    return ByteBuffer.allocate(16).putLong(0x6b65793a6b65793aL).putLong(number).array();
  }

  private void fill(byte[] value, int number) {
    int at = (int) (number * 31L * VALUE_BYTES % (POOL_BYTES - VALUE_BYTES));
    System.arraycopy(pool, at, value, 0, VALUE_BYTES / 2);
  }

  private void atlasKv(Path directory) {
    byte[] value = new byte[VALUE_BYTES];
    try (Db db = AtlasKv.open(directory, Options.DEFAULT);
        BulkLoad load = db.bulkLoad()) {
      for (int i = 0; i < entries; i++) {
        fill(value, i);
        load.put(key(i), value);
      }
      load.commit();
    }
  }

  private void rocksDb(Path directory) throws RocksDBException {
    byte[] value = new byte[VALUE_BYTES];
    try (var options = new org.rocksdb.Options().setCreateIfMissing(true);
        var environment = new EnvOptions();
        var ingestion = new IngestExternalFileOptions().setMoveFiles(true)) {
      options.setCompressionType(CompressionType.LZ4_COMPRESSION);
      try (RocksDB db = RocksDB.open(options, directory.resolve("db").toString())) {
        int next = 0;
        for (int file = 0; next < entries; file++) {
          String name = directory.resolve(file + ".sst").toString();
          try (var writer = new SstFileWriter(environment, options)) {
            writer.open(name);
            for (;
                next < entries && (long) next * VALUE_BYTES < (file + 1) * ROCKS_FILE_BYTES;
                next++) {
              fill(value, next);
              writer.put(key(next), value);
            }
            writer.finish();
          }
          db.ingestExternalFile(List.of(name), ingestion);
        }
      }
    }
  }
}
