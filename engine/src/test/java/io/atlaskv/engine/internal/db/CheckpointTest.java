package io.atlaskv.engine.internal.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.AtlasKv;
import io.atlaskv.engine.api.ClosedException;
import io.atlaskv.engine.api.Cursor;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.Options;
import io.atlaskv.engine.api.Range;
import io.atlaskv.engine.api.StorageException;
import io.atlaskv.engine.api.WriteBatch;
import io.atlaskv.engine.internal.embedded.EmbeddedDb;
import io.atlaskv.engine.internal.io.SystemPorts;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.FileStore;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicIntegerArray;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Checkpoints on a real directory, by the public API.
class CheckpointTest {
  private static final int WRITERS = 4;
  private static final int CHECKPOINTS = 12;

  @TempDir private Path temporary;

  private Path store() {
    return temporary.resolve("store");
  }

  private Path target(String name) {
    return temporary.resolve("backups").resolve(name);
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }

  private static List<String> files(Path directory) throws IOException {
    try (Stream<Path> list = Files.list(directory)) {
      return list.map(file -> file.getFileName().toString()).sorted().toList();
    }
  }

  @Test
  void holdsItsMomentAndNothingAfterIt() {
    try (Db db = AtlasKv.open(store())) {
      db.put(bytes("a"), bytes("1"));
      db.namespace("other").put(bytes("b"), bytes("2"));
      db.checkpoint(target("one"));
      db.put(bytes("a"), bytes("later"));
      db.dropNamespace("other");
      try (Db copy = AtlasKv.open(target("one"))) {
        assertArrayEquals(bytes("1"), copy.get(bytes("a")));
        assertArrayEquals(bytes("2"), copy.namespace("other").get(bytes("b")));
        assertTrue(copy.recoveryReport().wasCleanShutdown());
        copy.verify();
      }
      assertArrayEquals(bytes("later"), db.get(bytes("a")));
    }
  }

  @Test
  void aTargetThatExistsIsRefusedAndStaysAsItIs() throws IOException {
    Files.createDirectories(target("dir"));
    Files.createFile(target("file"));
    try (Db db = AtlasKv.open(store())) {
      for (String name : List.of("dir", "file")) {
        assertThatThrownBy(() -> db.checkpoint(target(name)))
            .isInstanceOf(StorageException.class)
            .hasMessageContaining(name)
            .hasMessageContaining("exists already");
      }
    }
    assertEquals(List.of("dir", "file"), files(target("dir").getParent()));
    assertEquals(List.of(), files(target("dir")));
  }

  @Test
  void anotherFileSystemIsRefusedAndNothingIsLeft() throws IOException {
    Path memory = Path.of("/dev/shm");
    Assumptions.assumeTrue(Files.isDirectory(memory) && Files.isWritable(memory));
    FileStore here = Files.getFileStore(temporary);
    Assumptions.assumeFalse(here.equals(Files.getFileStore(memory)));
    Path parent = Files.createTempDirectory(memory, "atlaskv");
    try (Db db = AtlasKv.open(store())) {
      db.put(bytes("a"), bytes("1"));
      assertThatThrownBy(() -> db.checkpoint(parent.resolve("far")))
          .isInstanceOf(StorageException.class)
          .hasMessageContaining("link");
      assertEquals(List.of(), files(parent));
      db.put(bytes("b"), bytes("2"));
      db.checkpoint(target("near"));
    } finally {
      Files.delete(parent);
    }
  }

  @Test
  void whatACrashLeftIsSweptAndWhatIsInUseStays() throws IOException {
    Path left = target("old.atlaskv-unfinished");
    Files.createDirectories(left);
    Files.createFile(left.resolve("000007.sst"));
    Path foreign = target("foreign.atlaskv-unfinished");
    Files.createDirectories(foreign);
    Files.createFile(foreign.resolve("letter.txt"));
    Path busy = target("busy.atlaskv-unfinished");
    try (Db db = AtlasKv.open(store());
        Db _ = AtlasKv.open(busy)) {
      db.checkpoint(target("new"));
      assertEquals(
          List.of("busy.atlaskv-unfinished", "foreign.atlaskv-unfinished", "new"),
          files(target("x").getParent()));
      assertThat(files(foreign)).contains("letter.txt");
      assertThatThrownBy(() -> db.checkpoint(target("a.atlaskv-unfinished")))
          .isInstanceOf(IllegalArgumentException.class);
    }
  }

  @Test
  void aRemovedCheckpointIsGone() throws IOException {
    Path parent = target("x").getParent();
    Engine engine = EngineOpener.open(store(), Options.DEFAULT);
    try (Db db = new EmbeddedDb(engine, Options.DEFAULT)) {
      db.checkpoint(target("one"));
      engine.removeCheckpoint(SystemPorts.directories(parent), "one");
      assertEquals(List.of(), files(parent));
    }
  }

  @Test
  void afterCloseItIsRefused() {
    Db db = AtlasKv.open(store());
    db.close();
    assertThatThrownBy(() -> db.checkpoint(target("late"))).isInstanceOf(ClosedException.class);
    assertTrue(Files.notExists(target("late")));
  }

  /// Tables that the store has merged away and log segments that it no longer needs stay in the
  /// checkpoint byte for byte, while the store writes on for many segments.
  @Test
  void sharedFilesNeverChange() throws IOException {
    try (Db db = AtlasKv.open(store(), RandomOptions.SMALL)) {
      fill(db, 0);
      db.flush();
      fill(db, 1);
      db.checkpoint(target("one"));
      Map<String, byte[]> before = contents(target("one"));
      assertThat(before.keySet())
          .anyMatch(name -> name.endsWith(".sst"))
          .anyMatch(name -> name.endsWith(".log"));
      for (int round = 2; round < 6; round++) {
        fill(db, round);
        db.flush();
        db.compact();
      }
      Map<String, byte[]> after = contents(target("one"));
      assertEquals(before.keySet(), after.keySet());
      before.forEach((name, content) -> assertArrayEquals(content, after.get(name), name));
    }
    try (Db copy = AtlasKv.open(target("one"))) {
      assertArrayEquals(bytes("1"), copy.get(bytes("round")));
    }
  }

