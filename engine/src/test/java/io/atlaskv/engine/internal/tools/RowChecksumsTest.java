package io.atlaskv.engine.internal.tools;

import static io.atlaskv.engine.internal.tools.StoreFiles.SEED;
import static io.atlaskv.engine.internal.tools.StoreFiles.SMALL;
import static io.atlaskv.engine.internal.tools.StoreFiles.utf8;
import static org.assertj.core.api.Assertions.assertThat;

import io.atlaskv.engine.api.Compression;
import io.atlaskv.engine.api.Cursor;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.Loss;
import io.atlaskv.engine.api.Options;
import io.atlaskv.engine.api.Range;
import io.atlaskv.engine.api.tools.RepairReport;
import io.atlaskv.engine.internal.io.FaultFileSystem;
import io.atlaskv.engine.internal.io.SimPorts;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// The option `rowChecksums`, seen from outside.
class RowChecksumsTest {
  private static final int ROWS = 500;
  private static final Options PLAIN = SMALL.withCompression(Compression.NONE);
  private static final Options SUMMED = PLAIN.withRowChecksums(true);

  @Test
  void mayBeTurnedOnAndOff() {
    var files = FaultFileSystem.create(SEED);
    var model = new TreeMap<String, String>();
    for (int life = 0; life < 6; life++) {
      int version = life;
      StoreFiles.use(
          files,
          life % 2 == 0 ? SUMMED : PLAIN,
          db -> {
            put(db, model, version);
            db.flush();
            assertThat(read(db)).isEqualTo(model);
            if (version % 3 == 2) {
              db.compact();
              assertThat(read(db)).isEqualTo(model);
            }
          });
      assertThat(StoreFiles.verify(files).damages()).isEmpty();
    }
  }

  @Test
  void ofADamagedBlockRepairLosesTheDamagedRowOnly() {
    assertThat(repaired(SUMMED).entriesLost()).isEqualTo(1);
    assertThat(repaired(PLAIN).entriesLost()).isGreaterThan(10);
  }

  /// Flips one bit of one value, repairs, and compares what is left.
  private static RepairReport repaired(Options options) {
    var files = FaultFileSystem.create(SEED);
    var model = new TreeMap<String, String>();
    StoreFiles.use(
        files,
        options,
        db -> {
          put(db, model, 0);
          db.flush();
          db.compact();
        });
    Map<String, byte[]> contents = StoreFiles.contents(files);
    String key = key(250);
    String table =
        contents.keySet().stream()
            .filter(name -> name.endsWith(".sst") && indexOf(contents, name, model.get(key)) >= 0)
            .findAny()
            .orElseThrow();
    byte[] damaged = contents.get(table).clone();
    damaged[indexOf(contents, table, model.get(key)) + 3] ^= 4;
    FaultFileSystem left = StoreFiles.with(contents, table, damaged);
    var losses = new ArrayList<Loss>();
    RepairReport report;
    try (var store = ClosedStore.open(SimPorts.on(left, SEED).ports())) {
      report = StoreRepair.repair(store, left.directories("aside"), losses::add);
    }
    assertThat(losses).hasSize(1);
    assertThat(losses.getFirst().file()).isEqualTo(table);
    assertThat(StoreFiles.verify(left).damages()).isEmpty();
    StoreFiles.use(
        left,
        options,
        db -> {
          Map<String, String> rows = read(db);
          assertThat(rows).hasSize(ROWS - (int) report.entriesLost()).doesNotContainKey(key);
          assertThat(model.entrySet()).containsAll(rows.entrySet());
        });
    return report;
  }

  private static void put(Db db, Map<String, String> model, int version) {
    for (int i = 0; i < ROWS; i += version + 1) {
      String value = "value " + i + " of version " + version;
      db.put(utf8(key(i)), utf8(value));
      model.put(key(i), value);
    }
    db.delete(utf8(key(version)));
    model.remove(key(version));
    if (version == 0) {
      db.put(utf8(key(0)), utf8("again"));
      model.put(key(0), "again");
    }
  }

  private static String key(int number) {
    return "key" + (1_000 + number);
  }

  private static Map<String, String> read(Db db) {
    var rows = new TreeMap<String, String>();
    try (Cursor cursor = db.range(Range.all()).open()) {
      for (; cursor.isValid(); cursor.next()) {
        rows.put(text(cursor.key()), text(cursor.value()));
        assertThat(db.get(cursor.key())).isEqualTo(cursor.value());
      }
    }
    return rows;
  }

  private static int indexOf(Map<String, byte[]> contents, String name, String value) {
    return new String(contents.get(name), StandardCharsets.ISO_8859_1).indexOf(value);
  }

  private static String text(byte[] bytes) {
    return new String(bytes, StandardCharsets.UTF_8);
  }
}
