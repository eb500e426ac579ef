package io.atlaskv.engine.internal.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.atlaskv.engine.AtlasKv;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.Isolation;
import io.atlaskv.engine.api.Locking;
import io.atlaskv.engine.api.TransactionOptions;
import io.atlaskv.engine.internal.db.RandomOptions;
import io.atlaskv.engine.internal.db.SimStore;
import io.atlaskv.engine.internal.embedded.TransactionHistory.Answered;
import io.atlaskv.engine.internal.embedded.TransactionHistory.Committed;
import io.atlaskv.engine.internal.io.FaultFileSystem;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Function;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Random transactions of several clients on few keys. Each committed history is played again on
/// maps, in the order of its commits: every answer must be the same, or, under snapshot isolation,
/// be that of the transaction's moment.
class TransactionModelTest {
  private static final long SEED = Long.getLong("atlaskv.seed", 42);
  private static final int HISTORIES = Integer.getInteger("atlaskv.transactions.histories", 40);
  private static final int CLIENTS = 4;
  private static final int TRANSACTIONS = 60;
  private static final int KEYS = 8;
  private static final TransactionOptions OPTIMISTIC = TransactionOptions.DEFAULT;
  private static final TransactionOptions PESSIMISTIC =
      OPTIMISTIC.withLocking(Locking.PESSIMISTIC).withLockTimeout(Duration.ofMillis(1));

  @TempDir private Path directory;

  private static TransactionOptions snapshot(TransactionOptions options) {
    return options.withIsolation(Isolation.SNAPSHOT);
  }

  /// One history in one thread: the seed says whose step is next, background work included.
  private static List<Committed> simulated(long seed, TransactionOptions options) {
    var history = new ArrayList<Committed>();
    var clients = new ArrayList<TransactionClient>();
    int[] working = {CLIENTS};
    try (var store = SimStore.open(FaultFileSystem.create(seed), seed, RandomOptions.of(seed))) {
      for (int i = 0; i < CLIENTS; i++) {
        long clientSeed = seed * CLIENTS + i;
        var client =
            new TransactionClient(store.db(), options, "c" + i + ".", clientSeed, KEYS, history);
        clients.add(client);
        store
            .scheduler()
            .addActor(() -> {
              boolean hasMore = client.step(TRANSACTIONS);
              working[0] -= hasMore ? 0 : 1;
              return hasMore;
            });
      }
      int[] flushes = {3};
      store
          .scheduler()
          .addActor(() -> {
            if (flushes[0]-- == 0) {
              return false;
            }
            store.db().flush();
            return true;
          });
      store.scheduler().runUntil(() -> working[0] == 0);
      assertEquals(0, store.db().statistics().openSnapshots());
    }
    int failed = clients.stream().mapToInt(TransactionClient::failed).sum();
    assertEquals(CLIENTS * TRANSACTIONS, history.size() + failed);
    assertThat(history).hasSizeGreaterThan(CLIENTS * TRANSACTIONS / 8);
    return history;
  }

  private static void simulate(
      TransactionOptions options, Function<Collection<Committed>, Optional<String>> check) {
    int committed = 0;
    for (long seed = SEED; seed < SEED + HISTORIES; seed++) {
      List<Committed> history = simulated(seed, options);
      committed += history.size();
      assertThat(check.apply(history))
          .as("-Datlaskv.transactions.histories=1 -Datlaskv.seed=%d, %s", seed, options)
          .isEmpty();
    }
    System.out.println(
        "TransactionModelTest: " + committed + " committed, " + options + ", seeds from " + SEED);
  }

  @Test
  void optimisticSerializableHistoriesAre() {
    simulate(OPTIMISTIC, TransactionHistory::serializabilityViolation);
  }

  @Test
  void pessimisticSerializableHistoriesAre() {
    simulate(PESSIMISTIC, TransactionHistory::serializabilityViolation);
  }

  @Test
  void optimisticSnapshotHistoriesAre() {
    simulate(snapshot(OPTIMISTIC), TransactionHistory::snapshotViolation);
  }

