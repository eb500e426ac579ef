package io.atlaskv.bench.memory;

import io.atlaskv.engine.AtlasKv;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.Durability;
import io.atlaskv.engine.api.Options;
import io.atlaskv.engine.api.Range;
import io.atlaskv.testkit.process.ProcessStatistics;
import java.lang.foreign.MemorySegment;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.Locale;
import java.util.Random;

/// The JVM with the small heap: does the work, checks every answer, prints what each part cost.
public final class LargeWorker {
  private final Db db;
  private final LargeData data;
  private final byte[] value = new byte[LargeData.VALUE_BYTES];
  private final byte[] expected = new byte[LargeData.VALUE_BYTES];
  private final MemorySegment valueSegment = MemorySegment.ofArray(value);

  private LargeWorker(Db db, LargeData data) {
    this.db = db;
    this.data = data;
  }

  /// Arguments: directory, bytes of data, memory limit in bytes.
  public static void main(String[] arguments) {
    var options =
        Options.DEFAULT
            .withDurability(Durability.OS)
            .withMemoryLimitBytes(Long.parseLong(arguments[2]));
    var data = LargeData.ofBytes(Long.parseLong(arguments[1]));
    try (var db = AtlasKv.open(Path.of(arguments[0]), options)) {
      var worker = new LargeWorker(db, data);
      long reads = data.entries() / 10;
      worker.timed("fill", data.entries(), worker::fill);
      worker.timed("random reads", reads, () -> worker.readRandom(reads, false));
      worker.timed("full scan", data.entries(), () -> worker.scan(1));
      worker.timed("delete half", data.entries() / 2, worker::deleteEven);
      worker.timed("compact", 1, db::compact);
      worker.timed("random reads after", reads, () -> worker.readRandom(reads, true));
      worker.timed("full scan after", data.entries() / 2, () -> worker.scan(2));
    }
  }

  /// Prints what a part cost, and where the memory is at its end.
  private void timed(String name, long operations, Runnable part) {
    long start = System.nanoTime();
    part.run();
    double seconds = (System.nanoTime() - start) / 1e9;
    var process = new ProcessStatistics(ProcessHandle.current().pid());
    var store = db.statistics();
    System.out.printf(
        Locale.ROOT,
        "%s%s: %,d operations, %.1f s, %,.0f/s; RssAnon %d MiB (memtables %d, block cache %d, Java"
            + " heap %d)%n",
        LargerThanMemory.PART,
        name,
        operations,
        seconds,
        operations / seconds,
        process.statusKib("RssAnon") / 1024,
        store.memtableBytes() >> 20,
        store.blockCacheBytes() >> 20,
        Runtime.getRuntime().totalMemory() >> 20);
  }

  private void fill() {
    for (long i = 0; i < data.entries(); i++) {
      long entry = data.scattered(i);
      data.value(entry, value);
      db.put(data.key(entry), value);
    }
  }

  private void readRandom(long reads, boolean isHalfDeleted) {
    var random = new Random(42);
    for (long i = 0; i < reads; i++) {
      long entry = random.nextLong(data.entries());
      long length = db.get(data.key(entry), valueSegment);
      if (isHalfDeleted && entry % 2 == 0) {
        require(length < 0, entry, "was deleted, but is there");
      } else {
        requireValue(entry, length);
      }
    }
  }

  /// With step 1 every entry must be there, with step 2 the odd ones, and no other.
  private void scan(int step) {
    long entry = step - 1L;
    var key = new byte[LargeData.KEY_BYTES];
    try (var cursor = db.range(Range.all()).open()) {
      for (; cursor.isValid(); cursor.next()) {
        require(
            cursor.key(key) == key.length && Arrays.equals(key, data.key(entry)),
            entry,
            "is not the next one of the scan");
        requireValue(entry, cursor.value(valueSegment));
        entry += step;
      }
    }
    require(entry >= data.entries(), entry, "and all after it are missing in the scan");
  }

  private void deleteEven() {
    for (long entry = 0; entry < data.entries(); entry += 2) {
      db.delete(data.key(entry));
    }
  }

  private void requireValue(long entry, long length) {
    data.value(entry, expected);
    require(length == value.length && Arrays.equals(value, expected), entry, "has a wrong value");
  }

  private static void require(boolean holds, long entry, String otherwise) {
    if (!holds) {
      throw new IllegalStateException("entry " + entry + " " + otherwise);
    }
  }
}
