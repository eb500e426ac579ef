package io.atlaskv.engine.internal.embedded;

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
import io.atlaskv.engine.api.StorageException;
import io.atlaskv.engine.api.UnsupportedFormatException;
import io.atlaskv.engine.internal.base.BatchBuilder;
import io.atlaskv.engine.internal.db.Engine;
import io.atlaskv.engine.internal.db.EngineOpener;
import io.atlaskv.engine.internal.db.NamespaceKey;
import io.atlaskv.engine.internal.db.NamespaceRow;
import io.atlaskv.engine.internal.db.SimStore;
import io.atlaskv.engine.internal.io.Fault;
import io.atlaskv.engine.internal.io.FaultFileSystem;
import io.atlaskv.engine.internal.io.Operation;
import io.atlaskv.engine.internal.manifest.Tree;
import io.atlaskv.engine.internal.manifest.TreeProfile;
import java.nio.file.Path;
import java.time.Duration;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;
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

  private static boolean isOfManifest(Operation operation) {
    return operation.name().startsWith("MANIFEST");
  }

  /// The tree as the manifest has it; null if there is none.
  private static @Nullable TreeProfile profile(SimStore store, int id) {
    Tree tree = ((EmbeddedDb) store.db()).engine().trees().all().get(id);
    return tree == null ? null : tree.profile();
  }

  /// What was refused is not taken for done when it is tried again.
  @Test
  void aStyleThatCouldNotBeGivenIsGivenLater() {
    var files = FaultFileSystem.create(1);
    try (var store = SimStore.open(files, 1, Options.DEFAULT)) {
      KeyValueStore log = store.db().namespace("log");
      int id = ((EmbeddedNamespace) log).namespaceId();
      files.failAlways(NamespaceOptionsTest::isOfManifest, Fault.ENOSPC);
      assertThatThrownBy(() -> store.db().namespace("log", OPTIONS))
          .isInstanceOf(StorageException.class);
      assertThat(log.options()).isEqualTo(NamespaceOptions.DEFAULT);
      assertThat(profile(store, id)).isNull();
      files.clearFaults();
      store.db().namespace("log", OPTIONS);
      assertThat(log.options()).isEqualTo(OPTIONS);
      assertThat(profile(store, id)).isEqualTo(new TreeProfile(DAILY, true, false));
    }
  }

  @Test
  void aDropIsDoneThoughItsTreeStays() {
    var files = FaultFileSystem.create(1);
    int id;
    try (var store = SimStore.open(files, 1, Options.DEFAULT)) {
      id = ((EmbeddedNamespace) store.db().namespace("log", OPTIONS)).namespaceId();
      files.failAlways(NamespaceOptionsTest::isOfManifest, Fault.ENOSPC);
      assertThat(store.db().dropNamespace("log")).isTrue();
      assertThat(store.db().findNamespace("log")).isEmpty();
      files.clearFaults();
    }
    try (var store = SimStore.open(files, 1, Options.DEFAULT)) {
      assertThat(store.db().findNamespace("log")).isEmpty();
      TreeProfile left = profile(store, id);
      assertThat(left == null || left.isDropped()).isTrue();
    }
  }

  /// The manifest may know of a drop that the log has lost.
  @Test
  void aNamespaceThatIsThereHasATreeThatStays() {
    var files = FaultFileSystem.create(1);
    int id;
    try (var store = SimStore.open(files, 1, Options.DEFAULT)) {
      KeyValueStore log = store.db().namespace("log", OPTIONS);
      log.put(new byte[] {1}, new byte[] {2});
      store.db().flush(); // an empty tree would be forgotten, and made anew
      id = ((EmbeddedNamespace) log).namespaceId();
      ((EmbeddedDb) store.db()).engine().trees().forget(id);
      assertThat(profile(store, id).isDropped()).isTrue();
    }
    try (var store = SimStore.open(files, 1, Options.DEFAULT)) {
      assertThat(profile(store, id)).isEqualTo(new TreeProfile(DAILY, false, false));
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

  /// An older release skips the shares: they change nothing that is stored.
  @Test
  void sharesAreIgnorable() {
    assertThat(hex(NamespaceOptions.DEFAULT.withIoShares(300)))
        .isEqualTo("4100000001" + "0f02" + "ac02");
    assertThatThrownBy(() -> decode("4100000001" + "0f02" + "914e")) // 10,001
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining("ioShares");
  }

  /// An older release skips the prefix filter: tables are the same to it with and without.
  @Test
  void prefixBytesAreIgnorable() {
    assertThat(hex(NamespaceOptions.DEFAULT.withPrefixBytes(300)))
        .isEqualTo("4100000001" + "1102" + "ac02");
    assertThatThrownBy(() -> decode("4100000001" + "1102" + "8108")) // 1,025
        .isInstanceOf(CorruptionException.class)
        .hasMessageContaining("prefixBytes must be 0 to 1024, is 1025");
    assertThatThrownBy(() -> NamespaceOptions.DEFAULT.withPrefixBytes(-1))
        .hasMessage("prefixBytes must be 0 to 1024, is -1");
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
  void eachPartOfSizeTieredIsChangedAlone() {
    CompactionStyle.SizeTiered standard = CompactionStyle.SIZE_TIERED;
    assertThat(standard).isEqualTo(new CompactionStyle.SizeTiered(4, 1 << 20, 0, Duration.ZERO));
    var tiered = new CompactionStyle.SizeTiered(8, 2 << 20, 4 << 20, Duration.ofDays(1));
    assertThat(
            standard
                .withTables(8)
                .withBytesMin(2 << 20)
                .withBytesMax(4 << 20)
                .withAgeMax(Duration.ofDays(1)))
        .isEqualTo(tiered);
    assertThatThrownBy(() -> tiered.withBytesMin(5 << 20)).hasMessageContaining("bytesMax");
    assertThatThrownBy(() -> tiered.withAgeMax(Duration.ofNanos(1))).hasMessageContaining("ageMax");
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
