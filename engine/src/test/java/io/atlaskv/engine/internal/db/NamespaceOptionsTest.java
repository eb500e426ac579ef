package io.atlaskv.engine.internal.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atlaskv.engine.AtlasKv;
import io.atlaskv.engine.api.CompactionStyle;
import io.atlaskv.engine.api.CorruptionException;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.Durability;
import io.atlaskv.engine.api.KeyValueStore;
import io.atlaskv.engine.api.NamespaceOptions;
import io.atlaskv.engine.api.Options;
import io.atlaskv.engine.api.ReadOnlyException;
import io.atlaskv.engine.api.UnsupportedFormatException;
import io.atlaskv.engine.internal.base.BatchBuilder;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// What a namespace was given, as it is kept, changed and read again.
class NamespaceOptionsTest {
  private static final CompactionStyle DAILY = CompactionStyle.timeWindowed(Duration.ofDays(1));
  private static final NamespaceOptions OPTIONS = NamespaceOptions.DEFAULT.withCompaction(DAILY);

  @TempDir private Path directory;

  @Test
  void optionsAreKeptAndGivenAnew() {
    try (Db db = AtlasKv.open(directory)) {
      assertThat(db.namespace("plain").options()).isEqualTo(NamespaceOptions.DEFAULT);
      KeyValueStore other = db.namespace("log", OPTIONS);
      assertThat(other.options()).isEqualTo(OPTIONS);
      assertThat(db.namespace("log")).isSameAs(other);
      assertThat(db.namespace("default", OPTIONS).options()).isEqualTo(OPTIONS);
      assertThat(db.options()).isEqualTo(OPTIONS);
    }
    try (Db db = AtlasKv.open(directory)) {
      assertThat(db.namespaces()).containsExactly("default", "log", "plain");
      assertThat(db.options()).isEqualTo(OPTIONS);
      assertThat(db.namespace("plain").options()).isEqualTo(NamespaceOptions.DEFAULT);
      KeyValueStore log = db.namespace("log");
      assertThat(log.options()).isEqualTo(OPTIONS);
      db.namespace("log", NamespaceOptions.DEFAULT);
      assertThat(log.options()).isEqualTo(NamespaceOptions.DEFAULT);
    }
    try (Db db = AtlasKv.open(directory)) {
      assertThat(db.namespace("log").options()).isEqualTo(NamespaceOptions.DEFAULT);
    }
  }

  @Test
  void theSameOptionsAreNotWrittenAgain() {
    try (Db db = AtlasKv.open(directory)) {
      db.namespace("log", OPTIONS);
      long before = db.statistics().lastSequence();
      db.namespace("log", OPTIONS);
      db.namespace("log");
      assertThat(db.statistics().lastSequence()).isEqualTo(before);
    }
  }

  @Test
  void aReadOnlyStoreTellsAndRefuses() {
    try (Db db = AtlasKv.open(directory)) {
      db.namespace("log", OPTIONS);
    }
    try (Db db = AtlasKv.openReadOnly(directory, Options.DEFAULT)) {
      assertThat(db.namespace("log", OPTIONS).options()).isEqualTo(OPTIONS);
      assertThatThrownBy(() -> db.namespace("log", NamespaceOptions.DEFAULT))
          .isInstanceOf(ReadOnlyException.class);
      assertThat(db.namespace("log").options()).isEqualTo(OPTIONS);
    }
  }

  @Test
  void bytesOfARow() {
    assertThat(hex(NamespaceOptions.DEFAULT)).isEqualTo("4100000001");
    assertThat(hex(OPTIONS)).isEqualTo("4100000001" + "0205" + "02" + "80b89929");
    var tiered = new CompactionStyle.SizeTiered(8, 300, 0, Duration.ofSeconds(1));
    assertThat(hex(NamespaceOptions.DEFAULT.withCompaction(tiered)))
        .isEqualTo("4100000001" + "0207" + "01" + "08" + "ac02" + "00" + "e807");
    assertThat(hex(NamespaceOptions.DEFAULT.withQuotaBytes(300).withQuotaEntries(5)))
        .isEqualTo("4100000001" + "0402" + "ac02" + "0601" + "05");
    assertThat(hex(NamespaceOptions.DEFAULT.withDurability(Durability.ALWAYS)))
        .isEqualTo("4100000001" + "0801" + "00");
    assertThat(
            hex(NamespaceOptions.DEFAULT.withDurability(Durability.interval(Duration.ofMillis(7)))))
        .isEqualTo("4100000001" + "0802" + "01" + "07");
    assertThat(hex(NamespaceOptions.DEFAULT.withDurability(Durability.OS)))
        .isEqualTo("4100000001" + "0801" + "02");
  }

