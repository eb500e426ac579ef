package io.atlaskv.engine.internal.tools;

import static io.atlaskv.engine.internal.tools.StoreFiles.SEED;
import static io.atlaskv.engine.internal.tools.StoreFiles.SMALL;
import static io.atlaskv.engine.internal.tools.StoreFiles.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atlaskv.engine.api.Cursor;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.HistoryGoneException;
import io.atlaskv.engine.api.KeyValueStore;
import io.atlaskv.engine.api.Loss;
import io.atlaskv.engine.api.Options;
import io.atlaskv.engine.api.Range;
import io.atlaskv.engine.api.RecoveryMode;
import io.atlaskv.engine.api.Snapshot;
import io.atlaskv.engine.api.StorageException;
import io.atlaskv.engine.api.tools.RepairReport;
import io.atlaskv.engine.api.tools.RepairReport.ManifestFate;
import io.atlaskv.engine.internal.db.EngineOpener;
import io.atlaskv.engine.internal.embedded.EmbeddedDb;
import io.atlaskv.engine.internal.io.Fault;
import io.atlaskv.engine.internal.io.FaultFileSystem;
import io.atlaskv.engine.internal.io.SimPorts;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.TreeMap;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/// Bytes of every file of a small store are flipped, files are cut and lost; after a repair the
/// store opens `STRICT`, and what could be read is there.
class StoreRepairTest {
  /// Every so many bytes one is damaged.
  private static final int STRIDE = Integer.getInteger("atlaskv.damage.stride", 211);

  private static final int ROWS = 1_000;

  private static Map<String, byte[]> sound;
  private static Map<String, String> model;

  /// What a repair has left and told.
  private record Repaired(FaultFileSystem files, RepairReport report, List<Loss> losses) {
    Map<String, String> rows() {
      return read(files);
    }
  }

  @BeforeAll
  static void makeStore() {
    var files = FaultFileSystem.create(SEED);
    StoreFiles.use(files, StoreRepairTest::fill);
    sound = StoreFiles.contents(files);
    model = read(files);
    assertThat(model).hasSizeGreaterThan(ROWS - 100);
  }

  /// A table at the bottom, two of level 0, and a log with more.
  private static void fill(Db db) {
    for (int i = 0; i < ROWS; i++) {
      db.put(key(i), value(i, 0));
    }
    db.deleteRange(Range.closedOpen(key(100), key(120)));
    db.flush();
    db.compact();
    for (int i = 0; i < ROWS; i += 3) {
      db.put(key(i), value(i, 1));
    }
    db.delete(key(7));
    db.flush();
    db.deleteRange(Range.closedOpen(key(200), key(210)));
    db.namespace("one").put(key(1), utf8("1"));
    db.flush();
    for (int i = 0; i < 100; i++) {
      db.put(key(2 * i), value(2 * i, 2));
    }
    db.delete(key(11));
  }

  private static byte[] key(int number) {
    return utf8("key" + (10_000 + number));
  }

  private static byte[] value(int number, int version) {
    return utf8("value " + Integer.toHexString(number * 0x9e3779b9) + " " + version);
  }

  private static Map<String, String> read(FaultFileSystem files) {
    Map<String, String> rows = new TreeMap<String, String>();
    SimPorts world = SimPorts.on(files, SEED);
    var strict = SMALL.withRecoveryMode(RecoveryMode.STRICT).withCreateIfMissing(false);
    try (var db =
        new EmbeddedDb(EngineOpener.open(world.ports(), strict, 1L << 30, 64L << 20), strict)) {
      for (String name : db.namespaces()) {
        KeyValueStore namespace = db.namespace(name);
        try (Cursor cursor = namespace.range(Range.all()).open()) {
          for (cursor.seekToFirst(); cursor.isValid(); cursor.next()) {
            rows.put(
                name + "/" + new String(cursor.key(), StandardCharsets.UTF_8),
                new String(cursor.value(), StandardCharsets.UTF_8));
          }
        }
      }
    }
    return rows;
  }