  /// Checkpoints at short intervals, little written between: segments are small and do not pile up
  /// though no memtable is ever full.
  @Test
  void manyCheckpointsKeepTheLogShort() throws IOException {
    try (Db db = AtlasKv.open(store())) {
      for (int i = 0; i < 40; i++) {
        db.put(bytes("key" + i), bytes("v"));
        db.checkpoint(target("c" + i));
      }
      db.flush();
      db.put(bytes("last"), bytes("v"));
      db.checkpoint(target("last"));
      assertThat(logs(target("last"))).hasSizeLessThanOrEqualTo(3);
      assertThat(logs(target("c39"))).hasSizeLessThan(20);
      for (String name : logs(target("c39"))) {
        assertThat(Files.size(target("c39").resolve(name))).isLessThanOrEqualTo(1 << 20);
      }
    }
  }

  private static List<String> logs(Path directory) throws IOException {
    return files(directory).stream().filter(name -> name.endsWith(".log")).toList();
  }

  private static void fill(Db db, int round) {
    byte[] value = new byte[1000];
    Arrays.fill(value, (byte) round);
    for (int i = 0; i < 300; i++) {
      db.put(bytes("key" + i), value);
    }
    db.put(bytes("round"), bytes(Integer.toString(round)));
  }

  private static Map<String, byte[]> contents(Path directory) throws IOException {
    var contents = new TreeMap<String, byte[]>();
    for (String name : files(directory)) {
      contents.put(name, Files.readAllBytes(directory.resolve(name)));
    }
    return contents;
  }

  /// Writers number their commits; each writes two keys at once. What a checkpoint holds of each is
  /// a prefix: at least what had returned before it was asked for, at most what had begun when it
  /// returned, and no half of a commit.
  @Test
  void writersGoOnAndEachCheckpointIsAPrefix() throws Exception {
    var begun = new AtomicIntegerArray(WRITERS);
    var done = new AtomicIntegerArray(WRITERS);
    var isOver = new AtomicBoolean();
    var least = new ArrayList<int[]>();
    var most = new ArrayList<int[]>();
    try (Db db = AtlasKv.open(store(), RandomOptions.SMALL.withMemtableEntriesMax(3_000));
        var threads = Executors.newFixedThreadPool(WRITERS)) {
      var writers = new ArrayList<Future<?>>();
      for (int i = 0; i < WRITERS; i++) {
        int writer = i;
        writers.add(threads.submit(() -> write(db, writer, begun, done, isOver)));
      }
      try {
        for (int i = 0; i < CHECKPOINTS; i++) {
          least.add(values(done));
          db.checkpoint(target("c" + i));
          most.add(values(begun));
        }
      } finally {
        isOver.set(true);
      }
      for (Future<?> writer : writers) {
        writer.get();
      }
    }
    for (int i = 0; i < CHECKPOINTS; i++) {
      try (Db copy = AtlasKv.open(target("c" + i))) {
        for (int writer = 0; writer < WRITERS; writer++) {
          int count = count(copy, writer);
          assertThat(count).isBetween(least.get(i)[writer], most.get(i)[writer]);
          byte[] last = copy.get(bytes("last" + writer));
          assertEquals(count, last == null ? 0 : Integer.parseInt(text(last)));
        }
      }
    }
  }

  private static void write(
      Db db, int writer, AtomicIntegerArray begun, AtomicIntegerArray done, AtomicBoolean isOver) {
    for (int n = 1; !isOver.get(); n++) {
      int number = n;
      begun.set(writer, n);
      db.write(
          WriteBatch.of(batch ->
              batch
                  .put(key(writer, number), bytes("v" + number))
                  .put(bytes("last" + writer), bytes(Integer.toString(number)))));
      done.set(writer, n);
    }
  }

  private static byte[] key(int writer, int number) {
    return bytes("w" + writer + "." + (1_000_000 + number));
  }

  private static int[] values(AtomicIntegerArray array) {
    int[] values = new int[array.length()];
    Arrays.setAll(values, array::get);
    return values;
  }

  /// How many commits of a writer there are; fails if one is missing before the last.
  private static int count(Db db, int writer) {
    int count = 0;
    try (Cursor cursor = db.range(Range.prefix("w" + writer + ".")).open()) {
      for (; cursor.isValid(); cursor.next()) {
        count++;
        assertEquals(text(key(writer, count)), text(cursor.key()));
      }
    }
    assertNull(db.get(key(writer, count + 1)));
    return count;
  }

  /// Closing the store while checkpoints are made: each is whole or not there.
  @Test
  void closingTheStoreLeavesNoHalf() throws Exception {
    try (var threads = Executors.newFixedThreadPool(1)) {
      for (int round = 0; round < 10; round++) {
        Db db = AtlasKv.open(store(), RandomOptions.SMALL);
        fill(db, round);
        String name = "round" + round;
        Future<?> made =
            threads.submit(() -> {
              try {
                db.checkpoint(target(name));
              } catch (ClosedException _) {
                assertTrue(Files.notExists(target(name)));
              }
            });
        db.close();
        made.get();
        if (Files.exists(target(name))) {
          try (Db copy = AtlasKv.open(target(name))) {
            assertArrayEquals(bytes(Integer.toString(round)), copy.get(bytes("round")));
          }
        }
      }
    }
  }
}
