package io.atlaskv.engine.internal.db;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.atlaskv.engine.AtlasKv;
import io.atlaskv.engine.Backups;
import io.atlaskv.engine.StoreTools;
import io.atlaskv.engine.api.BackupInfo;
import io.atlaskv.engine.api.BulkLoad;
import io.atlaskv.engine.api.ChangeBatch;
import io.atlaskv.engine.api.ChangeFeed;
import io.atlaskv.engine.api.CompactionStyle;
import io.atlaskv.engine.api.CorruptionException;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.NamespaceOptions;
import io.atlaskv.engine.api.Options;
import io.atlaskv.engine.api.Range;
import io.atlaskv.engine.api.StorageException;
import io.atlaskv.engine.api.tools.RepairReport;
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

  /// What a store that was restored writes has the sequences of what was given up.
  @Test
  void momentsOfTheNewestPastAreRestored() {
    long back;
    long given;
    try (Db db = store()) {
      put(db, "common", 10);
      back = db.backup(repository).lastSequence();
      put(db, "given up", 10);
      given = db.backup(repository).lastSequence();
    }
    Backups.restoreToSequence(repository, back, target);
    long wanted;
    try (Db db = AtlasKv.open(target, OPTIONS)) {
      put(db, "new", 20);
      BackupInfo made = db.backup(repository);
      assertThat(made.firstSequence()).isLessThanOrEqualTo(back + 1);
      wanted = made.lastSequence() - 5;
      assertThat(wanted).isGreaterThan(given);
    }
    Path to = directory.resolve("moment");
    assertEquals(wanted, Backups.restoreToSequence(repository, wanted, to));
    try (Db db = AtlasKv.open(to, OPTIONS)) {
      assertEquals(10, count(db, "common"));
      assertEquals(0, count(db, "given up"));
      assertEquals(15, count(db, "new"));
    }
    Backups.delete(repository, 3); // the newest past is that of the first store again
    Path other = directory.resolve("given-up");
    assertEquals(given - 1, Backups.restoreToSequence(repository, given - 1, other));
    try (Db db = AtlasKv.open(other, OPTIONS)) {
      assertEquals(9, count(db, "given up"));
    }
  }

  /// Without its manifest a store does not know that it was a copy, whose sequences are those of
  /// others: no moment is made of backups of before and after.
  @Test
  void aStoreWithoutItsManifestHasNoPastInTheRepository() throws IOException {
    try (Db db = store()) {
      put(db, "common", 10);
      db.backup(repository);
      put(db, "given up", 10);
      db.backup(repository);
    }
    Backups.restore(repository, 1, target);
    try (Db db = AtlasKv.open(target, OPTIONS)) {
      put(db, "new", 10);
      db.flush();
    }
    List<Path> files;
    try (Stream<Path> all = Files.list(target)) {
      files = all.toList();
    }
    for (Path file : files) {
      String name = file.getFileName().toString();
      if (name.equals("CURRENT") || name.equals("COMMITTED") || name.startsWith("MANIFEST")) {
        Files.delete(file);
      }
    }
    RepairReport report = StoreTools.repair(target, loss -> {});
    assertEquals(RepairReport.ManifestFate.REBUILT, report.manifest());
    long moment;
    long later;
    try (Db db = AtlasKv.open(target, OPTIONS)) {
      put(db, "late", 3);
      moment = db.statistics().lastSequence();
      put(db, "later", 3);
      db.backup(repository);
      later = db.statistics().lastSequence();
      put(db, "last", 3);
      db.backup(repository);
    }
    Path to = directory.resolve("moment");
    assertThrows(StorageException.class, () -> Backups.restoreToSequence(repository, moment, to));
    Backups.restoreToSequence(repository, later + 1, to);
    try (Db db = AtlasKv.open(to, OPTIONS)) {
      assertEquals(0, count(db, "given up"));
      assertEquals(10, count(db, "new"));
      assertEquals(1, count(db, "last"));
    }
  }

  @Test
  void aBackupRestoredTwiceHasTwoPasts() {
    try (Db db = store()) {
      put(db, "common", 10);
      db.backup(repository);
    }
    for (String name : List.of("one", "two")) {
      Path to = directory.resolve(name);
      Backups.restore(repository, 1, to);
      try (Db db = AtlasKv.open(to, OPTIONS)) {
        put(db, name, 10);
        db.backup(repository);
      }
    }
    long moment = Backups.list(repository).getLast().lastSequence() - 5;
    assertEquals(moment, Backups.restoreToSequence(repository, moment, target));
    try (Db db = AtlasKv.open(target, OPTIONS)) {
      assertEquals(10, count(db, "common"));
      assertEquals(0, count(db, "one"));
      assertEquals(5, count(db, "two"));
    }
  }

  private static void put(Db db, String prefix, int entries) {
    for (int i = 0; i < entries; i++) {
      db.put((prefix + i).getBytes(UTF_8), key(i));
    }
  }

  private static long count(Db db, String prefix) {
    try (var entries = db.range(Range.prefix(prefix)).stream()) {
      return entries.count();
    }
  }

  @Test
  void momentsOfARepositoryWithTwoStoresAreRefused() {
    long moment;
    try (Db db = store();
        Db other = AtlasKv.open(directory.resolve("other"), OPTIONS)) {
      put(db, "one", 10);
      moment = db.backup(repository).lastSequence() + 5;
      put(other, "two", 15);
      other.backup(repository);
      put(db, "more", 10);
      db.backup(repository);
    }
    var refused =
        assertThrows(
            StorageException.class, () -> Backups.restoreToSequence(repository, moment, target));
    assertThat(refused).hasMessageContaining("2 stores");
    assertThat(target).doesNotExist();
  }

  @Test
  void momentsBehindABulkLoadAreRefused() {
    long before;
    try (Db db = store()) {
      put(db, "a", 1);
      db.backup(repository);
      put(db, "b", 1);
      before = db.statistics().lastSequence();
      try (BulkLoad load = db.bulkLoad()) {
        load.put(key(1), key(2));
        load.commit();
      }
      put(db, "c", 1);
      put(db, "d", 1);
      db.backup(repository);
    }
    var refused =
        assertThrows(
            StorageException.class,
            () -> Backups.restoreToSequence(repository, before + 2, target));
    assertThat(refused).hasMessageContaining("bulk load").hasMessageContaining("backup-000002");
    assertThat(target).doesNotExist();
    assertEquals(before, Backups.restoreToSequence(repository, before, target));
    Backups.restore(repository, 2, directory.resolve("behind"));
    try (Db db = AtlasKv.open(directory.resolve("behind"), OPTIONS)) {
      assertArrayEquals(key(2), db.get(key(1)));
    }
  }

  /// Commits go on between the moment of a backup and its end.
  @Test
  void timesAroundABackupAreRestoredExactly() throws Exception {
    record Written(long sequence, long timeMillis) {}
    var written = new ArrayList<Written>();
    List<BackupInfo> backups;
    try (Db db = store();
        var threads = Executors.newSingleThreadExecutor()) {
      db.backup(repository);
      var isOver = new AtomicBoolean();
      Future<?> writer =
          threads.submit(() -> {
            for (int i = 0; !isOver.get(); i++) {
              db.put(key(i % 100), key(i));
            }
          });
      try {
        for (int i = 0; i < 3; i++) {
          db.backup(repository);
        }
      } finally {
        isOver.set(true);
      }
      writer.get(1, TimeUnit.MINUTES);
      db.backup(repository);
      backups = Backups.list(repository);
      try (ChangeFeed feed = db.changes(1, ChangeFeed.Delivery.WRITTEN)) {
        for (ChangeBatch batch = feed.poll(); batch != null; batch = feed.poll()) {
          written.add(new Written(batch.lastSequence(), batch.timeMillis()));
        }
      }
    }
    for (BackupInfo backup : backups.subList(1, 4)) {
      for (long time = backup.timeMillis() - 1; time <= backup.timeMillis() + 1; time++) {
        long limit = time;
        long expected =
            written.stream()
                .filter(batch -> batch.timeMillis() <= limit)
                .mapToLong(Written::sequence)
                .max()
                .orElse(0);
        Path to = directory.resolve("at-" + backup.number() + "-" + time);
        assertEquals(
            expected,
            Backups.restoreToTime(repository, Instant.ofEpochMilli(time), to),
            to::toString);
      }
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
