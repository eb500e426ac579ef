package io.atlaskv.engine.internal.embedded;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.atlaskv.engine.AtlasKv;
import io.atlaskv.engine.api.Codec;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.KeyValueStore;
import io.atlaskv.engine.api.NamespaceStatistics;
import io.atlaskv.engine.api.Range;
import io.atlaskv.engine.api.Snapshot;
import io.atlaskv.engine.api.WriteBatch;
import java.nio.file.Path;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What is read and written is counted for the namespace it is in, to the last one.
class NamespaceCountsTest {
  private static final byte[] KEY = new byte[10];
  private static final byte[] OTHER_KEY = new byte[20];
  private static final byte[] VALUE = new byte[100];

  @TempDir private Path directory;

  private static NamespaceStatistics of(Db db, String name) {
    return db.namespaceStatistics().get(name);
  }

  private static void assertReads(Db db, String name, long gets, long hits, long bytes) {
    NamespaceStatistics counted = of(db, name);
    assertThat(counted.gets()).as("gets").isEqualTo(gets);
    assertThat(counted.hits()).as("hits").isEqualTo(hits);
    assertThat(counted.readBytes()).as("readBytes").isEqualTo(bytes);
  }

  private static void assertWrites(Db db, String name, long writes, long bytes) {
    assertThat(of(db, name).writes()).as("writes").isEqualTo(writes);
    assertThat(of(db, name).writtenBytes()).as("writtenBytes").isEqualTo(bytes);
  }

  @Test
  void writesAreCountedWhenTheyAreCommitted() {
    try (Db db = AtlasKv.open(directory)) {
      KeyValueStore a = db.namespace("a");
      KeyValueStore b = db.namespace("b");
      a.put(KEY, VALUE);
      assertWrites(db, "a", 1, 110);
      db.write(new WriteBatch().put(a, KEY, VALUE).put(b, OTHER_KEY, VALUE).delete(b, KEY));
      assertWrites(db, "a", 2, 220);
      assertWrites(db, "b", 2, 130);
      db.transact(transaction -> transaction.of(b).put(KEY, VALUE));
      assertWrites(db, "b", 3, 240);
      var failed = new IllegalStateException("not committed");
      assertThrows(
          IllegalStateException.class,
          () ->
              db.transact(transaction -> {
                transaction.of(b).put(KEY, VALUE);
                throw failed;
              }));
      assertWrites(db, "b", 3, 240);
      b.async().put(KEY, VALUE).join();
      a.deleteRange(Range.all());
      assertWrites(db, "a", 3, 224); // the end of the range, which is a whole key
      assertWrites(db, "b", 4, 350);
      assertWrites(db, "default", 0, 0);
    }
    try (Db db = AtlasKv.open(directory)) {
      assertWrites(db, "a", 0, 0); // replayed, not written
    }
  }

  @Test
  void readsOfAllKindsAreCounted() {
    try (Db db = AtlasKv.open(directory)) {
      KeyValueStore a = db.namespace("a");
      a.put(KEY, VALUE);
      assertReads(db, "a", 0, 0, 0);
      a.get(KEY);
      a.get(OTHER_KEY);
      assertReads(db, "a", 2, 1, 100);
      assertThat(a.contains(KEY)).isTrue();
      assertReads(db, "a", 3, 2, 200);
      try (Snapshot snapshot = db.snapshot()) {
        snapshot.of(a).get(KEY);
      }
      assertReads(db, "a", 4, 3, 300);
      a.async().get(KEY, Codec.bytes()).join();
      assertReads(db, "a", 5, 4, 400);
      db.transact(transaction -> {
        transaction.of(a).get(KEY);
        transaction.of(a).put(OTHER_KEY, VALUE);
        transaction.of(a).get(OTHER_KEY); // its own
      });
      assertReads(db, "a", 6, 5, 500);
      assertReads(db, "default", 0, 0, 0);
      db.get(KEY);
      assertReads(db, "default", 1, 0, 0);
    }
  }

  @Test
  void aNamespaceMadeAnewBeginsAtZero() {
    try (Db db = AtlasKv.open(directory)) {
      db.namespace("a").put(KEY, VALUE);
      db.namespace("a").get(KEY);
      db.dropNamespace("a");
      db.namespace("a").get(KEY);
      assertWrites(db, "a", 0, 0);
      assertReads(db, "a", 1, 0, 0);
    }
  }

  /// Readers come and go with the threads; none of their counts is lost.
  @Test
  void noReadOfManyThreadsIsLost() throws InterruptedException {
    int threads = 40;
    int reads = 500;
    long all = (long) threads * reads;
    try (Db db = AtlasKv.open(directory)) {
      KeyValueStore a = db.namespace("a");
      KeyValueStore b = db.namespace("b");
      a.put(KEY, VALUE);
      var started = new ArrayList<Thread>();
      for (int i = 0; i < threads; i++) {
        started.add(
            Thread.ofVirtual()
                .start(() -> {
                  for (int read = 0; read < reads; read++) {
                    a.get(KEY);
                    b.get(KEY);
                  }
                }));
      }
      for (Thread thread : started) {
        thread.join();
      }
      assertReads(db, "a", all, all, 100 * all);
      assertReads(db, "b", all, 0, 0);
    }
  }
}
