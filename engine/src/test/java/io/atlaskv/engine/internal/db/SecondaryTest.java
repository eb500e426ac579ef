package io.atlaskv.engine.internal.db;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.AtlasKv;
import io.atlaskv.engine.api.AtlasException;
import io.atlaskv.engine.api.BulkLoad;
import io.atlaskv.engine.api.ClosedException;
import io.atlaskv.engine.api.Cursor;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.Options;
import io.atlaskv.engine.api.Range;
import io.atlaskv.engine.api.ReadOnlyException;
import io.atlaskv.engine.api.Secondary;
import io.atlaskv.engine.api.Snapshot;
import io.atlaskv.engine.api.StorageException;
import io.atlaskv.engine.internal.embedded.EmbeddedDb;
import io.atlaskv.engine.internal.io.Fault;
import io.atlaskv.engine.internal.io.FaultFileSystem;
import io.atlaskv.engine.internal.io.Operation;
import io.atlaskv.engine.internal.io.OverlayFileSystem;
import io.atlaskv.engine.internal.io.Ports;
import io.atlaskv.engine.internal.io.SimPorts;
import java.io.BufferedReader;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// A store read beside its writer: each moment is a prefix of what was written.
class SecondaryTest {
  private static final long SEED = 5;
  private static final byte[] KEY = {'x'};
  private static final int MOMENTS = 12;

  @TempDir private Path directory;

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  /// Name and content of each file.
  private static Map<String, byte[]> content(Path directory) throws Exception {
    var content = new TreeMap<String, byte[]>();
    try (Stream<Path> files = Files.list(directory)) {
      for (Path file : files.toList()) {
        content.put(file.getFileName().toString(), Files.readAllBytes(file));
      }
    }
    return content;
  }

  /// A copy of a live store has no writer beside it that makes its next log segment meanwhile.
  @Test
  void leavesAllFilesAsTheyAre(@TempDir Path copy) throws Exception {
    try (Db writer = AtlasKv.open(directory)) {
      writer.put(KEY, bytes("2")); // no flush: a log segment would get another name meanwhile
      for (Map.Entry<String, byte[]> file : content(directory).entrySet()) {
        Files.write(copy.resolve(file.getKey()), file.getValue());
      }
    }
    Map<String, byte[]> before = content(copy);
    try (Secondary secondary = AtlasKv.openSecondary(copy, Options.DEFAULT)) {
      assertArrayEquals(bytes("2"), secondary.db().get(KEY));
      assertFalse(secondary.catchUp());
    }
    Map<String, byte[]> after = content(copy);
    assertEquals(before.keySet(), after.keySet());
    before.forEach((name, bytes) -> assertArrayEquals(bytes, after.get(name), name));
  }

  @Test
  void showsWhatIsWrittenWhenItCatchesUp() throws Exception {
    try (Db writer = AtlasKv.open(directory)) {
      writer.put(KEY, bytes("1"));
      try (Secondary secondary = AtlasKv.openSecondary(directory, Options.DEFAULT)) {
        Db first = secondary.db();
        assertArrayEquals(bytes("1"), first.get(KEY));
        assertFalse(secondary.catchUp());
        writer.put(KEY, bytes("2"));
        writer.namespace("other").put(KEY, bytes("3"));
        assertArrayEquals(bytes("1"), secondary.db().get(KEY));
        assertTrue(secondary.catchUp());
        assertArrayEquals(bytes("2"), secondary.db().get(KEY));
        assertArrayEquals(bytes("3"), secondary.db().namespace("other").get(KEY));
        assertThrows(ClosedException.class, () -> first.get(KEY));
        assertThrows(ReadOnlyException.class, () -> secondary.db().put(KEY, KEY));
      }
      writer.put(KEY, bytes("4")); // it was not disturbed
    }
  }

  @Test
  void aBulkLoadIsThereAsAWholeOnceItCatchesUp() {
    try (Db writer = AtlasKv.open(directory)) {
      writer.put(SecondaryWriter.key(1), bytes("old"));
      try (Secondary secondary = AtlasKv.openSecondary(directory, Options.DEFAULT);
          BulkLoad load = writer.bulkLoad()) {
        for (int i = 1; i < 1_000; i++) {
          load.put(SecondaryWriter.key(i), bytes("load"));
        }
        assertFalse(secondary.catchUp()); // its tables are files already, but nobody's
        load.commit();
        writer.put(SecondaryWriter.key(2), bytes("new"));
        assertArrayEquals(bytes("old"), secondary.db().get(SecondaryWriter.key(1)));
        assertNull(secondary.db().get(SecondaryWriter.key(999)));
        assertTrue(secondary.catchUp());
        assertArrayEquals(bytes("load"), secondary.db().get(SecondaryWriter.key(1)));
        assertArrayEquals(bytes("new"), secondary.db().get(SecondaryWriter.key(2)));
        try (var entries = secondary.db().range(Range.all()).stream()) {
          assertEquals(999, entries.count());
        }
        assertFalse(secondary.catchUp());
      }
    }
  }

