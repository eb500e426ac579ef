package io.atlaskv.engine.internal.tools;

import static io.atlaskv.engine.internal.tools.StoreFiles.SEED;
import static io.atlaskv.engine.internal.tools.StoreFiles.SMALL;
import static io.atlaskv.engine.internal.tools.StoreFiles.utf8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.atlaskv.engine.api.AtlasException;
import io.atlaskv.engine.api.CorruptionException;
import io.atlaskv.engine.api.Cursor;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.Loss;
import io.atlaskv.engine.api.Range;
import io.atlaskv.engine.api.RecoveryMode;
import io.atlaskv.engine.api.RecoveryReport;
import io.atlaskv.engine.internal.db.EngineOpener;
import io.atlaskv.engine.internal.embedded.EmbeddedDb;
import io.atlaskv.engine.internal.io.Fault;
import io.atlaskv.engine.internal.io.FaultFileSystem;
import io.atlaskv.engine.internal.io.SimPorts;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Function;
import java.util.stream.IntStream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/// Stores with a damaged log, opened in the modes that pass over damage. Every write was synced, so
/// the other modes refuse.
class RecoveryModeTest {
  private static final int STRIDE = Integer.getInteger("atlaskv.damage.stride", 97);

  private static final int FLUSHED = 20;
  private static final int ROWS = 700;

  private static Map<String, byte[]> sound;

  private record Opened(List<Integer> rows, RecoveryReport report) {}

  @BeforeAll
  static void makeStore() {
    FaultFileSystem files = FaultFileSystem.create(SEED);
    StoreFiles.use(
        files,
        db -> {
          put(db, 0, FLUSHED);
          db.flush();
          put(db, FLUSHED, ROWS);
        });
    sound = StoreFiles.contents(files);
    assertThat(segments()).hasSizeGreaterThan(1);
  }

  private static void put(Db db, int from, int to) {
    for (int i = from; i < to; i++) {
      db.put(utf8("%04d".formatted(i)), new byte[150]);
    }
  }

  /// Segments with groups, oldest first.
  private static List<String> segments() {
    return sound.keySet().stream()
        .filter(name -> name.endsWith(".log") && used(sound.get(name)) > 88)
        .sorted()
        .toList();
  }

  private static int used(byte[] whole) {
    int used = whole.length;
    while (used > 0 && whole[used - 1] == 0) {
      used--;
    }
    return used;
  }

  private static <T> T use(FaultFileSystem files, RecoveryMode mode, Function<Db, T> work) {
    SimPorts world = SimPorts.on(files, SEED);
    var options = SMALL.withRecoveryMode(mode).withCreateIfMissing(false);
    try (var db =
        new EmbeddedDb(EngineOpener.open(world.ports(), options, 1L << 30, 64L << 20), options)) {
      return work.apply(db);
    }
  }

  private static Opened open(FaultFileSystem files, RecoveryMode mode) {
    return use(files, mode, db -> new Opened(rows(db), db.recoveryReport()));
  }

  private static List<Integer> rows(Db db) {
    var rows = new ArrayList<Integer>();
    try (Cursor cursor = db.range(Range.all()).open()) {
      for (cursor.seekToFirst(); cursor.isValid(); cursor.next()) {
        rows.add(Integer.valueOf(new String(cursor.key(), StandardCharsets.UTF_8)));
      }
    }
    return rows;
  }

  private static FaultFileSystem flipped(String name, int at) {
    byte[] bytes = sound.get(name).clone();
    bytes[at] ^= 4;
    return StoreFiles.with(sound, name, bytes);
  }

  private static long lost(RecoveryReport report) {
    return report.losses().stream().filter(Loss::isCounted).mapToLong(Loss::entries).sum();
  }

  @ParameterizedTest
  @EnumSource(RecoveryMode.class)
  void aSoundLogIsOpenedAsAlways(RecoveryMode mode) {
    Opened opened = open(StoreFiles.with(sound, "", new byte[0]), mode);
    assertThat(opened.rows()).hasSize(ROWS);
    assertThat(opened.report().losses()).isEmpty();
    assertThat(opened.report().wasCleanShutdown()).isTrue();
  }

  @Test
  void otherModesRefuse() {
    for (RecoveryMode mode : List.of(RecoveryMode.TOLERATE_UNSYNCED_TAIL, RecoveryMode.STRICT)) {
      assertThatThrownBy(() -> open(flipped(segments().getFirst(), 30_000), mode))
          .isInstanceOf(CorruptionException.class);
    }
  }

  @Test
  void stopAtFirstOpensAPrefixAndCountsTheRest() {
    forEachDamage((files, what) -> {
      Opened opened = open(files, RecoveryMode.STOP_AT_FIRST);
      int found = opened.rows().size();
      assertThat(opened.rows()).as(what).isEqualTo(IntStream.range(0, found).boxed().toList());
      requireAccount(ROWS - found, opened.report(), what);
      requireUsable(files, opened.rows(), what);
    });
  }

  @Test
  void skipCorruptLosesOnlyWhatIsDamaged() {
    forEachDamage((files, what) -> {
      Opened opened = open(files, RecoveryMode.SKIP_CORRUPT);
      Set<Integer> missing = new HashSet<>(IntStream.range(0, ROWS).boxed().toList());
      opened.rows().forEach(missing::remove);
      requireAccount(missing.size(), opened.report(), what);
      if (what.contains("flipped")) {
        assertThat(missing.size()).as(what).isLessThanOrEqualTo(1);
      }
      requireUsable(files, opened.rows(), what);
    });
  }

