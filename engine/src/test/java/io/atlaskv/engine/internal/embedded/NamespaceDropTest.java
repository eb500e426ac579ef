package io.atlaskv.engine.internal.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.AtlasKv;
import io.atlaskv.engine.api.Codec;
import io.atlaskv.engine.api.CompactionStyle;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.Durability;
import io.atlaskv.engine.api.KeyValueStore;
import io.atlaskv.engine.api.NamespaceOptions;
import io.atlaskv.engine.api.Options;
import io.atlaskv.engine.api.Range;
import io.atlaskv.engine.api.WriteBatch;
import io.atlaskv.engine.internal.base.ByteArrays;
import io.atlaskv.engine.internal.cache.ReadContext;
import io.atlaskv.engine.internal.db.Engine;
import io.atlaskv.engine.internal.db.EngineCursor;
import io.atlaskv.engine.internal.db.NamespaceKey;
import io.atlaskv.engine.internal.db.RandomOptions;
import io.atlaskv.engine.internal.db.SimStore;
import io.atlaskv.engine.internal.io.FaultFileSystem;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/// Namespaces that are dropped while somebody writes to them: what is committed is covered by the
/// drop, and what comes after it is refused. Nothing is left that no name leads to.
class NamespaceDropTest {
  private static final long SEED = Long.getLong("atlaskv.seed", 42);
  private static final int HISTORIES = Integer.getInteger("atlaskv.drop.histories", 20);
  private static final String REPLAY =
      "replay: ./mvnw test -pl engine -am -Dtest=NamespaceDropTest -Datlaskv.drop.histories=1"
          + " -Datlaskv.seed=";
  private static final String NAME = "dropped";
  private static final int NAMES = 3;
  private static final int DROP_EACH = 30;
  private static final int WRITERS = 3;
  private static final int STEPS = 200;
  private static final int THREAD_STEPS = 1_500;
  private static final List<Way> WAYS = List.of(Way.values());
  private static final Options OPTIONS =
      RandomOptions.SMALL.withMemtableEntriesMax(20).withDurability(Durability.OS);

  private static byte[] key(int number) {
    return Codec.int32().toBytes(number);
  }

  /// The ways to write to a namespace.
  enum Way {
    PUT {
      @Override
      void write(Db db, KeyValueStore namespace, int key, Waiting waiting) {
        namespace.put(key(key), key(key));
      }
    },
    PUT_EXPIRING {
      @Override
      void write(Db db, KeyValueStore namespace, int key, Waiting waiting) {
        namespace.put(key(key), key(key), SimStore.expiryAtHour(1_000));
      }
    },
    DELETE {
      @Override
      void write(Db db, KeyValueStore namespace, int key, Waiting waiting) {
        namespace.delete(key(key));
      }
    },
    DELETE_RANGE {
      @Override
      void write(Db db, KeyValueStore namespace, int key, Waiting waiting) {
        namespace.deleteRange(Range.closedOpen(key(key), key(key + 1)));
      }
    },
    UPDATE {
      @Override
      void write(Db db, KeyValueStore namespace, int key, Waiting waiting) {
        namespace.update(key(key), before -> before == null ? key(key) : null);
      }
    },
    BATCH {
      @Override
      void write(Db db, KeyValueStore namespace, int key, Waiting waiting) {
        namespace.write(new WriteBatch().put(key(key), key(key)));
      }
    },
    BATCH_OF_ANOTHER {
      @Override
      void write(Db db, KeyValueStore namespace, int key, Waiting waiting) {
        db.write(new WriteBatch().put(key(key), key(key)).put(namespace, key(key), key(key)));
      }
    },
    BLIND_TRANSACTION {
      @Override
      void write(Db db, KeyValueStore namespace, int key, Waiting waiting) {
        db.transact(transaction -> transaction.of(namespace).put(key(key), key(key)));
      }
    },
    READING_TRANSACTION {
      @Override
      void write(Db db, KeyValueStore namespace, int key, Waiting waiting) {
        db.transact(transaction -> {
          transaction.get(key(key));
          transaction.of(namespace).put(key(key), key(key));
        });
      }
    },
    ASYNC {
      @Override
      void write(Db db, KeyValueStore namespace, int key, Waiting waiting) {
        waiting.until(namespace.async().put(key(key), key(key)));
      }
    },
    ASYNC_BATCH {
      @Override
      void write(Db db, KeyValueStore namespace, int key, Waiting waiting) {
        waiting.until(db.async().write(new WriteBatch().put(namespace, key(key), key(key))));
      }
    };

