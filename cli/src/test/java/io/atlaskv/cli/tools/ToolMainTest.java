package io.atlaskv.cli.tools;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;

import io.atlaskv.cli.client.Terminal;
import io.atlaskv.engine.AtlasKv;
import io.atlaskv.engine.Backups;
import io.atlaskv.engine.StoreTools;
import io.atlaskv.engine.api.ChangeFeed;
import io.atlaskv.engine.api.CompactionStyle;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.Durability;
import io.atlaskv.engine.api.NamespaceOptions;
import io.atlaskv.engine.api.Options;
import io.atlaskv.engine.api.Range;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/// The tools on a small store. Identities, times and idle marks of the log, which no run has like
/// another, are taken out of what they print.
class ToolMainTest {
  @TempDir Path directory;
  @TempDir Path elsewhere;

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final StringWriter err = new StringWriter();

  @BeforeEach
  void makeStore() {
    try (Db db = AtlasKv.open(directory, Options.DEFAULT.withDurability(Durability.ALWAYS))) {
      db.put(bytes("user:1"), bytes("Ada"));
      db.put(bytes("user:2"), bytes("Bob"));
      db.put(new byte[] {0, (byte) 0xff, '"'}, bytes("binary"));
      db.flush();
      db.delete(bytes("user:2"));
      db.deleteRange(Range.closedOpen(bytes("a"), bytes("b")));
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(UTF_8);
  }

  @Test
  void inspectManifest() {
    assertThat(run("inspect", "manifest", directory.toString())).isZero();
    assertThat(printed())
        .isEqualTo(
            """
            manifest            MANIFEST-000001, format 1
            store               UUID
            size                180 bytes, 3 edits, synced through 180
            next file           3
            last sequence       3
            flushed through     3
            log                 segment 1
            tables              1

            level  tree  table       bytes  entries  deletions  shadowed  ranges  sequences  keys
                0     0  000002.sst    504        3          0         0       0  1..3       1:"\\x00\\xff\\"" to 1:"user:2"
            """);
  }

  @Test
  void tablesOfAllTreesAreToldByLevel() {
    Path store = directory.resolve("trees");
    var tiered = NamespaceOptions.DEFAULT.withCompaction(CompactionStyle.SIZE_TIERED);
    try (Db db = AtlasKv.open(store)) {
      db.put(bytes("a"), bytes("1"));
      db.compact();
      db.namespace("tiered", tiered).put(bytes("a"), bytes("1"));
      db.flush();
    }
    assertThat(run("inspect", "manifest", store.toString())).isZero();
    assertThat(printed()).contains("level  tree  table");
    assertThat(levelsOf(printed())).isSorted().contains(0, 6);
    assertThat(run("stats", store.toString())).isZero();
    assertThat(levelsOf(printed())).isSorted().contains(0, 6);
  }

  /// The first numbers of the lines of a table.
  private static List<Integer> levelsOf(String printed) {
    return printed
        .lines()
        .map(line -> line.strip().split(" +"))
        .filter(cells -> cells[0].matches("\\d"))
        .map(cells -> Integer.valueOf(cells[0]))
        .toList();
  }

  @Test
  void backupsAreMadeListedVerifiedRestoredAndDeleted() throws IOException {
    String store = directory.toString();
    String backups = elsewhere.resolve("backups").toString();
    String restored = directory.resolve("restored").toString();
    assertThat(run("backup", "create", store, backups)).isZero();
    assertThat(printed()).startsWith("backup 1: ").contains("sequence 5");
    assertThat(run("backup", "create", store, backups, "--json")).isZero();
    assertThat(printed()).contains("\"number\":2,").contains("\"lastSequence\":5,");
    assertThat(run("backup", "list", backups)).isZero();
    assertThat(printed().lines().filter(line -> line.startsWith("backup "))).hasSize(2);
    assertThat(run("backup", "verify", backups, "2")).isZero();
    assertThat(run("restore", backups, restored, "--backup", "1", "--json")).isZero();
    assertThat(printed()).contains("\"lastSequence\":5}");
    try (Db db = AtlasKv.open(Path.of(restored))) {
      assertThat(db.get(bytes("user:1"))).isEqualTo(bytes("Ada"));
    }
    assertThat(run("restore", backups, restored)).isEqualTo(ToolMain.EXIT_UNREADABLE);
    assertThat(err.toString())
        .isEqualToNormalizingNewlines(
            "atlaskv restore: " + restored + ": restore failed: exists already\n");
    assertThat(run("backup", "delete", backups, "1")).isZero();
    Path table = Path.of(backups, "backup-000002", "000002.sst");
    byte[] damaged = Files.readAllBytes(table);
    damaged[100] ^= 1;
    Files.write(table, damaged);
    assertThat(run("backup", "verify", backups, "2")).isEqualTo(ToolMain.EXIT_DAMAGED);
    assertThat(printed()).contains("DAMAGE 000002.sst");
    assertThat(run("restore", backups, restored + "2")).isEqualTo(ToolMain.EXIT_DAMAGED);
    assertThat(run("restore", backups, restored + "3", "--to-time", "noon"))
        .isEqualTo(ToolMain.EXIT_MISUSE);
    for (String time : List.of("+1000000000-12-31T23:59:59.999Z", "-1000000000-01-01T00:00:00Z")) {
      assertThat(run("restore", backups, restored + "4", "--to-time", time))
          .isEqualTo(ToolMain.EXIT_UNREADABLE);
      assertThat(err.toString()).contains(" time " + time.charAt(0) + "29227"); // the last one
    }
    String last = Long.toString(Long.MAX_VALUE);
    assertThat(run("restore", backups, restored + "4", "--to-sequence", last))
        .isEqualTo(ToolMain.EXIT_UNREADABLE);
    assertThat(err.toString()).contains("no backup is behind sequence " + last + ", ");
    assertThat(run("restore", backups, restored + "4", "--backup", "9223372036854775808"))
        .isEqualTo(ToolMain.EXIT_MISUSE);
    assertThat(err.toString())
        .contains("--backup '9223372036854775808': must be a number from 1 to");
    assertThat(run("repair", "")).isEqualTo(ToolMain.EXIT_MISUSE);
    assertThat(err.toString()).startsWith("atlaskv repair: '' is no path (see ");
    assertThat(run("backup", "verify", backups)).isEqualTo(ToolMain.EXIT_MISUSE);
    assertThat(run("backup", "verify", backups, "x")).isEqualTo(ToolMain.EXIT_MISUSE);
    assertThat(run("backup")).isEqualTo(ToolMain.EXIT_MISUSE);
  }

  @Test
  void aRepositoryWithinTheDataDirectoryIsRefused() {
    String store = directory.toString();
    for (String repository : List.of(store, store + "/backups", store + "/../" + name())) {
      assertThat(run("backup", "create", store, repository)).isEqualTo(ToolMain.EXIT_MISUSE);
      assertThat(err.toString())
          .isEqualToNormalizingNewlines(
              "atlaskv backup create: the repository '"
                  + repository
                  + "' must lie outside of '"
                  + store
                  + "' (see atlaskv backup create --help)\n");
    }
    assertThat(directory.resolve("backups")).doesNotExist();
    assertThat(run("backup", "create", store, elsewhere + "/" + name())).isZero();
  }

  private String name() {
    return directory.getFileName().toString();
  }

  /// Whoever keeps a history keeps it when a tool has had the store, and can restore moments of it.
  @Test
  void toolsThatOpenAStoreKeepItsHistory() {
    Path store = directory.resolve("kept");
    Path backups = directory.resolve("backups");
    Options keeping = Options.DEFAULT.withLogRetainedSegments(10);
    for (int life = 0; life < 3; life++) {
      try (Db db = AtlasKv.open(store, keeping)) {
        for (int i = 0; i < 10; i++) {
          db.put(bytes("life " + life), bytes("write " + i));
        }
        if (life == 0) {
          db.backup(backups);
        }
        db.flush();
      }
    }
    assertThat(run("compact", store.toString())).isZero();
    assertThat(run("backup", "create", store.toString(), backups.toString())).isZero();
    assertThat(printed()).contains("backup 2: ");
    assertThat(run("inspect", "manifest", store.toString())).isZero();
    assertThat(printed()).contains("history             from segment ");
    assertThat(run("inspect", "manifest", store.toString(), "--json")).isZero();
    assertThat(printed()).contains("\"historyFrom\":");
    Path then = directory.resolve("then");
    Backups.restoreToSequence(backups, 15, then);
    try (Db db = AtlasKv.open(then)) {
      assertThat(db.get(bytes("life 1"))).isEqualTo(bytes("write 4"));
      assertThat(db.get(bytes("life 2"))).isNull();
    }
    try (Db db = AtlasKv.open(store, keeping);
        ChangeFeed feed = db.changes(11)) {
      assertThat(feed.poll(Duration.ZERO)).isNotNull();
    }
  }

  @Test
  void toolsThatOpenAStoreWithoutHistoryBeginNone() {
    assertThat(run("compact", directory.toString())).isZero();
    String backups = elsewhere.resolve("backups").toString();
    assertThat(run("backup", "create", directory.toString(), backups)).isZero();
    assertThat(StoreTools.manifest(directory).historyFrom()).isZero();
  }

  @Test
  void inspectWalWithOperations() {
    assertThat(run("inspect", "wal", directory.resolve("000001.log").toString(), "--operations"))
        .isZero();
    assertThat(printed())
        .isEqualTo(
            """
            000001.log: 1048576 bytes, store UUID
              @N batches: sequences 1, 1 batch, 72 bytes, durable through 0, TIME
                1 PUT 1:"user:1", 3 bytes
              @N batches: sequences 2, 1 batch, 72 bytes, durable through 1, TIME
                2 PUT 1:"user:2", 3 bytes
              @N batches: sequences 3, 1 batch, 72 bytes, durable through 2, TIME
                3 PUT 1:"\\x00\\xff\\"", 6 bytes
              @N batches: sequences 4, 1 batch, 64 bytes, durable through 3, TIME
                4 DELETE 1:"user:2"
              @N batches: sequences 5, 1 batch, 72 bytes, durable through 4, TIME
                5 RANGE_DELETE 1:"a" up to 1:"b"
              @N seal: next sequence 6, 40 bytes, durable through 5, TIME
            """);
  }

  @Test
  void inspectSstWithEntries() throws IOException {
    assertThat(run("inspect", "sst", table().toString(), "--entries")).isZero();
    assertThat(printed())
        .startsWith(
            """
            block 0 @72: 74 bytes, 3 rows from 1:"\\x00\\xff\\""
              1:"\\x00\\xff\\"" #3 PUT "binary"
              1:"user:1" #1 PUT "Ada"
              1:"user:2" #2 PUT "Bob"
            table               000002.sst, format 1
            store               UUID
            written             TIME
            size                504 bytes
              header            72 at 0
            """)
        .contains("rows                3, of which deletions: 0; range tombstones: 0\n")
        .endsWith("keys                1:\"\\x00\\xff\\\"\" to 1:\"user:2\"\n");
  }

  @Test
  void prefixFiltersAreTold() throws IOException {
    Path store = directory.resolve("prefixes");
    try (Db db = AtlasKv.open(store)) {
      NamespaceOptions options = NamespaceOptions.DEFAULT.withPrefixBytes(5);
      db.namespace("default", options).put(bytes("user:1"), bytes("Ada"));
      db.flush();
      assertThat(db.statistics().prefixFilterBytes()).isEqualTo(64);
    }
    assertThat(run("inspect", "sst", table().toString())).isZero();
    assertThat(printed()).contains("prefix filter       none\n");
    assertThat(run("inspect", "sst", table(store).toString())).isZero();
    assertThat(printed())
        .contains(
            "prefix filter       1 line of 64 bytes, 7 probes; first 5 bytes in namespace 1\n");
    assertThat(run("inspect", "sst", table(store).toString(), "--json")).isZero();
    assertThat(printed())
        .contains("{\"type\":\"prefixLength\",\"namespace\":1,\"bytes\":5}")
        .contains("\"prefixFilterLines\":1,\"prefixFilterProbes\":7,");
    assertThat(run("stats", "--namespaces", store.toString())).isZero();
    assertThat(printed()).contains("shares  prefix\n").containsPattern("- +5\n$");
    assertThat(run("stats", "--namespaces", "--json", store.toString())).isZero();
    assertThat(printed()).endsWith(",\"prefixBytes\":5}\n");
  }

  @Test
  void jsonIsOneValueALine() throws IOException {
    assertThat(run("inspect", "sst", table().toString(), "--json", "--entries")).isZero();
    assertThat(printed().lines()).allMatch(line -> line.startsWith("{") && line.endsWith("}"));
    assertThat(printed())
        .contains(
            "{\"type\":\"row\",\"keyNamespace\":1,\"keyBase64\":\"AP8i\",\"sequence\":3,"
                + "\"kind\":\"PUT\",\"value\":\"binary\"}");
  }

  @Test
  void eachLineOfJsonHasItsType() throws IOException {
    String store = directory.toString();
    String backups = elsewhere.resolve("backups").toString();
    String restored = directory.resolve("restored").toString();
    var tried = new HashSet<String>();
    for (String line :
        new String[] {
          "backup create " + store + " " + backups,
          "backup list " + backups,
          "backup verify " + backups + " 1",
          "restore " + backups + " " + restored,
          "backup delete " + backups + " 1",
          "inspect manifest " + store,
          "inspect wal " + store + " --operations",
          "inspect sst " + table() + " --entries",
          "verify " + store,
          "repair " + store,
          "stats " + store,
          "stats --namespaces " + store,
          "compact " + store,
          "doctor " + store
        }) {
      run((line + " --json").split(" "));
      assertThat(printed().lines())
          .as(line)
          .isNotEmpty()
          .allMatch(printed -> printed.startsWith("{\"type\":\"") && printed.endsWith("}"));
      ToolMain.TOOLS.stream()
          .map(Tool::name)
          .filter(name -> line.startsWith(name + " "))
          .forEach(tried::add);
    }
    assertThat(tried).containsAll(ToolMain.TOOLS.stream().map(Tool::name).toList());
  }

  @Test
  void thePageOfToolsHasEachOfThemAndItsFlags() throws IOException {
    String page = Files.readString(Path.of("../docs/tools.md"));
    assertThat(ToolMain.TOOLS)
        .allSatisfy(tool -> {
          assertThat(page).contains("`" + tool.name() + " ");
          tool.allFlags().forEach(flag -> assertThat(page).contains("`" + flag.usage()));
        });
  }

  @Test
  void verifyOfASoundStore() {
    assertThat(run("verify", directory.toString())).isZero();
    assertThat(printed()).startsWith("sound: 0 damages, 0 notes\n1 table of 504 bytes with 3 rows");
  }

  @Test
  void verifyOfADamagedTableNamesThePlace() throws IOException {
    byte[] table = Files.readAllBytes(table());
    table[100] ^= 1;
    Files.write(table(), table);
    assertThat(run("verify", directory.toString())).isEqualTo(ToolMain.EXIT_DAMAGED);
    assertThat(printed()).startsWith("000002.sst@72: expected crc ").contains("DAMAGED: 1 damage");
    assertThat(run("verify", directory.toString(), "--json")).isEqualTo(ToolMain.EXIT_DAMAGED);
    assertThat(printed())
        .contains("{\"type\":\"damage\",\"file\":\"000002.sst\",\"offset\":72,\"detail\":")
        .contains("\"sound\":false");
    assertThat(run("inspect", "sst", table().toString())).isEqualTo(ToolMain.EXIT_DAMAGED);
    assertThat(printed()).contains("block 0 @72: 74 bytes, damaged: 000002.sst@72: expected crc");
  }

  @Test
  void repairOfADamagedTableTellsWhatIsLost() throws IOException {
    byte[] table = Files.readAllBytes(table());
    table[100] ^= 1;
    Files.write(table(), table);
    assertThat(run("repair", directory.toString())).isEqualTo(ToolMain.EXIT_DAMAGED);
    assertThat(printed())
        .isEqualTo(
            """
            000002.sst@72: expected another checksum of the block here
              lost: 3 rows
            REPAIRED: 3 rows lost in 1 place
            manifest: read; tables: 0 sound, 0 rewritten, 1 lost; log: sound
            the files as they were are in lost-1, delete it when all is well
            """);
    assertThat(directory.resolve("lost-1/000002.sst")).hasBinaryContent(table);
    assertThat(run("verify", directory.toString())).isZero();
    assertThat(run("repair", directory.toString(), "--json")).isZero();
    assertThat(printed()).contains("\"changed\":false");
  }

  @Test
  void repairWithoutManifestLosesNothing() throws IOException {
    Files.delete(directory.resolve("MANIFEST-000001"));
    assertThat(run("repair", directory.toString(), "--json")).isEqualTo(ToolMain.EXIT_DAMAGED);
    assertThat(printed())
        .contains("{\"type\":\"loss\",\"file\":\"CURRENT\",\"offset\":0")
        .contains("\"manifest\":\"rebuilt\"", "\"entriesLost\":0");
    assertThat(run("verify", directory.toString())).isZero();
    try (Db db = AtlasKv.open(directory)) {
      assertThat(db.get(bytes("user:1"))).isEqualTo(bytes("Ada"));
      assertThat(db.get(bytes("user:2"))).isNull();
    }
  }

  @Test
  void stats() {
    assertThat(run("stats", directory.toString())).isZero();
    assertThat(printed())
        .isEqualTo(
            """
            level  tables  bytes  entries  deletions  shadowed  ranges
            0           1    504        3          0         0       0
            all         1    504        3          0         0       0
            flushed through sequence 3, later writes are in the log from segment 1 on
            """);
  }

  @Test
  void statsOfNamespaces() {
    assertThat(run("stats", "--namespaces", directory.toString())).isZero();
    assertThat(printed())
        .isEqualTo(
            """
            namespace  tables  bytes  entries  live entries  live bytes  shares  prefix
            default         1    504        3  -             -           -       -
            """);
    assertThat(run("stats", "--namespaces", "--json", directory.toString())).isZero();
    assertThat(printed())
        .isEqualTo(
            "{\"type\":\"namespace\",\"namespace\":\"default\",\"tables\":1,\"bytes\":504,\"entries\":3}\n");
  }

  @Test
  void compactDropsWhatIsDeleted() {
    assertThat(run("compact", directory.toString())).isZero();
    assertThat(printed()).startsWith("tables: 504 bytes before, ").endsWith(" after in 1 table\n");
    assertThat(run("stats", directory.toString(), "--json")).isZero();
    assertThat(printed())
        .startsWith("{\"type\":\"level\",\"level\":6,\"tables\":1,")
        .contains("\"entries\":2,");
    assertThat(run("verify", directory.toString())).isZero();
  }

  @ParameterizedTest
  @CsvSource({"inspect manifest", "inspect wal", "verify", "repair", "stats", "compact"})
  void aStoreThatIsOpenIsRefused(String tool) {
    try (Db db = AtlasKv.open(directory)) {
      assertThat(db.get(bytes("user:1"))).isNotNull();
      String[] line =
          Stream.concat(Stream.of(tool.split(" ")), Stream.of(directory.toString()))
              .toArray(String[]::new);
      assertThat(run(line)).isEqualTo(ToolMain.EXIT_UNREADABLE);
      assertThat(err.toString()).contains("is in use by this process");
    }
  }

  @Test
  void aDirectoryThatIsNotThereIsNotMade() {
    Path missing = directory.resolve("missing");
    assertThat(run("verify", missing.toString())).isEqualTo(ToolMain.EXIT_UNREADABLE);
    assertThat(err.toString()).contains("missing", "does not exist");
    assertThat(missing).doesNotExist();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "inspect             | atlaskv inspect: of what? (see atlaskv inspect --help)",
        "inspect frob        | atlaskv inspect: unknown: 'frob' (see atlaskv inspect --help)",
        "verify              | atlaskv verify: expected: DIR (see atlaskv verify --help)",
        "verify a b          | atlaskv verify: too many words, expected: DIR (see atlaskv verify --help)"
      })
  void mistakesAreOneSentence(String line, String sentence) {
    assertThat(run(line.split(" "))).isEqualTo(ToolMain.EXIT_MISUSE);
    assertThat(err.toString()).isEqualToNormalizingNewlines(sentence + "\n");
  }

  private Path table() throws IOException {
    return table(directory);
  }

  private static Path table(Path store) throws IOException {
    try (Stream<Path> files = Files.list(store)) {
      return files
          .filter(file -> file.toString().endsWith(".sst"))
          .max(Comparator.naturalOrder())
          .orElseThrow();
    }
  }

  private int run(String... line) {
    out.reset();
    err.getBuffer().setLength(0);
    return ToolMain.run(
        List.of(line),
        new Terminal(
            new ByteArrayInputStream(new byte[0]), out, new PrintWriter(err, true), false));
  }

  private String printed() {
    return out.toString(UTF_8)
        .replaceAll("[0-9a-f]{8}-[0-9a-f-]{27}", "UUID")
        .replaceAll("\\d{4}-\\d\\d-\\d\\dT[0-9:.]+Z", "TIME")
        .replaceAll("(?m)^  @\\d+ mark: .*\n", "")
        .replaceAll("(?m)^  @\\d+", "  @N");
  }
}
