package io.atlaskv.engine.internal.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.AtlasKv;
import io.atlaskv.engine.api.AsyncStore;
import io.atlaskv.engine.api.ClosedException;
import io.atlaskv.engine.api.Codec;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.Durability;
import io.atlaskv.engine.api.KeyValueStore;
import io.atlaskv.engine.api.WriteBatch;
import io.atlaskv.engine.internal.db.EngineOpener;
import io.atlaskv.engine.internal.db.RandomOptions;
import io.atlaskv.engine.internal.db.SimStore;
import io.atlaskv.engine.internal.io.Clock;
import io.atlaskv.engine.internal.io.FaultFileSystem;
import io.atlaskv.engine.internal.io.Ports;
import io.atlaskv.engine.internal.io.SystemPorts;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Reads and writes by future: answers, order, what a full queue and a close do.
class AsyncStoreTest {
  private static final int WRITES = 20_000;

  @TempDir private Path directory;

  private static byte[] key(int number) {
    return Codec.int32().toBytes(number);
  }

  private static void all(List<? extends CompletableFuture<?>> futures) throws Exception {
    CompletableFuture.allOf(futures.toArray(new CompletableFuture<?>[0])).get();
  }

  @Test
  void whatIsWrittenIsReadFromMemoryAndFromDisk() throws Exception {
    try (Db db = AtlasKv.open(directory, RandomOptions.SMALL.withDurability(Durability.OS))) {
      AsyncStore store = db.namespace("n").async();
      writeAndCheck(db, store);
    }
    try (Db db = AtlasKv.open(directory, RandomOptions.SMALL)) { // an empty cache
      check(db.namespace("n").async());
    }
  }

  private static void writeAndCheck(Db db, AsyncStore store) throws Exception {
    var writes = new ArrayList<CompletableFuture<?>>();
    for (int i = 0; i < WRITES; i++) {
      writes.add(
          switch (i % 3) {
            case 0 -> store.put(key(i), key(-i));
            case 1 -> store.write(new WriteBatch().put(key(i), key(i)).delete(key(i)));
            default -> store.write(new WriteBatch().put(key(i), key(-i)), Durability.SYNCED);
          });
      if (writes.size() == 1_000) { // what waits is bounded
        all(writes);
        writes.clear();
      }
    }
    all(writes);
    db.flush();
    check(store);
  }

  private static void check(AsyncStore store) throws Exception {
    var reads = new ArrayList<CompletableFuture<Integer>>();
    for (int i = 0; i < WRITES; i++) {
      reads.add(store.get(key(i), Codec.int32()));
    }
    for (int i = 0; i < WRITES; i++) {
      assertEquals(i % 3 == 1 ? null : Integer.valueOf(-i), reads.get(i).get(), "key " + i);
    }
    assertArrayEquals(key(-3), store.get(key(3)).get());
    assertNull(store.get(key(-1)).get());
  }

  @Test
  void writesOfOneCallerTakeEffectInOrder() throws Exception {
    try (Db db = AtlasKv.open(directory, RandomOptions.SMALL.withDurability(Durability.ALWAYS));
        var threads = Executors.newFixedThreadPool(4)) {
      var results = new ArrayList<Future<?>>();
      for (int thread = 0; thread < 4; thread++) {
        byte[] own = key(thread);
        AsyncStore store = db.async();
        results.add(
            threads.submit(() -> {
              var writes = new ArrayList<CompletableFuture<?>>();
              for (int i = 0; i < 2_000; i++) {
                writes.add(store.put(own, key(i)));
              }
              all(writes);
              return null;
            }));
      }
      for (Future<?> result : results) {
        result.get();
      }
      assertTrue(db.statistics().durableSequence() >= 8_000);
      for (int thread = 0; thread < 4; thread++) {
        assertEquals(1_999, db.get(key(thread), Codec.int32()));
      }
    }
  }

  /// A blocking writer that wants no sync is at the log, and takes along what comes meanwhile.
  @Test
  void aWriteIsSyncedWhoeverHasWrittenIt() throws Exception {
    Ports world = SystemPorts.open(directory);
    var clock = new HeldClock(world.clock());
    try (var blocking = Executors.newSingleThreadExecutor()) {
      var ports =
          new Ports(world.files(), clock, world.scheduler(), world.waiter(), world.random());
      var options = RandomOptions.SMALL.withDurability(Durability.OS);
      try (Db db = new EmbeddedDb(EngineOpener.open(ports, options, 1L << 30, 1L << 28), options)) {
        Future<?> blocked =
            blocking.submit(() -> {
              clock.holdCaller();
              db.put(key(1), key(1));
            });
        clock.isHolding.await();
        var batch = new WriteBatch().put(key(2), key(2));
        CompletableFuture<?> written = db.async().write(batch, Durability.SYNCED);
        boolean wasDone = written.isDone();
        clock.letGo();
        assertFalse(wasDone);
        assertThat(written).succeedsWithin(Duration.ofMinutes(1));
        blocked.get();
      }
    }
  }