    /// Does it once; throws [IllegalStateException] if the namespace has been dropped.
    abstract void write(Db db, KeyValueStore namespace, int key, Waiting waiting);
  }

  /// How a future is waited for.
  interface Waiting {
    void until(CompletableFuture<?> future);
  }

  /// Runs everything else meanwhile.
  private static Waiting in(SimStore store) {
    return future -> {
      store.scheduler().runUntil(future::isDone);
      tell(future);
    };
  }

  /// Tells what a future does as the blocking methods do.
  private static void tell(CompletableFuture<?> future) {
    try {
      future.join();
    } catch (CompletionException e) {
      throw assertInstanceOf(IllegalStateException.class, e.getCause());
    }
  }

  /// Ids of namespaces that have a row.
  private static Set<Integer> idsWithRows(Db db) {
    Engine engine = ((EmbeddedDb) db).engine();
    var ids = new TreeSet<Integer>();
    try (ReadContext context = engine.newReadContext(ReadContext.Mode.BLOCKING);
        EngineCursor rows =
            engine.cursor(
                context,
                Engine.LATEST,
                NamespaceKey.end(NamespaceKey.EXPIRIES),
                NamespaceKey.first(-1))) {
      for (rows.seekToFirst(); rows.isValid(); rows.next()) {
        ids.add(ByteArrays.beInt(rows.keyBuffer(), 0));
      }
    }
    return ids;
  }

  /// Ids that names lead to.
  private static Set<Integer> idsWithNames(Db db) {
    var ids = new TreeSet<Integer>();
    for (String name : db.namespaces()) {
      ids.add(((EmbeddedReader) db.namespace(name)).namespaceId());
    }
    return ids;
  }

  /// Writes until a writer waits before its commit, where the namespace is dropped. The write is
  /// refused, and the drop is the last that the log has, also after a kill.
  @ParameterizedTest
  @EnumSource(Way.class)
  void aWriterThatWaitsIsRefused(Way way) {
    int refused = 0;
    for (long seed = SEED; seed < SEED + HISTORIES; seed++) {
      var files = FaultFileSystem.create(seed);
      SimStore store = SimStore.open(files, seed, OPTIONS);
      refused += writeUntilDropped(store, way) ? 1 : 0;
      assertEquals(Set.of(), idsWithRows(store.db()), REPLAY + seed);
      store.kill();
      try (SimStore after = SimStore.open(files, seed, OPTIONS)) {
        assertEquals(Set.of(), idsWithRows(after.db()), REPLAY + seed);
        after.db().compact();
        assertEquals(Set.of(), idsWithRows(after.db()), REPLAY + seed);
      }
    }
    assertThat(refused).as("writers that waited").isPositive();
  }

  /// Whether the call that waited was refused.
  private static boolean writeUntilDropped(SimStore store, Way way) {
    Db db = store.db();
    KeyValueStore namespace = db.namespace(NAME);
    boolean[] isDropped = {false};
    store
        .scheduler()
        .addActor(() -> {
          isDropped[0] = db.dropNamespace(NAME);
          return false;
        });
    for (int key = 0; ; key++) {
      boolean wasDropped = isDropped[0];
      try {
        way.write(db, namespace, key, in(store));
      } catch (IllegalStateException e) {
        assertThat(e).hasMessageContaining(NAME).hasMessageContaining("dropped");
        assertTrue(isDropped[0]);
        return !wasDropped;
      }
    }
  }

