package io.atlaskv.engine.internal.embedded;

import static org.assertj.core.api.Assertions.assertThat;

import io.atlaskv.engine.api.ClosedException;
import io.atlaskv.engine.api.ReadOnlyException;
import io.atlaskv.engine.api.StorageException;
import io.atlaskv.engine.internal.embedded.FuzzedStore.State;
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
  private static final int ROUNDS = Integer.getInteger("atlaskv.closefuzz.rounds", 18);
  private static final int THREADS = 6;
  private static final int CLOSERS = 2;
  private static final int CALLS_DURING_CLOSE = 2_000;
  private static final int CALLS_AFTER_CLOSE = 1_000;
  private static final List<State> STATES = List.of(State.values());

  @TempDir private Path directory;

  @Test
  void everyCallInEveryStateIsAnsweredOrRefused() throws Exception {
    var calls = new AtomicLong();
    var refused = new AtomicLong();
    for (int round = 0; round < ROUNDS; round++) {
      State state = STATES.get(round % STATES.size());
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

  /// One life of a store.
  private static final class Round {
    private final long seed;
    private final FuzzedStore store;
    private final HandedOut objects;
    private final CountDownLatch closes = new CountDownLatch(CLOSERS); // one waits not for another
    private final CyclicBarrier start = new CyclicBarrier(THREADS);

    Round(Path directory, long seed, State state) {
      this.seed = seed;
      this.store = FuzzedStore.open(state, directory.resolve("store"), seed);
      this.objects = new HandedOut(store, directory.resolve("checkpoints"));
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
          store.close();
          for (int i = 0; i < CLOSERS; i++) { // when one has failed the others must end too
            closes.countDown();
          }
        }
      }
      store.requireWhole();
    }

    private List<CompletableFuture<?>> calls(
        Random random, int callsMax, boolean isCloser, AtomicLong calls, AtomicLong refused)
        throws Exception {
      var futures = new ArrayList<CompletableFuture<?>>();
      var caller = new AnyCall(store.state(), objects, random, futures);
      int after = 0;
      start.await();
      for (int call = 0; after < CALLS_AFTER_CLOSE; call++) {
        if (call == callsMax) {
          if (isCloser) {
            store.close();
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

    private void requireEnded(CompletableFuture<?> future) throws Exception {
      try {
        future.get(1, TimeUnit.MINUTES);
      } catch (ExecutionException e) {
        if (e.getCause() instanceof IllegalStateException refused) { // while it was in the queue
          assertThat(refused).hasMessageContaining("has been dropped");
          return;
        }
        assertThat(e.getCause())
            .isInstanceOfAny(
                ClosedException.class,
                RejectedExecutionException.class,
                IllegalArgumentException.class,
                ReadOnlyException.class,
                StorageException.class);
      }
    }
  }
}