  private static String hex(NamespaceOptions options) {
    byte[] row = new NamespaceRow(65, options).encode();
    assertThat(NamespaceRow.decode("n", row)).isEqualTo(new NamespaceRow(65, options));
    return HexFormat.of().formatHex(row);
  }

  @Test
  void unknownFieldsAreSkippedOrRefused() {
    assertThat(decode("4100000001" + "7f02aabb").options()).isEqualTo(NamespaceOptions.DEFAULT);
    assertThatThrownBy(() -> decode("4100000001" + "7e02aabb"))
        .isInstanceOf(UnsupportedFormatException.class)
        .hasMessageContaining("field 63");
  }

  /// What cannot be opened is closed again: nothing of it is left, and it can be tried again.
  @Test
  void aRefusedOpenGivesTheStoreBack() {
    try (Engine engine = EngineOpener.open(directory, Options.DEFAULT);
        var batch = new BatchBuilder()) {
      byte[] key = NamespaceKey.directory("new");
      byte[] row = HexFormat.of().parseHex("4100000001" + "7e02aabb");
      batch.put(key, 0, key.length, row, 0, row.length);
      batch.finish();
      assertThat(engine.commit(batch)).isPositive();
      engine.writeLog();
    }
    for (int i = 0; i < 2; i++) {
      assertThatThrownBy(() -> AtlasKv.open(directory))
          .isInstanceOf(UnsupportedFormatException.class)
          .hasMessageContaining("field 63");
      assertThatThrownBy(() -> AtlasKv.openReadOnly(directory, Options.DEFAULT))
          .isInstanceOf(UnsupportedFormatException.class);
      assertThatThrownBy(() -> AtlasKv.openSecondary(directory, Options.DEFAULT))
          .isInstanceOf(UnsupportedFormatException.class);
    }
    try (Engine engine = EngineOpener.open(directory, Options.DEFAULT);
        var batch = new BatchBuilder()) {
      byte[] key = NamespaceKey.directory("new");
      batch.delete(key, 0, key.length);
      batch.finish();
      assertThat(engine.commit(batch)).isPositive();
      engine.writeLog();
    }
    AtlasKv.open(directory).close();
  }

  @Test
  void damagedRowsAreRefused() {
    for (String row :
        new String[] {"410000", "410000000102", "41000000010205", "41000000010201ff"}) {
      assertThatThrownBy(() -> decode(row)).as(row).isInstanceOf(CorruptionException.class);
    }
    assertThatThrownBy(() -> decode("4100000001" + "0202" + "0200")) // a window of 0
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining("window");
  }

  private static NamespaceRow decode(String hex) {
    return NamespaceRow.decode("n", HexFormat.of().parseHex(hex));
  }

  @Test
  void stylesHaveBounds() {
    assertThatThrownBy(() -> CompactionStyle.timeWindowed(Duration.ofMillis(999)))
        .hasMessageContaining("window");
    assertThatThrownBy(() -> CompactionStyle.timeWindowed(Duration.ofSeconds(1, 1)))
        .hasMessageContaining("whole milliseconds");
    assertThatThrownBy(() -> new CompactionStyle.SizeTiered(1, 0, 0, Duration.ZERO))
        .hasMessageContaining("tables");
    assertThatThrownBy(() -> new CompactionStyle.SizeTiered(4, 2, 1, Duration.ZERO))
        .hasMessageContaining("bytesMax");
    assertThatThrownBy(() -> new CompactionStyle.SizeTiered(4, 2, 0, Duration.ofDays(-1)))
        .hasMessageContaining("ageMax");
  }
}