  @Test
  void pessimisticSnapshotHistoriesAre() {
    simulate(snapshot(PESSIMISTIC), TransactionHistory::snapshotViolation);
  }

  @Test
  void aHistoryCanBeReplayed() {
    assertEquals(simulated(SEED, OPTIMISTIC), simulated(SEED, OPTIMISTIC));
    assertEquals(simulated(SEED, PESSIMISTIC), simulated(SEED, PESSIMISTIC));
  }

  /// Clients of both kinds and of both levels in one store: the serializable ones are that against
  /// all others only if those are too; but whoever it is, it reads as of one moment.
  @Test
  void threadsOfEachKindAreSerializable() throws Exception {
    Collection<Committed> history = new ConcurrentLinkedQueue<>();
    var options = RandomOptions.SMALL.withMemtableEntriesMax(300);
    try (Db db = AtlasKv.open(directory, options);
        var threads = Executors.newVirtualThreadPerTaskExecutor()) {
      var results = new ArrayList<Future<?>>();
      for (int i = 0; i < CLIENTS; i++) {
        TransactionOptions own =
            i % 2 == 0 ? OPTIMISTIC : PESSIMISTIC.withLockTimeout(Duration.ofMinutes(1));
        var client = new TransactionClient(db, own, "c" + i + ".", SEED + i, KEYS, history);
        results.add(
            threads.submit(() -> {
              while (client.step(1_000)) {
                Thread.onSpinWait();
              }
            }));
      }
      for (Future<?> result : results) {
        result.get(2, TimeUnit.MINUTES);
      }
      assertEquals(0, db.statistics().openSnapshots());
    }
    assertThat(TransactionHistory.serializabilityViolation(history)).as("seed %d", SEED).isEmpty();
    assertThat(history).hasSizeGreaterThan(CLIENTS * 1_000 / 4);
  }

  // ---- the checker bites

  /// Snapshot isolation is no serializability, and on so few keys that shows.
  @Test
  void theCheckerFindsWriteSkew() {
    assertThat(violations(snapshot(OPTIMISTIC), TransactionHistory::serializabilityViolation))
        .isGreaterThan(HISTORIES / 2);
  }

  /// Serializable transactions may both write a key that neither has read.
  @Test
  void theCheckerFindsTwoWritersOfAKey() {
    assertThat(violations(OPTIMISTIC, TransactionHistory::snapshotViolation))
        .isGreaterThan(HISTORIES / 2);
  }

  private static long violations(
      TransactionOptions options, Function<Collection<Committed>, Optional<String>> check) {
    long found = 0;
    for (long seed = SEED; seed < SEED + HISTORIES; seed++) {
      found += check.apply(simulated(seed, options)).isPresent() ? 1 : 0;
    }
    return found;
  }

  @Test
  void theCheckerFindsEachWrongAnswer() {
    List<Committed> history = simulated(SEED, OPTIMISTIC);
    int planted = 0;
    for (int i = 0; i < history.size(); i++) {
      Committed right = history.get(i);
      for (int step = 0; step < right.steps().size(); step++) {
        if (right.steps().get(step).step().isWrite()) {
          continue;
        }
        var steps = new ArrayList<>(right.steps());
        steps.set(step, new Answered(steps.get(step).step(), "wrong"));
        var wrong = new ArrayList<>(history);
        wrong.set(i, new Committed(right.name(), right.readAt(), right.committedAt(), steps));
        assertThat(TransactionHistory.serializabilityViolation(wrong)).isPresent();
        planted++;
      }
    }
    assertThat(planted).isGreaterThan(history.size() / 2);
  }

  /// A lost commit is found if anybody has read what it wrote.
  @Test
  void theCheckerFindsLostCommits() {
    List<Committed> history = simulated(SEED, OPTIMISTIC);
    int found = 0;
    for (Committed lost : history) {
      var rest = new ArrayList<>(history);
      rest.remove(lost);
      found += TransactionHistory.serializabilityViolation(rest).isPresent() ? 1 : 0;
    }
    assertThat(found).isGreaterThan(history.size() / 4);
  }
}