  @Test
  void readsGoOnWhileTheWriterReplacesTheTables() {
    try (Db writer = AtlasKv.open(directory)) {
      for (int i = 0; i < 1_000; i++) {
        writer.put(SecondaryWriter.key(i), bytes("old"));
      }
      writer.compact();
      try (Secondary secondary = AtlasKv.openSecondary(directory, Options.DEFAULT);
          Cursor cursor = secondary.db().range(Range.all()).open()) {
        for (int i = 0; i < 1_000; i++) {
          writer.put(SecondaryWriter.key(i), bytes("new"));
        }
        writer.compact();
        int count = 0;
        for (; cursor.isValid(); cursor.next()) {
          assertArrayEquals(bytes("old"), cursor.value());
          count++;
        }
        assertEquals(1_000, count);
        assertTrue(secondary.catchUp());
        assertArrayEquals(bytes("new"), secondary.db().get(SecondaryWriter.key(1)));
      }
    }
  }

  @Test
  void closedItRefusesAll() {
    AtlasKv.open(directory).close();
    Secondary secondary = AtlasKv.openSecondary(directory, Options.DEFAULT);
    Db db = secondary.db();
    assertNull(db.get(KEY));
    secondary.close();
    secondary.close();
    assertThrows(ClosedException.class, secondary::db);
    assertThrows(ClosedException.class, secondary::catchUp);
    assertThrows(ClosedException.class, () -> db.get(KEY));
  }

  @Test
  void withoutAStoreThereIsNothingToRead() {
    assertThrows(AtlasException.class, () -> AtlasKv.openSecondary(directory, Options.DEFAULT));
    assertThrows(
        StorageException.class,
        () -> AtlasKv.openSecondary(directory.resolve("nowhere"), Options.DEFAULT));
  }

  /// A bulk load is in the manifest, what follows it in the log: whoever has read the one before
  /// and the other after it has to begin again.
  @Test
  void whatFollowsABulkLoadIsNotSeenWithoutIt() {
    FaultFileSystem files = FaultFileSystem.create(SEED);
    try (SimStore writer = SimStore.open(files, SEED, RandomOptions.SMALL);
        BulkLoad load = writer.db().bulkLoad()) {
      load.put(KEY, bytes("loaded"));
      boolean[] isLoaded = {false};
      files.failAlways(
          operation -> {
            if (!isLoaded[0] && operation.name().endsWith(".log")) { // the manifest was read
              isLoaded[0] = true;
              load.commit();
              writer.db().put(bytes("done"), bytes("after"));
            }
            return false;
          },
          Fault.EIO);
      try (var secondary = openSecondary(files)) {
        assertTrue(isLoaded[0]);
        assertArrayEquals(bytes("after"), secondary.get(bytes("done")));
        assertArrayEquals(bytes("loaded"), secondary.get(KEY));
      }
    }
  }

  /// Opened at any operation of the writer, it shows the sequence of a load with its entries or not
  /// at all.
  @Test
  void aBulkLoadIsNotShownBeforeItsTables() {
    FaultFileSystem files = FaultFileSystem.create(SEED);
    try (SimStore writer = SimStore.open(files, SEED, RandomOptions.SMALL);
        BulkLoad load = writer.db().bulkLoad()) {
      writer.db().put(bytes("first"), bytes("1"));
      long before = writer.db().statistics().lastSequence();
      load.put(KEY, bytes("loaded"));
      boolean[] isLooking = {false};
      var marked = new AtomicInteger();
      files.failAlways(
          operation -> {
            if (!isLooking[0]) {
              isLooking[0] = true;
              boolean isMarked = writer.db().statistics().writtenSequence() > before;
              try (Db secondary = openSecondary(files)) {
                assertArrayEquals(bytes("1"), secondary.get(bytes("first")));
                boolean hasLoad = secondary.get(KEY) != null;
                assertEquals(hasLoad, secondary.statistics().lastSequence() > before);
                marked.addAndGet(isMarked && !hasLoad ? 1 : 0);
              }
              isLooking[0] = false;
            }
            return false;
          },
          Fault.EIO);
      load.commit();
      isLooking[0] = true;
      assertTrue(marked.get() > 0, "between the mark and the tables");
      try (Db secondary = openSecondary(files)) {
        assertArrayEquals(bytes("loaded"), secondary.get(KEY));
        assertEquals(before + 2, secondary.statistics().lastSequence());
      }
    }
  }