  private static Repaired repair(FaultFileSystem files) {
    var losses = new ArrayList<Loss>();
    try (var store = ClosedStore.open(SimPorts.on(files, SEED).ports())) {
      RepairReport report = StoreRepair.repair(store, files.directories("aside"), losses::add);
      return new Repaired(files, report, losses);
    }
  }

  private static Repaired repairWith(String name, byte[] bytes) {
    return repair(StoreFiles.with(sound, name, bytes));
  }

  private static List<String> files(String suffix) {
    return sound.keySet().stream().filter(name -> name.endsWith(suffix)).sorted().toList();
  }

  private static String manifest() {
    return sound.keySet().stream().filter(name -> name.startsWith("MANIFEST")).findAny().get();
  }

  @Test
  void aSoundStoreIsNotTouched() {
    FaultFileSystem files = StoreFiles.with(sound, "", new byte[0]);
    Repaired repaired = repair(files);
    assertThat(repaired.report().isChanged()).isFalse();
    assertThat(repaired.losses()).isEmpty();
    StoreFiles.contents(files)
        .forEach((name, bytes) -> {
          if (!name.equals("LOCK")) {
            assertThat(bytes).as(name).isEqualTo(sound.get(name));
          }
        });
  }

  @Test
  void aDamagedManifestCostsNothing() {
    for (String name : List.of("CURRENT", "COMMITTED", manifest())) {
      byte[] whole = sound.get(name);
      for (int at = 0; at < whole.length; at += 7) {
        byte[] flipped = whole.clone();
        flipped[at] ^= (byte) (1 << at % Byte.SIZE);
        requireAll(repairWith(name, flipped), name + " flipped at " + at);
        if (at > 0 || !name.equals("COMMITTED")) { // empty is what a first open may leave of it
          requireAll(repairWith(name, Arrays.copyOf(whole, at)), name + " cut at " + at);
        }
      }
      requireAll(repair(StoreFiles.without(sound, name)), name + " lost");
    }
  }

  private static void requireAll(Repaired repaired, String what) {
    assertThat(repaired.report().isChanged()).as(what).isTrue();
    assertThat(repaired.report().entriesLost()).as(what).isZero();
    assertThat(repaired.rows()).as(what).isEqualTo(model);
    requireSound(repaired, what);
  }

  private static void requireSound(Repaired repaired, String what) {
    assertThat(StoreFiles.verify(repaired.files()).damages()).as(what).isEmpty();
    assertThat(repair(repaired.files()).report().isChanged()).as(what + ", again").isFalse();
  }

  @Test
  void withoutManifestAllTablesAreMerged() {
    Repaired repaired =
        repair(
            StoreFiles.with(
                StoreFiles.contents(StoreFiles.without(sound, manifest())),
                "CURRENT",
                sound.get("CURRENT")));
    assertThat(repaired.report().manifest()).isEqualTo(ManifestFate.REBUILT);
    assertThat(repaired.report().isLogKept()).isFalse();
    assertThat(repaired.rows()).isEqualTo(model);
  }

  @Test
  void aManifestIsFoundWithoutCurrent() {
    Repaired repaired = repair(StoreFiles.without(sound, "CURRENT"));
    assertThat(repaired.report().manifest()).isEqualTo(ManifestFate.FOUND);
    assertThat(repaired.report().tablesKept()).isEqualTo(files(".sst").size());
    assertThat(repaired.report().isLogKept()).isTrue();
  }

  @Test
  void ofADamagedTableOnlyTheDamagedBlockIsLost() {
    for (String name : files(".sst")) {
      byte[] whole = sound.get(name);
      for (int at = (int) (SEED % 31); at < whole.length; at += STRIDE) {
        byte[] flipped = whole.clone();
        flipped[at] ^= (byte) (1 << at % Byte.SIZE);
        requireAllButLost(repairWith(name, flipped), name, name + " flipped at " + at);
        requireAllButLost(repairWith(name, Arrays.copyOf(whole, at)), name, name + " cut at " + at);
      }
      requireAllButLost(repair(StoreFiles.without(sound, name)), name, name + " lost");
    }
  }

