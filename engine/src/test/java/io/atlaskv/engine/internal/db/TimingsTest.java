package io.atlaskv.engine.internal.db;

import static org.assertj.core.api.Assertions.assertThat;

import io.atlaskv.engine.AtlasKv;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.Durability;
import io.atlaskv.engine.api.Histogram;
import io.atlaskv.engine.api.Stage;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Collections;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Each stage is measured by what it is about, as often as it says.
class TimingsTest {
  private static final int KEYS = 20_000;
  private static final int THREADS = 4;
  private static final int ROUNDS_MAX = 200;

  @TempDir private Path directory;

  private static byte[] key(int i) {
    return "key%07d".formatted(i).getBytes(StandardCharsets.UTF_8);
  }

  private static void fill(Db db) {
    for (int i = 0; i < KEYS; i++) {
      db.put(key(i), key(i));
    }
  }

  private static long count(Db db, Stage stage) {
    return db.timings().get(stage).count();
  }

  @Test
  void writes() {
    try (Db db = AtlasKv.open(directory)) {
      Map<Stage, Histogram> before = db.timings();
      assertThat(before).containsOnlyKeys(Stage.values());
      fill(db);
      assertThat(count(db, Stage.MEMTABLE) - before.get(Stage.MEMTABLE).count())
          .isBetween(KEYS / 64L, KEYS / 64L + 1);
      assertThat(count(db, Stage.LOG_WRITE)).isBetween(KEYS / 8L - 10, KEYS / 8L + 10);
      assertThat(count(db, Stage.QUEUE)).as("one writer waits for nobody").isZero();
      long syncs = count(db, Stage.LOG_SYNC);
      for (int i = 0; i < 10; i++) {
        db.put(key(i), key(i), Durability.ALWAYS);
      }
      assertThat(count(db, Stage.LOG_SYNC)).isGreaterThanOrEqualTo(syncs + 10);
      Histogram sync = db.timings().get(Stage.LOG_SYNC);
      assertThat(sync.totalNanos()).isPositive();
      assertThat(sync.quantileNanos(1)).isGreaterThanOrEqualTo(sync.quantileNanos(0.5));
    }
  }

  @Test
  void reads() {
    try (Db db = AtlasKv.open(directory)) {
      fill(db);
      db.flush();
    }
    try (Db db = AtlasKv.open(directory)) {
      long reads = count(db, Stage.BLOCK_READ);
      assertThat(count(db, Stage.FILTER)).isZero();
      for (int i = 0; i < KEYS; i++) {
        assertThat(db.get(key(i))).isEqualTo(key(i));
      }
      long read = count(db, Stage.BLOCK_READ) - reads;
      assertThat(read).as("blocks of 4 KiB").isBetween(KEYS / 1_000L, KEYS / 50L);
      assertThat(count(db, Stage.BLOCK_DECODE)).isGreaterThanOrEqualTo(read);
      long searched = count(db, Stage.BLOCK_SEARCH);
      assertThat(searched).isBetween(KEYS / 4_096L, KEYS / 256L);
      assertThat(count(db, Stage.FILTER)).isEqualTo(searched);
    }
  }

  @Test
  void writersThatWaitForOthersAreMeasured() throws Exception {
    try (Db db = AtlasKv.open(directory);
        var threads = Executors.newFixedThreadPool(THREADS)) {
      var barrier = new CyclicBarrier(THREADS);
      Callable<Void> writer =
          () -> {
            barrier.await();
            for (int i = 0; i < 1_000; i++) {
              db.put(key(i), key(i));
            }
            return null;
          };
      for (int round = 0; round < ROUNDS_MAX && count(db, Stage.QUEUE) == 0; round++) {
        for (Future<Void> done : threads.invokeAll(Collections.nCopies(THREADS, writer))) {
          done.get();
        }
      }
      assertThat(db.timings().get(Stage.QUEUE).totalNanos()).isPositive();
    }
  }
}
