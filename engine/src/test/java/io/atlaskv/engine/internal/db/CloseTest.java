package io.atlaskv.engine.internal.db;

import static org.assertj.core.api.Assertions.assertThat;

import io.atlaskv.engine.api.AtlasException;
import io.atlaskv.engine.api.KeyValueStore;
import io.atlaskv.engine.api.Options;
import io.atlaskv.engine.internal.io.Fault;
import io.atlaskv.engine.internal.io.FaultFileSystem;
import io.atlaskv.engine.internal.io.FileName;
import io.atlaskv.engine.internal.manifest.ManifestImage;
import java.nio.ByteBuffer;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.logging.Level;
import java.util.logging.Logger;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// A store is closed wherever its background work stands: no file stays open, nor the lock, and no
/// file stays that nothing names.
class CloseTest {
  private static final long SEED = Long.getLong("atlaskv.seed", 42);
  private static final int SEEDS = Integer.getInteger("atlaskv.close.seeds", 8);
  private static final int LIVES = 60;
  private static final int PUTS_MAX = 64;
  private static final int KEYS = 400;
  private static final int VALUE_BYTES_MAX = 2_000;
  private static final int CALLS_MAX = 256;
  private static final int STEPS_MAX = 128;
  private static final long POINT_INDEXES_NANOS = 1_001_000_000;

  /// Held, as the logging system forgets loggers that nobody holds.
  private static final Logger LOGGER = Logger.getLogger("io.atlaskv");

  private int flushes;
  private int merges;
  private int segments;
  private int deletions;
  private int failures;

  @BeforeAll
  static void expectWarnings() {
    LOGGER.setLevel(Level.OFF); // files that could not be deleted
  }

  @AfterAll
  static void expectNone() {
    LOGGER.setLevel(null);
  }

  @Test
  void noFileStaysOpenOrUnnamedWhereverTheWorkStood() {
    closeOften((files, random, options) -> {
      live(files, random, options);
      assertThat(tables(files)).isEqualTo(named(files));
      assertThat(files.list()).filteredOn(name -> name.startsWith("MANIFEST")).hasSize(1);
    });
    System.out.printf(
        "CloseTest: %d closes, during flushes %d, merges %d, log segments %d, deletions %d%n",
        SEEDS * LIVES, flushes, merges, segments, deletions);
    assertThat(List.of(flushes, merges, segments, deletions)).doesNotContain(0);
  }

  /// One call fails, or all do from one on: while the store is opened, used or closed.
  @Test
  void noFileStaysOpenWhicheverCallFails() {
    closeOften((files, random, options) -> {
      int failing = files.operationCount() + drawn(random, CALLS_MAX);
      Fault fault = random.nextBoolean() ? Fault.EIO : Fault.ENOSPC;
      if (random.nextBoolean()) {
        files.failAt(failing, fault);
      } else {
        files.failFrom(failing, fault);
      }
      try {
        live(files, random, options);
      } catch (AtlasException _) {
        failures++;
      }
      files.clearFaults();
    });
    System.out.printf("CloseTest: %d closes, %d with failures%n", SEEDS * LIVES, failures);
    assertThat(failures).isPositive();
  }

  /// One opening, some work, and a close.
  private interface Life {
    void live(FaultFileSystem files, Random random, Options options);
  }

  private static void closeOften(Life life) {
    for (long seed = SEED; seed < SEED + SEEDS; seed++) {
      FaultFileSystem files = FaultFileSystem.create(seed).withoutHistory();
      var random = new Random(seed);
      Options options = RandomOptions.of(seed).withMemtableEntriesMax(20);
      for (int i = 0; i < LIVES; i++) {
        try {
          life.live(files, random, options);
          assertThat(files.openFiles()).isZero();
          files.lock().close();
        } catch (RuntimeException | AssertionError e) {
          throw new AssertionError(
              "life "
                  + i
                  + "; replay: ./mvnw test -pl engine -am -Dtest=CloseTest"
                  + " -Datlaskv.close.seeds=1 -Datlaskv.seed="
                  + seed,
              e);
        }
      }
    }
  }

  private void live(FaultFileSystem files, Random random, Options options) {
    SimStore store = SimStore.openLate(files, random.nextLong(), options);
    try (store) {
      if (random.nextInt(4) == 0) {
        store.scheduler().runFor(POINT_INDEXES_NANOS);
      }
      KeyValueStore target = random.nextInt(4) == 0 ? store.db().namespace("one") : store.db();
      for (int i = drawn(random, PUTS_MAX); i > 0; i--) {
        byte[] value = new byte[random.nextInt(VALUE_BYTES_MAX)];
        random.nextBytes(value);
        target.put(key(random.nextInt(KEYS)), value);
      }
      switch (random.nextInt(8)) {
        case 0 -> store.db().flush();
        case 1 -> store.db().compact();
        case 2 -> {
          store.checkpoint("moment");
          store.removeCheckpoint("moment");
        }
        default -> {}
      }
      for (int left = drawn(random, STEPS_MAX); left > 0 && store.scheduler().step(); left--) {
        // each step is one of the background
      }
      count(store, files);
    }
  }

  private void count(SimStore store, FaultFileSystem files) {
    var statistics = store.db().statistics();
    flushes += statistics.isFlushRunning() ? 1 : 0;
    merges += statistics.isCompactionRunning() ? 1 : 0;
    segments += store.engine().isPreparingLogSegment() ? 1 : 0;
    deletions += tables(files).size() > named(files).size() ? 1 : 0;
  }

  private static Set<String> tables(FaultFileSystem files) {
    return files.list().stream()
        .filter(name -> name.endsWith(".sst"))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /// The tables that the manifest names.
  private static Set<String> named(FaultFileSystem files) {
    return ManifestImage.read(files, files.list()).state().tables().stream()
        .map(placed -> FileName.table(placed.table().number()))
        .collect(Collectors.toCollection(TreeSet::new));
  }

  /// Less than `max`, and often much less.
  private static int drawn(Random random, int max) {
    return random.nextInt(1 + random.nextInt(1 + random.nextInt(max)));
  }

  private static byte[] key(int number) {
    return ByteBuffer.allocate(Integer.BYTES).putInt(number).array();
  }
}