  private static void requireAllButLost(Repaired repaired, String file, String what) {
    assertThat(repaired.report().isChanged()).as(what).isTrue();
    assertThat(repaired.losses()).as(what).isNotEmpty().extracting(Loss::file).containsOnly(file);
    boolean hasLostRanges =
        repaired.losses().stream().anyMatch(loss -> loss.detail().startsWith("range tombstones"))
            || !repaired.files().directory("aside/lost-1").exists(file);
    Map<String, String> rows = repaired.rows();
    Set<String> changed = changedKeys(rows);
    if (!hasLostRanges) {
      assertThat(changed.size())
          .as(what)
          .isLessThanOrEqualTo((int) repaired.report().entriesLost());
    }
    for (String key : changed) {
      String found = rows.get(key);
      assertThat(found == null || isOldVersion(key, found)).as(what + ": " + key).isTrue();
    }
    requireSound(repaired, what);
  }

  private static Set<String> changedKeys(Map<String, String> rows) {
    Set<String> keys = new HashSet<>(model.keySet());
    keys.addAll(rows.keySet());
    keys.removeIf(key -> Objects.equals(model.get(key), rows.get(key)));
    return keys;
  }

  private static boolean isOldVersion(String key, String found) {
    int number = Integer.parseInt(key.substring(key.length() - 5)) - 10_000;
    for (int version = 0; version < 3; version++) {
      if (found.equals(new String(value(number, version), StandardCharsets.UTF_8))) {
        return true;
      }
    }
    return false;
  }

  @Test
  void aDamagedBlockCostsItsRowsAndNoOthers() {
    String name = files(".sst").getFirst();
    byte[] whole = sound.get(name);
    byte[] flipped = whole.clone();
    flipped[5_000] ^= 1;
    Repaired repaired = repairWith(name, flipped);
    assertThat(repaired.losses())
        .singleElement()
        .satisfies(loss -> {
          assertThat(loss.entries()).isBetween(1L, 300L).isEqualTo(repaired.report().entriesLost());
          assertThat(loss.after()).isNotNull();
          assertThat(loss.before()).isNotNull();
          assertThat(loss.offset()).isLessThanOrEqualTo(5_000);
          assertThat(loss.offset() + loss.bytes()).isGreaterThan(5_000);
        });
    assertThat(repaired.report().tablesRewritten()).isEqualTo(1);
    assertThat(repaired.files().directory("aside/lost-1").contents(name)).isEqualTo(flipped);
  }

  @Test
  void aTableWithoutItsEndKeepsAllItsBlocks() {
    String name = files(".sst").getFirst();
    byte[] whole = sound.get(name);
    Repaired repaired = repairWith(name, Arrays.copyOf(whole, whole.length - 1));
    assertThat(repaired.report().entriesLost()).isZero();
    assertThat(repaired.rows()).isEqualTo(model);
  }

  @Test
  void ofADamagedLogOnlyTheDamagedGroupIsLost() {
    for (String name : files(".log")) {
      byte[] whole = sound.get(name);
      int used = whole.length;
      while (used > 0 && whole[used - 1] == 0) {
        used--;
      }
      for (int at = (int) (SEED % 31); at < used; at += STRIDE) {
        byte[] flipped = whole.clone();
        flipped[at] ^= (byte) (1 << at % Byte.SIZE);
        requireLogLoss(repairWith(name, flipped), 1, name + " flipped at " + at);
        requireLogLoss(
            repairWith(name, Arrays.copyOf(whole, at)), Integer.MAX_VALUE, name + " cut at " + at);
      }
      requireLogLoss(repair(StoreFiles.without(sound, name)), Integer.MAX_VALUE, name + " lost");
    }
  }

