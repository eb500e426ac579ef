package io.atlaskv.engine.internal.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.AtlasKv;
import io.atlaskv.engine.api.ClosedException;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.Options;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Every public method of everything that a store hands out, by many threads on shared objects,
/// before, during and after its close: what was asked is answered, or refused by the exception that
/// the documentation names. Never another one, an error, a hang or a crash of the JVM.
///
/// The calls of each thread follow from the seed; how threads meet does not.
class CloseFuzzTest {
  private static final long SEED = Long.getLong("atlaskv.seed", 42);
  private static final int ROUNDS = Integer.getInteger("atlaskv.closefuzz.rounds", 20);
  private static final int THREADS = 6;
  private static final int CLOSERS = 2;
  private static final int CALLS_DURING_CLOSE = 2_000;
  private static final int CALLS_AFTER_CLOSE = 1_000;
  private static final Options OPTIONS =
      RandomOptions.SMALL.withMemtableEntriesMax(300).withLeakTracePeriod(0);

  /// What the store is at when the calls begin.
  private enum State {
    EMPTY,
    IN_MEMORY,
    /// In tables, with no block in memory.
    ON_DISK,
    /// Flushes and merges are underway.
    WORKING,
    /// With tables, and a version of each key that snapshots hold.
    OVERWRITTEN
  }

  @TempDir private Path directory;

  @Test
  void everyCallInEveryStateIsAnsweredOrRefused() throws Exception {
    var calls = new AtomicLong();
    var refused = new AtomicLong();
    for (int round = 0; round < ROUNDS; round++) {
      State state = State.values()[round % State.values().length];
      String repro =
          "rerun: -Dtest=CloseFuzzTest -Datlaskv.seed=" + SEED + ", round " + round + ", " + state;
      try {
        new Round(directory.resolve("round" + round), SEED + 1_000L * round, state)
            .run(calls, refused);
      } catch (Throwable e) {
        throw new AssertionError(repro, e);
      }
    }
    System.out.println(
        "CloseFuzzTest: " + calls + " calls, " + refused + " refused as closed, seed " + SEED);
    assertThat(refused.get()).isGreaterThan((long) ROUNDS * THREADS * CALLS_AFTER_CLOSE / 4);
  }

  private static Db open(Path directory, State state) {
    Db db = AtlasKv.open(directory, OPTIONS);
    if (state == State.EMPTY) {
      return db;
    }
    fill(db, state == State.IN_MEMORY ? 200 : 2_000);
    switch (state) {
      case EMPTY, IN_MEMORY, WORKING -> {}
      case OVERWRITTEN -> {
        db.flush();
        fill(db, 2_000);
      }
      case ON_DISK -> {
        db.flush();
        db.close();
        return AtlasKv.open(directory, OPTIONS);
      }
    }
    return db;
  }

  private static void fill(Db db, int entries) {
    for (int i = 0; i < entries; i++) {
      db.put(AnyArguments.key(i), new byte[i % 200]);
    }
  }

  /// One life of a store.
  private static final class Round {
    private final Path directory;
    private final long seed;
    private final Db db;
    private final HandedOut objects;
    private final CountDownLatch closes = new CountDownLatch(CLOSERS); // one waits not for another
    private final CyclicBarrier start = new CyclicBarrier(THREADS);

    Round(Path directory, long seed, State state) {
      this.directory = directory;
      this.seed = seed;
      this.db = open(directory.resolve("store"), state);
      this.objects = new HandedOut(db, directory.resolve("checkpoints"));
    }

    void run(AtomicLong calls, AtomicLong refused) throws Exception {
      int callsBefore = 20 + new Random(seed).nextInt(600);
      var results = new ArrayList<Future<List<CompletableFuture<?>>>>();
      try (var threads = Executors.newFixedThreadPool(THREADS)) {
        for (int thread = 0; thread < THREADS; thread++) {
          var random = new Random(seed + 1 + thread);
          boolean isCloser = thread < CLOSERS;
          int callsMax = callsBefore + (isCloser ? thread : CALLS_DURING_CLOSE);
          results.add(threads.submit(() -> calls(random, callsMax, isCloser, calls, refused)));
        }
        try {
          for (Future<List<CompletableFuture<?>>> result : results) {
            for (CompletableFuture<?> future : result.get(2, TimeUnit.MINUTES)) {
              requireEnded(future);
            }
          }
        } finally {
          db.close();
          for (int i = 0; i < CLOSERS; i++) { // when one has failed the others must end too
            closes.countDown();
          }
        }
      }
      try (Db again = AtlasKv.open(directory.resolve("store"), OPTIONS)) {
        assertTrue(again.recoveryReport().wasCleanShutdown());
        again.verify();
      }
    }

    private List<CompletableFuture<?>> calls(
        Random random, int callsMax, boolean isCloser, AtomicLong calls, AtomicLong refused)
        throws Exception {
      var futures = new ArrayList<CompletableFuture<?>>();
      var caller = new AnyCall(objects, random, futures);
      int after = 0;
      start.await();
      for (int call = 0; after < CALLS_AFTER_CLOSE; call++) {
        if (call == callsMax) {
          if (isCloser) {
            db.close();
            closes.countDown();
          }
          closes.await();
        }
        boolean wasClosed = closes.getCount() == 0;
        after += wasClosed ? 1 : 0;
        calls.incrementAndGet();
        if (caller.call(wasClosed)) {
          refused.incrementAndGet();
        }
      }
      return futures;
    }

    private static void requireEnded(CompletableFuture<?> future) throws Exception {
      try {
        future.get(1, TimeUnit.MINUTES);
      } catch (ExecutionException e) {
        assertThat(e.getCause())
            .isInstanceOfAny(
                ClosedException.class,
                RejectedExecutionException.class,
                IllegalArgumentException.class);
      }
    }
  }
}
