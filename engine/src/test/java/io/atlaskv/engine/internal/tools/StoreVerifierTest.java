package io.atlaskv.engine.internal.tools;

import static io.atlaskv.engine.internal.tools.StoreFiles.SEED;
import static io.atlaskv.engine.internal.tools.StoreFiles.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.Range;
import io.atlaskv.engine.api.StorageException;
import io.atlaskv.engine.api.tools.Finding;
import io.atlaskv.engine.internal.io.FaultFileSystem;
import io.atlaskv.engine.internal.io.SimPorts;
import io.atlaskv.engine.internal.tools.StoreFiles.Verified;
import java.util.Map;
import java.util.function.Consumer;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class StoreVerifierTest {
  static Stream<Arguments> shapes() {
    return Stream.of(
        shape("empty", db -> {}),
        shape("one row in the log", db -> db.put(utf8("k"), utf8("v"))),
        shape(
            "a table and no log",
            db -> {
              db.put(utf8("k"), utf8("v"));
              db.flush();
            }),
        shape(
            "only tombstones",
            db -> {
              db.deleteRange(Range.closedOpen(utf8("a"), utf8("b")));
              db.delete(utf8("k"));
              db.flush();
            }),
        shape(
            "a value larger than a block",
            db -> {
              db.put(utf8("k"), new byte[100_000]);
              db.flush();
            }),
        shape(
            "many versions of a key",
            db -> {
              for (int i = 0; i < 500; i++) {
                db.put(utf8("k"), utf8("v" + i));
              }
              db.flush();
            }),
        shape(
            "a dropped namespace",
            db -> {
              db.namespace("gone").put(utf8("k"), utf8("v"));
              db.dropNamespace("gone");
              db.flush();
            }),
        shape("tables, tombstones and log", StoreFiles::fill));
  }

  private static Arguments shape(String name, Consumer<Db> work) {
    return Arguments.of(name, work);
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shapes")
  void closedStoresAreSound(String name, Consumer<Db> work) {
    var files = FaultFileSystem.create(SEED);
    StoreFiles.use(files, work);
    Verified found = StoreFiles.verify(files);
    assertThat(found.damages()).isEmpty();
    assertThat(found.report().isSealed()).isTrue();
    StoreFiles.use(files, work);
    assertThat(StoreFiles.verify(files).damages()).as("after a second life").isEmpty();
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("shapes")
  void killedStoresAreSound(String name, Consumer<Db> work) {
    FaultFileSystem killed = StoreFiles.killedAfter(FaultFileSystem.create(SEED), work);
    Verified found = StoreFiles.verify(killed);
    assertThat(found.damages()).isEmpty();
    assertThat(found.report().isSealed()).isFalse();
    FaultFileSystem again = StoreFiles.killedAfter(killed, work);
    assertThat(StoreFiles.verify(again).damages()).as("after a second life").isEmpty();
  }

  @Test
  void whatAPowerCutLeavesIsNoDamage() {
    var files = FaultFileSystem.create(SEED);
    StoreFiles.killedAfter(files, StoreFiles::fill);
    for (int draw = 0; draw < 200; draw++) {
      FaultFileSystem left = files.crash(SEED + draw);
      Map<String, byte[]> before = StoreFiles.contents(left);
      if (before.keySet().stream().allMatch(name -> name.equals("LOCK"))) {
        continue;
      }
      assertThat(StoreFiles.verify(left).damages()).as(left.origin()).isEmpty();
      StoreFiles.use(left, db -> {});
    }
  }

  @Test
  void verifyingChangesNoByte() {
    FaultFileSystem killed = StoreFiles.killedAfter(FaultFileSystem.create(SEED), StoreFiles::fill);
    Map<String, byte[]> before = StoreFiles.contents(killed);
    StoreFiles.verify(killed);
    Map<String, byte[]> after = StoreFiles.contents(killed);
    before.remove("LOCK");
    after.remove("LOCK");
    assertThat(after.keySet()).isEqualTo(before.keySet());
    after.forEach((name, bytes) -> assertThat(bytes).as(name).isEqualTo(before.get(name)));
  }

  @Test
  void countsWhatItReads() {
    var files = FaultFileSystem.create(SEED);
    StoreFiles.use(files, StoreFiles::fill);
    var report = StoreFiles.verify(files).report();
    assertThat(report.tables()).isGreaterThanOrEqualTo(2);
    assertThat(report.entries()).isGreaterThan(280);
    assertThat(report.logBatches()).isEqualTo(2);
    assertThat(report.logOperations()).isEqualTo(2);
  }

  @Test
  void everyDamagedBlockIsTold() {
    var files = FaultFileSystem.create(SEED);
    StoreFiles.use(files, StoreFiles::fill);
    String table = largestTable(files);
    byte[] bytes = files.contents(table);
    files.flip(table, 100, 1);
    files.flip(table, bytes.length - 40, 1);
    assertThat(StoreFiles.verify(files).damages()).extracting(Finding::file).containsOnly(table);
    files.flip(table, bytes.length - 40, 1);
    String other =
        files.list().stream()
            .filter(name -> name.endsWith(".sst") && !name.equals(table))
            .findFirst()
            .orElseThrow();
    files.flip(other, 80, 1);
    assertThat(StoreFiles.verify(files).damages())
        .extracting(Finding::file)
        .containsOnlyOnce(table)
        .containsOnlyOnce(other);
  }

  @Test
  void aMissingTableIsTold() {
    var files = FaultFileSystem.create(SEED);
    StoreFiles.use(files, StoreFiles::fill);
    String table = largestTable(files);
    Verified found = StoreFiles.verify(StoreFiles.without(StoreFiles.contents(files), table));
    assertThat(found.damages()).hasSize(1);
    assertThat(found.damages().getFirst().toString())
        .startsWith(table + "@0: does not exist, but MANIFEST-");
  }

  @Test
  void everyMissingFileIsTold() {
    var files = FaultFileSystem.create(SEED);
    StoreFiles.use(files, StoreFiles::fill);
    Map<String, byte[]> contents = StoreFiles.contents(files);
    for (String lost : contents.keySet()) {
      boolean isUnusedLog = lost.endsWith(".log") && isUnused(contents.get(lost));
      if (!lost.equals("LOCK") && !isUnusedLog) {
        Verified found = StoreFiles.verify(StoreFiles.without(contents, lost));
        assertThat(found.damages()).as(lost).isNotEmpty();
        assertThat(found.damages().toString()).as(lost).contains(lost);
      }
    }
  }

  @Test
  void whatDoesNotBelongIsNoted() {
    var files = FaultFileSystem.create(SEED);
    StoreFiles.use(files, StoreFiles::fill);
    files.put("999999.sst", new byte[3]);
    files.put("999999.tmp", new byte[3]);
    files.put("notes.txt", new byte[3]);
    Verified found = StoreFiles.verify(files);
    assertThat(found.report().isSound()).isTrue();
    assertThat(found.findings())
        .extracting(Finding::file)
        .containsExactly("999999.sst", "999999.tmp", "notes.txt");
  }

  @Test
  void aStoreThatIsOpenIsRefused() {
    var files = FaultFileSystem.create(SEED);
    StoreFiles.use(
        files,
        db ->
            assertThatThrownBy(() -> StoreFiles.verify(files))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("in use"));
  }

  @Test
  void aDirectoryWithoutAStoreIsRefusedAndStaysAsItIs() {
    var files = FaultFileSystem.create(SEED);
    files.put("notes.txt", new byte[3]);
    assertThatThrownBy(() -> ClosedStore.open(SimPorts.on(files, SEED).ports()))
        .isInstanceOf(StorageException.class)
        .hasMessageEndingWith(": no store here");
    assertThat(files.list()).containsExactly("notes.txt");
  }

  /// True of a segment made ahead of its use.
  private static boolean isUnused(byte[] segment) {
    for (int at = 88; at < segment.length; at++) {
      if (segment[at] != 0) {
        return false;
      }
    }
    return true;
  }

  private static String largestTable(FaultFileSystem files) {
    return files.list().stream()
        .filter(name -> name.endsWith(".sst"))
        .max((a, b) -> Long.compare(files.size(a), files.size(b)))
        .orElseThrow();
  }
}