  private static void requireLogLoss(Repaired repaired, int changedMax, String what) {
    RepairReport report = repaired.report();
    Map<String, String> rows = repaired.rows();
    Set<String> changed = changedKeys(rows);
    assertThat(changed.size()).as(what).isLessThanOrEqualTo(changedMax);
    if (report.isCounted()) {
      assertThat(changed.size()).as(what).isLessThanOrEqualTo((int) report.entriesLost());
    }
    assertThat(changed)
        .as(what)
        .allMatch(key -> {
          String found = rows.get(key);
          return found == null || isOldVersion(key, found);
        });
    requireSound(repaired, what);
  }

  /// Of what the log had, tables of a repair have the newest versions only.
  @Test
  void aRepairedLogHasNoHistory() {
    Options window = SMALL.withHistoryWindow(Duration.ofHours(24));
    var then = new long[1];
    FaultFileSystem killed =
        StoreFiles.killedAfter(
            FaultFileSystem.create(SEED),
            window,
            db -> {
              db.put(key(0), value(0, 1));
              db.flush();
              db.put(key(0), value(0, 2));
              then[0] = db.statistics().lastSequence();
              db.put(key(0), value(0, 3));
              for (int i = 1; i < 50; i++) {
                db.put(key(i), utf8("needle " + i));
              }
              try (Snapshot snapshot = db.snapshotAt(then[0])) {
                assertThat(snapshot.get(key(0))).isEqualTo(value(0, 2));
              }
            });
    String damaged = "";
    for (String name : killed.list()) {
      String text = new String(killed.contents(name), StandardCharsets.ISO_8859_1);
      int at = text.indexOf("needle 25");
      if (name.endsWith(".log") && at >= 0) {
        killed.flip(name, at, 1);
        damaged = name;
      }
    }
    assertThat(damaged).isNotEmpty();
    assertThat(repair(killed).report().isLogKept()).isFalse();
    StoreFiles.use(
        killed,
        window,
        db -> {
          assertThat(db.get(key(0))).isEqualTo(value(0, 3));
          long last = db.statistics().lastSequence();
          assertThatThrownBy(() -> db.snapshotAt(then[0])).isInstanceOf(HistoryGoneException.class);
          db.put(key(0), value(0, 4));
          try (Snapshot snapshot = db.snapshotAt(last)) {
            assertThat(snapshot.get(key(0))).isEqualTo(value(0, 3));
          }
        });
  }

  @Test
  void everyFailureLeavesAStoreThatCanBeRepaired() {
    String table = files(".sst").getFirst();
    byte[] flipped = sound.get(table).clone();
    flipped[5_000] ^= 1;
    Map<String, String> expected = repairWith(table, flipped).rows();
    boolean hasFailed = true;
    for (int call = 0; hasFailed; call++) {
      FaultFileSystem files = StoreFiles.with(sound, table, flipped);
      int failing = call;
      var counted = new int[1];
      files.fail(
          operation -> operation.kind().isMutating() && counted[0]++ == failing, Fault.ENOSPC);
      hasFailed = false;
      try {
        repair(files);
      } catch (StorageException _) {
        hasFailed = true;
      }
      files.clearFaults();
      repair(files);
      assertThat(read(files)).as("call " + call).isEqualTo(expected);
    }
  }

  @Test
  void aStoreInUseIsRefused() {
    FaultFileSystem files = StoreFiles.with(sound, "", new byte[0]);
    StoreFiles.use(
        files,
        db ->
            assertThatThrownBy(() -> repair(files))
                .isInstanceOf(StorageException.class)
                .hasMessageContaining("in use"));
  }

  @Test
  void anEmptyDirectoryIsNoStore() {
    assertThatThrownBy(() -> repair(FaultFileSystem.create(SEED)))
        .isInstanceOf(StorageException.class)
        .hasMessageContaining("no store here");
  }
}