  /// What waits is bounded by the memory that it takes, which is more than what is written. Nothing
  /// runs in the background while the writes come.
  @Test
  void aQueueOfSmallWritesIsBounded() throws Exception {
    int calls = 20_000;
    try (var store = SimStore.open(FaultFileSystem.create(1), 1, RandomOptions.SMALL)) {
      AsyncStore async = store.db().async();
      var writes = new ArrayList<CompletableFuture<?>>();
      for (int i = 0; i < calls; i++) {
        writes.add(async.put(key(i), key(-i)));
      }
      long refused = writes.stream().filter(CompletableFuture::isCompletedExceptionally).count();
      assertThat(refused).isBetween(1L, calls / 2L);
      store.scheduler().runUntil(() -> writes.stream().allMatch(CompletableFuture::isDone));
      for (int i = 0; i < calls; i++) {
        byte[] expected = writes.get(i).isCompletedExceptionally() ? null : key(-i);
        assertArrayEquals(expected, store.db().get(key(i)), "key " + i);
      }
    }
  }

  /// Stops one thread where it asks for the time of a group of the log, which is before it writes.
  private static final class HeldClock implements Clock {
    final CountDownLatch isHolding = new CountDownLatch(1);
    private final CountDownLatch isOver = new CountDownLatch(1);
    private final Clock clock;
    private volatile @Nullable Thread held;

    HeldClock(Clock clock) {
      this.clock = clock;
    }

    void holdCaller() {
      held = Thread.currentThread();
    }

    @Override
    public long nanoTime() {
      return clock.nanoTime();
    }

    @Override
    public long currentTimeMillis() {
      if (Thread.currentThread().equals(held)) {
        isHolding.countDown();
        try {
          isOver.await();
        } catch (InterruptedException e) {
          throw new AssertionError("nobody interrupts this", e);
        }
      }
      return clock.currentTimeMillis();
    }

    void letGo() {
      isOver.countDown();
    }
  }

  @Test
  void mistakesAreThrownAndCodecsFailTheFuture() {
    try (Db db = AtlasKv.open(directory)) {
      AsyncStore store = db.async();
      byte[] tooLong = new byte[KeyValueStore.KEY_BYTES_MAX + 1];
      assertThrows(IllegalArgumentException.class, () -> store.get(tooLong));
      assertThrows(IllegalArgumentException.class, () -> store.put(tooLong, key(1)));
      KeyValueStore dropped = db.namespace("dropped");
      AsyncStore ofDropped = dropped.async();
      db.dropNamespace("dropped");
      assertThrows(IllegalStateException.class, () -> ofDropped.put(key(1), key(1)));
      assertThat(store.put(key(1), new byte[3])).succeedsWithin(Duration.ofMinutes(1));
      assertThat(store.get(key(1), Codec.int64())).isCompletedExceptionally();
    }
  }

  /// Whatever moment the close comes at: each future ends, and what was told done is there.
  @Test
  void aCloseEndsEachFuture() throws Exception {
    var writes = new ArrayList<CompletableFuture<?>>();
    var reads = new ArrayList<CompletableFuture<?>>();
    AsyncStore store;
    try (Db db = AtlasKv.open(directory, RandomOptions.SMALL.withDurability(Durability.ALWAYS))) {
      store = db.async();
      for (int i = 0; i < WRITES; i++) {
        writes.add(store.put(key(i), new byte[100]));
        reads.add(store.get(key(i / 2)));
      }
    }
    assertInstanceOf(
        ClosedException.class,
        assertThrows(ExecutionException.class, () -> store.put(key(1), key(1)).get()).getCause());
    assertInstanceOf(
        ClosedException.class,
        assertThrows(ExecutionException.class, () -> store.get(key(1)).get()).getCause());
    assertThat(reads).allMatch(CompletableFuture::isDone);
    int done = 0;
    try (Db db = AtlasKv.open(directory)) {
      for (int i = 0; i < WRITES; i++) {
        assertTrue(writes.get(i).isDone());
        boolean isThere = db.contains(key(i));
        if (writes.get(i).isCompletedExceptionally()) {
          Throwable why = writes.get(i).exceptionNow();
          assertTrue(why instanceof ClosedException || why instanceof RejectedExecutionException);
          assertEquals(false, isThere, "refused, key " + i);
        } else {
          assertTrue(isThere, "told done, key " + i);
          done++;
        }
      }
    }
    assertTrue(done > 0);
  }
}