  /// A load whose tables could not be installed is no load: what follows its mark is shown.
  @Test
  void aMarkWithoutTablesHidesNothingBehindIt() {
    FaultFileSystem files = FaultFileSystem.create(SEED);
    try (SimStore writer = SimStore.open(files, SEED, RandomOptions.SMALL);
        BulkLoad load = writer.db().bulkLoad()) {
      long before = writer.db().statistics().lastSequence();
      load.put(KEY, bytes("loaded"));
      boolean[] isFull = {true};
      files.failAlways(
          operation ->
              isFull[0]
                  && operation.name().startsWith("MANIFEST")
                  && operation.kind() == Operation.Kind.WRITE
                  && writer.db().statistics().writtenSequence() > before,
          Fault.ENOSPC);
      assertThrows(StorageException.class, load::commit);
      isFull[0] = false;
      try (Db secondary = openSecondary(files)) {
        assertEquals(before, secondary.statistics().lastSequence());
      }
      writer.db().put(bytes("next"), bytes("2"));
      try (Db secondary = openSecondary(files)) {
        assertNull(secondary.get(KEY));
        assertArrayEquals(bytes("2"), secondary.get(bytes("next")));
        assertEquals(before + 3, secondary.statistics().lastSequence());
      }
    }
  }

  private static Db openSecondary(FaultFileSystem files) {
    Supplier<Ports> ports =
        () -> {
          Ports own = SimPorts.on(files, SEED).ports();
          return new Ports(
              OverlayFileSystem.unlocked(files),
              own.clock(),
              own.scheduler(),
              own.waiter(),
              own.random());
        };
    return new EmbeddedDb(
        SecondaryOpening.open(ports, RandomOptions.SMALL, 1L << 30, 64L << 20),
        RandomOptions.SMALL);
  }

  /// The writer is another process that never stops; flushes, merges and reused log segments come
  /// between the reads of each open.
  @Test
  void eachMomentOfABusyWriterIsAPrefixOfWhatItWrote() throws Exception {
    Process writer =
        new ProcessBuilder(
                Path.of(System.getProperty("java.home"), "bin", "java").toString(),
                "-Xmx256m",
                "-cp",
                System.getProperty("java.class.path"),
                SecondaryWriter.class.getName(),
                directory.toString())
            .redirectError(ProcessBuilder.Redirect.INHERIT)
            .start();
    try (BufferedReader lines =
        new BufferedReader(
            new InputStreamReader(writer.getInputStream(), StandardCharsets.UTF_8))) {
      assertEquals("all keys are there", lines.readLine());
      try (Secondary secondary = AtlasKv.openSecondary(directory, SecondaryWriter.OPTIONS)) {
        long last = assertIsPrefix(secondary.db());
        for (int i = 0; i < MOMENTS; i++) {
          secondary.catchUp();
          long next = assertIsPrefix(secondary.db());
          assertTrue(next >= last, "from " + last + " back to " + next);
          last = next;
        }
        writer.destroyForcibly().waitFor();
        secondary.catchUp();
        assertTrue(assertIsPrefix(secondary.db()) >= last);
      }
    } finally {
      writer.destroyForcibly().waitFor();
    }
  }

  private static long assertIsPrefix(Db db) {
    try (Snapshot snapshot = db.snapshot()) {
      byte[] first = snapshot.get(SecondaryWriter.FIRST);
      byte[] last = snapshot.get(SecondaryWriter.LAST);
      assertNotNull(first);
      assertNotNull(last);
      long number = SecondaryWriter.numberIn(first);
      assertEquals(number, SecondaryWriter.numberIn(last), "half a batch");
      var expected = new TreeMap<Long, Integer>();
      try (Cursor cursor = snapshot.range(Range.prefix(new byte[] {'k'})).open()) {
        int count = 0;
        for (; cursor.isValid(); cursor.next()) {
          long found = SecondaryWriter.numberIn(cursor.value());
          assertTrue(found > number - SecondaryWriter.KEYS && found <= number, "found " + found);
          assertArrayEquals(SecondaryWriter.key(found), cursor.key());
          expected.merge(found, 1, Integer::sum);
          count++;
        }
        assertEquals(SecondaryWriter.KEYS, count);
      }
      assertEquals(SecondaryWriter.KEYS, expected.size());
      return number;
    }
  }
}
