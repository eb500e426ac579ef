package io.atlaskv.engine.internal.db;

import static org.assertj.core.api.Assertions.assertThat;

import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.Options;
import io.atlaskv.engine.internal.base.ByteArrays;
import io.atlaskv.engine.internal.embedded.EmbeddedDb;
import io.atlaskv.engine.internal.io.FaultFileSystem;
import io.atlaskv.engine.internal.io.FileSystem;
import io.atlaskv.engine.internal.io.Ports;
import io.atlaskv.engine.internal.io.SystemPorts;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Proxy;
import java.nio.file.Path;
import java.util.SplittableRandom;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.io.TempDir;

/// What writers wait for when background work does not keep up.
class WriteStallTest {
  private static final long SECOND = 1_000_000_000;
  private static final long CEILING = 4 << 20; // a flush takes a quarter of a second
  private static final long PUT_NANOS = 20_000; // 50 MB/s
  private static final int FLUSHES = 9; // so few tables that merges are not waited for
  private static final int VALUE_BYTES = 1_000;
  private static final long WAIT_NANOS_MAX = 20_000_000;

  private static byte[] key(int number) {
    byte[] key = new byte[4];
    ByteArrays.putBeInt(key, 0, number * 0x9E3779B9);
    return key;
  }

  /// In simulated time, in which a flush takes as long as the ceiling says.
  @Test
  void whoeverWritesFasterThanFlushesIsSlowedDownAndNeverStopped() {
    var options = RandomOptions.SMALL.withCompactionBytesPerSecondMax(CEILING);
    FaultFileSystem files = FaultFileSystem.create(42).withoutHistory();
    try (SimStore store = SimStore.open(files, 42, options)) {
      var random = new SplittableRandom(42);
      byte[] value = new byte[VALUE_BYTES];
      long longest = 0;
      while (store.db().statistics().flushes() < FLUSHES) {
        boolean isPaceKnown = store.db().statistics().flushes() > 0;
        for (int i = 0; i < 100; i++) {
          random.nextBytes(value);
          long before = store.clock().nanoTime();
          store.db().put(key(random.nextInt(4_000)), value);
          store.scheduler().runFor(PUT_NANOS);
          if (isPaceKnown) {
            longest = Math.max(longest, store.clock().nanoTime() - before);
          }
        }
      }
      assertThat(store.db().statistics().stallNanos()).isGreaterThan(SECOND / 2);
      assertThat(longest).isLessThan(WAIT_NANOS_MAX + 5 * PUT_NANOS);
    }
  }

  /// A merge leaves dozens of tables, and the deletion of each takes tens of milliseconds on some
  /// file systems: log segments do not wait behind them.
  @Test
  @Timeout(60)
  void nobodyWaitsForTheDeletionOfTables(@TempDir Path directory) throws InterruptedException {
    var firstDeletion = new CountDownLatch(1);
    var release = new CountDownLatch(1);
    Ports real = SystemPorts.open(directory);
    FileSystem files =
        slowToDelete(
            real.files(),
            () -> {
              firstDeletion.countDown();
              awaitQuietly(release);
            });
    var ports = new Ports(files, real.clock(), real.scheduler(), real.waiter(), real.random());
    Options options = RandomOptions.SMALL;
    try (Db db = new EmbeddedDb(EngineOpener.open(ports, options, 1L << 30, 64L << 20), options)) {
      byte[] value = new byte[VALUE_BYTES];
      for (int round = 0; round < 2; round++) {
        for (int i = 0; i < 500; i++) {
          db.put(key(i), value);
        }
        db.flush();
      }
      db.compact();
      firstDeletion.await();
      long before = db.statistics().logSegmentSwitches();
      for (int i = 0; i < 1_500; i++) {
        db.put(key(i), value); // of 20 segments and more than a memtable
      }
      db.flush();
      assertThat(db.statistics().logSegmentSwitches()).isGreaterThan(before + 10);
      release.countDown();
    }
  }

  private static FileSystem slowToDelete(FileSystem files, Runnable before) {
    return (FileSystem)
        Proxy.newProxyInstance(
            FileSystem.class.getClassLoader(),
            new Class<?>[] {FileSystem.class},
            (proxy, method, arguments) -> {
              if (method.getName().equals("delete") && arguments[0].toString().endsWith(".sst")) {
                before.run();
              }
              try {
                return method.invoke(files, arguments);
              } catch (InvocationTargetException e) {
                throw e.getCause();
              }
            });
  }

  private static void awaitQuietly(CountDownLatch latch) {
    try {
      assertThat(latch.await(50, TimeUnit.SECONDS)).isTrue();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }
}