  /// Namespaces that are dropped and made anew by one client, while others write to what they were
  /// given before.
  private static final class Clients {
    private final Db db;
    private final Waiting waiting;
    private final AtomicReferenceArray<KeyValueStore> given = new AtomicReferenceArray<>(NAMES);

    Clients(Db db, Waiting waiting) {
      this.db = db;
      this.waiting = waiting;
      for (int number = 0; number < NAMES; number++) {
        make(number);
      }
    }

    /// Every second one has tables of its own.
    private void make(int number) {
      CompactionStyle style =
          number % 2 == 0 ? CompactionStyle.LEVELED : CompactionStyle.SIZE_TIERED;
      given.set(
          number, db.namespace(NAME + number, NamespaceOptions.DEFAULT.withCompaction(style)));
    }

    void drop(Random random) {
      int number = random.nextInt(NAMES);
      assertTrue(db.dropNamespace(NAME + number));
      make(number);
    }

    void write(Random random) {
      Way way = WAYS.get(random.nextInt(WAYS.size()));
      try {
        way.write(db, given.get(random.nextInt(NAMES)), random.nextInt(100), waiting);
      } catch (IllegalStateException e) {
        assertThat(e).hasMessageContaining("has been dropped");
      }
    }

    void check(String replay) {
      assertThat(idsWithNames(db)).as(replay).containsAll(idsWithRows(db));
    }
  }

  /// Clients in one thread: the seed says whose step is next.
  @Test
  void simulatedClientsLeaveNothingBehind() {
    for (long seed = SEED; seed < SEED + HISTORIES; seed++) {
      var files = FaultFileSystem.create(seed);
      Options options = RandomOptions.of(seed).withMemtableEntriesMax(20);
      SimStore store = SimStore.open(files, seed, options);
      var clients = new Clients(store.db(), in(store));
      int[] working = {WRITERS};
      for (int i = 0; i < WRITERS; i++) {
        var random = new Random(seed * WRITERS + i);
        int[] left = {STEPS};
        store
            .scheduler()
            .addActor(() -> {
              clients.write(random);
              working[0] -= --left[0] == 0 ? 1 : 0;
              return left[0] > 0;
            });
      }
      var random = new Random(-seed);
      store
          .scheduler()
          .addActor(() -> {
            if (random.nextInt(DROP_EACH) == 0) {
              clients.drop(random);
            }
            return working[0] > 0;
          });
      store.scheduler().runUntil(() -> working[0] == 0);
      clients.check(REPLAY + seed);
      store.kill();
      try (SimStore after = SimStore.open(files, seed, options)) {
        assertThat(idsWithNames(after.db())).as(REPLAY + seed).containsAll(idsWithRows(after.db()));
      }
    }
  }

  /// As above, with real threads: the seed decides what each does, not how they are mixed.
  @Test
  void threadsLeaveNothingBehind(@TempDir Path directory) throws Exception {
    System.out.println("NamespaceDropTest: seed " + SEED);
    try (Db db = AtlasKv.open(directory, RandomOptions.SMALL.withMemtableEntriesMax(200))) {
      var clients = new Clients(db, NamespaceDropTest::tell);
      try (var threads = Executors.newFixedThreadPool(WRITERS)) {
        var results = new ArrayList<Future<?>>();
        for (int i = 0; i < WRITERS; i++) {
          var random = new Random(SEED + i);
          results.add(
              threads.submit(() -> {
                for (int step = 0; step < THREAD_STEPS; step++) {
                  clients.write(random);
                }
              }));
        }
        var random = new Random(-SEED);
        while (!results.stream().allMatch(Future::isDone)) {
          clients.drop(random);
        }
        for (Future<?> result : results) {
          result.get();
        }
      }
      clients.check(REPLAY + SEED);
    }
  }
}