  /// All is told, and counted unless it lay at the end of the log.
  private static void requireAccount(int missing, RecoveryReport report, String what) {
    if (report.losses().stream().allMatch(Loss::isCounted)) {
      assertThat(lost(report)).as(what).isEqualTo(missing);
    } else {
      assertThat(what).startsWith(segments().getLast());
      assertThat(lost(report)).as(what).isLessThanOrEqualTo(missing);
    }
  }

  private interface Check {
    void damaged(FaultFileSystem files, String what);
  }

  private static void forEachDamage(Check check) {
    for (String name : segments()) {
      byte[] whole = sound.get(name);
      int used = used(whole);
      for (int at = (int) (SEED % 31); at < used; at += STRIDE * 11) {
        check.damaged(flipped(name, at), name + " flipped at " + at);
        check.damaged(
            StoreFiles.with(sound, name, Arrays.copyOf(whole, at)), name + " cut at " + at);
      }
      check.damaged(StoreFiles.without(sound, name), name + " lost");
    }
  }

  /// The damage is gone, and new writes stay.
  private static void requireUsable(FaultFileSystem files, List<Integer> rows, String what) {
    use(
        files,
        RecoveryMode.STRICT,
        db -> {
          assertThat(rows(db)).as(what).isEqualTo(rows);
          put(db, ROWS, ROWS + 1);
          return rows;
        });
    var expected = new ArrayList<>(rows);
    expected.add(ROWS);
    assertThat(open(files, RecoveryMode.STRICT).rows()).as(what).isEqualTo(expected);
    assertThat(StoreFiles.verify(files).damages()).as(what).isEmpty();
  }

  @ParameterizedTest
  @EnumSource(names = {"STOP_AT_FIRST", "SKIP_CORRUPT"})
  void anOpeningThatFailsCanBeRepeated(RecoveryMode mode) {
    String name = segments().getFirst();
    List<Integer> expected = open(flipped(name, 30_000), mode).rows();
    boolean hasFailed = true;
    for (int call = 0; hasFailed; call++) {
      FaultFileSystem files = flipped(name, 30_000);
      int failing = call;
      var counted = new int[1];
      files.failAlways(
          operation -> operation.kind().isMutating() && counted[0]++ >= failing, Fault.EIO);
      try {
        open(files, mode);
        hasFailed = counted[0] > failing;
      } catch (AtlasException _) {
        hasFailed = true;
      }
      files.clearFaults();
      assertThat(open(files, mode).rows()).as("call " + call).isEqualTo(expected);
    }
  }

  @ParameterizedTest
  @EnumSource(names = {"STOP_AT_FIRST", "SKIP_CORRUPT"})
  void aLogWithoutItsEndIsToldThoughNothingLiesBehind(RecoveryMode mode) {
    String last = segments().getLast();
    for (String from : List.of("000001.log", segments().getFirst(), last)) {
      FaultFileSystem files = StoreFiles.with(sound, "", new byte[0]);
      sound.keySet().stream()
          .filter(name -> name.endsWith(".log") && name.compareTo(from) >= 0)
          .forEach(files::delete);
      requireEndTold(open(files, mode), from + " and all behind it lost");
    }
    FaultFileSystem files = StoreFiles.with(sound, last, new byte[sound.get(last).length]);
    requireEndTold(open(files, mode), last + " zeroed");
  }

  private static void requireEndTold(Opened opened, String what) {
    assertThat(opened.rows()).as(what).hasSizeLessThan(ROWS);
    assertThat(opened.report().losses()).as(what).isNotEmpty();
  }

  /// The group that reserves ids of namespaces is lost with that of the first namespace, and what
  /// was written to them stays.
  @ParameterizedTest
  @ValueSource(strings = {"opened", "opened twice", "repaired"})
  void noNamespaceGetsTheIdOfAnother(String how) {
    FaultFileSystem files =
        StoreFiles.killedAfter(
            FaultFileSystem.create(SEED),
            db -> {
              for (String name : List.of("lost", "kept")) {
                db.namespace(name).put(utf8("key"), utf8(name));
              }
            });
    String log =
        files.list().stream().filter(name -> name.endsWith(".log")).sorted().findFirst().get();
    files.flip(log, 150, 4);
    switch (how) {
      case "repaired" -> {
        try (var store = ClosedStore.open(SimPorts.on(files, SEED).ports())) {
          var report = StoreRepair.repair(store, files.directories("aside"), _ -> {});
          assertThat(report.isLogKept()).isFalse();
        }
      }
      case "opened twice" ->
          assertThat(use(files, RecoveryMode.SKIP_CORRUPT, Db::namespaces)).contains("kept");
      default -> {}
    }
    use(
        files,
        how.equals("opened") ? RecoveryMode.SKIP_CORRUPT : RecoveryMode.STRICT,
        db -> {
          assertThat(db.namespaces()).containsExactly("default", "kept");
          for (String name : List.of("new", "newer")) {
            assertThat(db.namespace(name).get(utf8("key"))).as(name).isNull();
            db.namespace(name).put(utf8("key"), utf8(name));
          }
          return assertThat(db.namespace("kept").get(utf8("key"))).isEqualTo(utf8("kept"));
        });
  }

  @Test
  void aLossNamesFilePlaceAndNumber() {
    String name = segments().getFirst();
    RecoveryReport report = open(flipped(name, 30_000), RecoveryMode.SKIP_CORRUPT).report();
    assertThat(report.losses())
        .singleElement()
        .satisfies(loss -> {
          assertThat(loss.file()).isEqualTo(name);
          assertThat(loss.offset()).isBetween(29_700L, 30_000L);
          assertThat(loss.offset() + loss.bytes()).isGreaterThan(30_000);
          assertThat(loss.entries()).isEqualTo(1);
        });
  }
}
