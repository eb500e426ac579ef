package io.atlaskv.engine.internal.db;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.atlaskv.engine.AtlasKv;
import io.atlaskv.engine.Backups;
import io.atlaskv.engine.api.BackupInfo;
import io.atlaskv.engine.api.CompactionStyle;
import io.atlaskv.engine.api.CorruptionException;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.NamespaceOptions;
import io.atlaskv.engine.api.Options;
import io.atlaskv.engine.api.Range;
import io.atlaskv.engine.api.StorageException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class BackupTest {
  private static final Options OPTIONS =
      RandomOptions.SMALL.withLogRetainedSegments(1_000).withMemtableEntriesMax(500);

  @TempDir private Path directory;
  private Path repository;
  private Path target;

  @BeforeEach
  void nameDirectories() {
    repository = directory.resolve("backups");
    target = directory.resolve("restored");
  }

  private Db store() {
    return AtlasKv.open(directory.resolve("store"), OPTIONS);
  }

  private static void fill(Db db, int from, int to) {
    var random = new Random(from);
    for (int i = from; i < to; i++) {
      byte[] value = new byte[300];
      random.nextBytes(value);
      db.put(key(i), value);
    }
  }

  private static byte[] key(int number) {
    return ("k" + number).getBytes(UTF_8);
  }

  private StoreModel restored(long number) {
    Path to = directory.resolve("restored-" + number);
    Backups.restore(repository, number, to);
    try (Db db = AtlasKv.open(to, OPTIONS)) {
      db.verify();
      return StoreModel.readAllWays(db);
    }
  }

  @Test
  void eachBackupIsItsMoment() {
    try (Db db = store()) {
      fill(db, 0, 3_000);
      StoreModel first = StoreModel.readAllWays(db);
      BackupInfo one = db.backup(repository);
      fill(db, 2_000, 4_000);
      CompactionStyle windows = CompactionStyle.timeWindowed(Duration.ofHours(1));
      db.namespace("other", NamespaceOptions.DEFAULT.withCompaction(windows)).put(key(1), key(2));
      db.flush();
      db.deleteRange(Range.atLeast(key(9)));
      db.compact();
      StoreModel second = StoreModel.readAllWays(db);
      BackupInfo two = db.backup(repository);
      fill(db, 0, 100);
      assertEquals(List.of(one, two), Backups.list(repository));
      assertEquals("", first.difference(restored(1)));
      assertEquals("", second.difference(restored(2)));
      assertEquals(List.of(), Backups.verify(repository, 1));
      assertEquals(List.of(), Backups.verify(repository, 2));
      assertEquals(1, one.number());
      assertEquals(one.bytes(), one.copiedBytes());
      assertEquals(db.statistics().lastSequence() - 100, two.lastSequence());
    }
  }

  @Test
  void whatHasNotChangedIsNotCopiedAgain() {
    try (Db db = store()) {
      fill(db, 0, 20_000);
      db.flush();
      db.compact();
      BackupInfo full = db.backup(repository);
      db.put(key(1), key(1));
      BackupInfo next = db.backup(repository);
      assertThat(next.bytes()).isGreaterThan(full.bytes() / 2);
      assertThat(next.copiedBytes()).isLessThan(full.bytes() / 20);
      Backups.delete(repository, full.number());
      assertEquals(List.of(), Backups.verify(repository, next.number()));
      assertEquals("", StoreModel.readAllWays(db).difference(restored(next.number())));
      assertEquals(List.of(next), Backups.list(repository));
    }
  }

  @Test
  void anotherStoreWithTheSameNumbersIsCopied() {
    try (Db db = store()) {
      fill(db, 0, 2_000);
      db.backup(repository);
    }
    try (Db other = AtlasKv.open(directory.resolve("other"), OPTIONS)) {
      fill(other, 0, 2_000);
      BackupInfo info = other.backup(repository);
      assertEquals(info.bytes(), info.copiedBytes());
      assertEquals("", StoreModel.readAllWays(other).difference(restored(info.number())));
    }
  }

  @Test
  void aStoreThatWasRestoredAndWentOnIsBackedUpAsWhatItIs() {
    try (Db db = store()) {
      fill(db, 0, 2_000);
      db.flush();
      db.backup(repository);
      fill(db, 2_000, 4_000);
      db.flush();
      db.backup(repository);
    }
    Backups.restore(repository, 1, target);
    try (Db db = AtlasKv.open(target, OPTIONS)) {
      fill(db, 5_000, 7_000); // tables with the numbers of others
      db.flush();
      BackupInfo info = db.backup(repository);
      assertEquals("", StoreModel.readAllWays(db).difference(restored(info.number())));
    }
  }

  @Test
  void everyFlippedBitIsFoundAndRefused() throws IOException {
    try (Db db = store()) {
      fill(db, 0, 2_000);
      db.flush();
      fill(db, 0, 10);
      db.backup(repository);
    }
    Path backup = repository.resolve("backup-000001");
    List<Path> files;
    try (Stream<Path> all = Files.list(backup)) {
      files = all.filter(file -> !file.endsWith("LOCK")).sorted().toList();
    }
    assertThat(files).hasSizeGreaterThan(4);
    var random = new Random(1);
    for (Path file : files) {
      byte[] bytes = Files.readAllBytes(file);
      boolean isLog = file.toString().endsWith(".log"); // the rest of those are zeroes
      int at = random.nextInt(isLog ? 88 : bytes.length);
      bytes[at] ^= 4;
      Files.write(file, bytes);
      assertThat(Backups.verify(repository, 1)).as(file + "@" + at).isNotEmpty();
      assertThrows(
          CorruptionException.class, () -> Backups.restore(repository, 1, target), file + "@" + at);
      assertThat(target).doesNotExist();
      bytes[at] ^= 4;
      Files.write(file, bytes);
    }
    assertEquals(List.of(), Backups.verify(repository, 1));
    Files.delete(files.getFirst());
    assertThat(Backups.verify(repository, 1)).isNotEmpty();
  }

  @Test
  void anyMomentBetweenTwoBackupsCanBeRestored() {
    long before;
    long behind;
    try (Db db = store()) {
      fill(db, 0, 1_000);
      before = db.backup(repository).lastSequence();
      for (int i = 0; i < 3_000; i++) { // one key, so that the moment is its value
        db.put(key(0), key(i));
      }
      db.flush();
      db.compact();
      behind = db.backup(repository).lastSequence();
    }
    for (long sequence : new long[] {before, before + 1, before + 1_234, behind - 1, behind}) {
      Path to = directory.resolve("at-" + sequence);
      assertEquals(sequence, Backups.restoreToSequence(repository, sequence, to));
      try (Db db = AtlasKv.open(to, OPTIONS)) {
        assertEquals(sequence, db.statistics().lastSequence());
        if (sequence > before) {
          assertArrayEquals(key((int) (sequence - before - 1)), db.get(key(0)));
        } else {
          assertEquals(300, db.get(key(0)).length);
        }
        db.put(key(0), key(0));
        db.verify();
      }
      try (Db again = AtlasKv.open(to, OPTIONS)) {
        assertArrayEquals(key(0), again.get(key(0)));
      }
    }
  }

  @Test
  void aTimeCanBeRestored() {
    Instant time;
    try (Db db = store()) {
      db.backup(repository);
      db.put(key(1), key(1));
      time = Instant.now();
      while (Instant.now().toEpochMilli() <= time.toEpochMilli()) {
        Thread.onSpinWait();
      }
      db.put(key(2), key(2));
      db.backup(repository);
    }
    assertEquals(1, Backups.restoreToTime(repository, time, target));
    try (Db db = AtlasKv.open(target, OPTIONS)) {
      assertArrayEquals(key(1), db.get(key(1)));
      assertNull(db.get(key(2)));
    }
  }

  @Test
  void momentsWithoutALogAreRefused() {
    Options options = OPTIONS.withLogRetainedSegments(0);
    long first;
    long last;
    try (Db db = AtlasKv.open(directory.resolve("store"), options)) {
      fill(db, 0, 100);
      first = db.backup(repository).lastSequence();
      fill(db, 0, 5_000);
      db.flush();
      fill(db, 0, 10);
      last = db.backup(repository).lastSequence();
    }
    for (long sequence : new long[] {first - 1, first + 1, last + 1}) {
      assertThrows(
          StorageException.class, () -> Backups.restoreToSequence(repository, sequence, target));
      assertThat(target).doesNotExist();
    }
  }

  @Test
  void worksWhileOthersWrite() throws Exception {
    try (Db db = store();
        var threads = Executors.newFixedThreadPool(2)) {
      var isOver = new AtomicBoolean();
      var writers = new ArrayList<Future<?>>();
      try {
        for (int thread = 0; thread < 2; thread++) {
          String prefix = "t" + thread;
          writers.add(
              threads.submit(() -> {
                for (int i = 0; !isOver.get(); i++) {
                  db.put((prefix + "-" + i).getBytes(UTF_8), new byte[200]);
                }
                return null;
              }));
        }
        for (int i = 1; i <= 5; i++) {
          db.backup(repository);
          assertEquals(List.of(), Backups.verify(repository, i));
        }
      } finally {
        isOver.set(true);
      }
      for (Future<?> writer : writers) {
        writer.get(1, TimeUnit.MINUTES);
      }
    }
    for (int i = 1; i <= 5; i++) {
      Path to = directory.resolve("r" + i);
      Backups.restore(repository, i, to);
      try (Db db = AtlasKv.open(to, OPTIONS)) {
        for (String prefix : List.of("t0", "t1")) { // a prefix of what each has written
          int count = 0;
          while (db.contains((prefix + "-" + count).getBytes(UTF_8))) {
            count++;
          }
          assertNull(db.get((prefix + "-" + (count + 1)).getBytes(UTF_8)));
        }
      }
    }
  }

  @Test
  void whatIsNotThereIsRefused() {
    try (Db db = store()) {
      db.backup(repository);
    }
    assertThrows(StorageException.class, () -> Backups.delete(repository, 2));
    assertThrows(StorageException.class, () -> Backups.restore(repository, 2, target));
    assertThrows(StorageException.class, () -> Backups.verify(repository, 2));
    assertThrows(StorageException.class, () -> Backups.list(directory.resolve("nowhere")));
    assertThrows(
        StorageException.class, () -> Backups.restore(repository, 1, directory.resolve("store")));
  }
}
