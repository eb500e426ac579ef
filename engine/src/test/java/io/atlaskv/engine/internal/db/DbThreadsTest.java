package io.atlaskv.engine.internal.db;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.atlaskv.engine.AtlasKv;
import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.api.Cursor;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.KeyValueReader;
import io.atlaskv.engine.api.Range;
import io.atlaskv.engine.api.Snapshot;
import io.atlaskv.engine.api.WriteBatch;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.NavigableMap;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Real threads on a real directory. Each writer owns keys that nobody else writes and knows what
/// they hold; all write shared keys whose values only grow, and pairs that one batch makes equal.
/// The seed decides what each thread does, not how they are mixed.
class DbThreadsTest {
  private static final long SEED = Long.getLong("atlaskv.seed", 42);
  private static final int STEPS = Integer.getInteger("atlaskv.threads.steps", 3_000);
  private static final int WRITERS = 4;
  private static final int READERS = 2;
  private static final int OWN_KEYS = 150;
  private static final int SHARED_KEYS = 20;
  private static final int PAIRS = 10;
  private static final String REPLAY =
      "replay: ./mvnw test -pl engine -am -Dtest=DbThreadsTest -Datlaskv.seed=" + SEED;

  @TempDir private Path directory;

  /// Last value of each shared key; its lock makes that order the order of the writes.
  private static final class SharedKey {
    private final byte[] key;
    private long value;

    SharedKey(int number) {
      key = bytes("shared" + number);
    }

    synchronized void grow(Db db) {
      db.put(key, bytes(Long.toString(value + 1)));
      value++;
    }

    synchronized long value() {
      return value;
    }
  }

  @Test
  void threadsSeeTheirOwnWritesAndWholeBatches() throws Exception {
    System.out.println("DbThreadsTest: seed " + SEED);
    var shared = new ArrayList<SharedKey>();
    for (int i = 0; i < SHARED_KEYS; i++) {
      shared.add(new SharedKey(i));
    }
    var models = new ArrayList<StoreModel>();
    for (int life = 0; life < 2; life++) {
      try (Db db = AtlasKv.open(directory, RandomOptions.SMALL.withMemtableEntriesMax(700))) {
        run(db, life, shared, models);
      }
    }
    try (Db db = AtlasKv.open(directory, RandomOptions.SMALL)) {
      for (int writer = 0; writer < WRITERS; writer++) {
        checkOwn(db, writer, models.get(writer));
      }
      for (SharedKey key : shared) {
        assertEquals(key.value(), number(db.get(key.key)), REPLAY);
      }
      db.verify();
    }
  }

  private static void run(Db db, int life, List<SharedKey> shared, List<StoreModel> models)
      throws InterruptedException, ExecutionException {
    var isOver = new AtomicBoolean();
    var pairValue = new AtomicLong(life * 1_000_000_000L);
    try (var threads = Executors.newFixedThreadPool(WRITERS + READERS)) {
      var writers = new ArrayList<Callable<Void>>();
      for (int i = 0; i < WRITERS; i++) {
        if (models.size() == i) {
          models.add(new StoreModel());
        }
        int writer = i;
        writers.add(() -> {
          write(
              db, writer, new Random(SEED + writer + life), shared, models.get(writer), pairValue);
          return null;
        });
      }
      var readers = new ArrayList<Future<?>>();
      for (int i = 0; i < READERS; i++) {
        var random = new Random(SEED - 1 - i);
        readers.add(
            threads.submit(() -> {
              while (!isOver.get()) {
                read(db, random, shared);
              }
            }));
      }
      var written = writers.stream().map(threads::submit).toList();
      try {
        for (var writer : written) {
          writer.get();
        }
      } finally {
        isOver.set(true);
      }
      for (var reader : readers) {
        reader.get();
      }
    }
  }

  private static void write(
      Db db,
      int writer,
      Random random,
      List<SharedKey> shared,
      StoreModel model,
      AtomicLong pairValue) {
    NavigableMap<Bytes, Bytes> own = model.entries(StoreModel.DEFAULT);
    for (int step = 0; step < STEPS; step++) {
      Write write = Write.put(own(writer, random), "v" + step + "x".repeat(random.nextInt(200)));
      switch (random.nextInt(20)) {
        case 0, 1, 2, 3 -> write = Write.delete(own(writer, random));
        case 4 -> {
          String lower = own(writer, random);
          write = Write.deleteRange(lower, lower + "~");
        }
        case 5, 6 ->
            write =
                Write.batch(
                    write, Write.delete(own(writer, random)), Write.put(own(writer, random), "b"));
        case 7, 8, 9 -> shared.get(random.nextInt(shared.size())).grow(db);
        case 10, 11, 12 -> writePair(db, random, pairValue.incrementAndGet());
        default -> {} // a put
      }
      write.to(db);
      write.to(model);
      if (random.nextInt(10) == 0) {
        byte[] key = bytes(own(writer, random));
        byte[] found = db.get(key);
        assertEquals(own.get(Bytes.of(key)), found == null ? null : Bytes.of(found), REPLAY);
      }
      if (random.nextInt(400) == 0) {
        checkOwn(db, writer, model);
      }
      if (random.nextInt(1000) == 0) {
        db.flush();
      }
    }
    db.compact();
    checkOwn(db, writer, model);
  }

  private static String own(int writer, Random random) {
    return "own" + writer + "." + random.nextInt(OWN_KEYS);
  }

  private static void writePair(Db db, Random random, long value) {
    int pair = random.nextInt(PAIRS);
    byte[] text = bytes(Long.toString(value));
    db.write(
        WriteBatch.of(
            batch -> batch.put(bytes("left" + pair), text).put(bytes("right" + pair), text)));
  }

  private static void checkOwn(Db db, int writer, StoreModel model) {
    var found = new StoreModel();
    try (Cursor cursor = db.range(Range.prefix("own" + writer + ".")).open()) {
      for (; cursor.isValid(); cursor.next()) {
        found.entries(StoreModel.DEFAULT).put(Bytes.of(cursor.key()), Bytes.of(cursor.value()));
      }
    }
    assertEquals("", model.difference(found), REPLAY);
  }

  private static void read(Db db, Random random, List<SharedKey> shared) {
    try (Snapshot snapshot = db.snapshot()) {
      for (int i = 0; i < 5; i++) {
        int pair = random.nextInt(PAIRS);
        assertEquals(
            number(snapshot.get(bytes("left" + pair))),
            number(snapshot.get(bytes("right" + pair))),
            REPLAY);
      }
      assertEquals(sum(snapshot, "left"), sum(snapshot, "right"), REPLAY);
      SharedKey key = shared.get(random.nextInt(shared.size()));
      long seen = number(snapshot.get(key.key));
      assertEquals(seen, number(snapshot.get(key.key)), REPLAY);
      long later = number(db.get(key.key));
      assertEquals(later, Math.max(seen, later), "a value went back; " + REPLAY);
    }
  }

  private static long sum(KeyValueReader reader, String prefix) {
    long sum = 0;
    try (Cursor cursor = reader.range(Range.prefix(prefix)).open()) {
      for (; cursor.isValid(); cursor.next()) {
        sum += number(cursor.value());
      }
    }
    return sum;
  }

  private static long number(byte @Nullable [] text) {
    return text == null ? 0 : Long.parseLong(new String(text, StandardCharsets.UTF_8));
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
