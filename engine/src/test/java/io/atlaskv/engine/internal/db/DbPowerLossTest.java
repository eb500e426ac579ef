package io.atlaskv.engine.internal.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.atlaskv.engine.api.Durability;
import io.atlaskv.engine.internal.backup.UnfinishedCheckpoint;
import io.atlaskv.engine.internal.io.Fault;
import io.atlaskv.engine.internal.io.FaultFileSystem;
import io.atlaskv.engine.internal.io.Operation;
import io.atlaskv.engine.internal.io.Operation.Kind;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Power cuts after every file operation of short workloads. Each state that a disk may be left in
/// must open, hold a prefix of the commits, and lose nothing that was promised. The search itself
/// is tested too: bugs planted below the store must be found.
class DbPowerLossTest {
  private static final long SEED = Long.getLong("atlaskv.seed", 42);
  private static final int STATES_DEFAULT = 2_400; // per workload, about
  private static final int STATES = Integer.getInteger("atlaskv.powerloss.states", STATES_DEFAULT);
  private static final int STATES_MIN = 20_000;
  private static final int STATES_PLANTED = 250;
  private static final int SLOW_FACTOR = 50;
  private static final String ONLY = System.getProperty("atlaskv.powerloss.workload", "");

  @Test
  void everyStateOpensWithAPrefixAndAllThatWasPromised() {
    int total = searchAll(SEED, STATES);
    if (ONLY.isEmpty() && STATES >= STATES_DEFAULT) {
      assertThat(total).isGreaterThanOrEqualTo(STATES_MIN);
    }
  }

  @Test
  @Tag("slow")
  void everyStateOpensInAMillion() {
    searchAll(SEED, STATES * SLOW_FACTOR);
  }

  private static int searchAll(long seed, int statesWanted) {
    int total = 0;
    System.out.println("DbPowerLossTest: seed " + seed);
    for (Workload workload : Workload.values()) {
      if (!ONLY.isEmpty() && !ONLY.equals(workload.name())) {
        continue;
      }
      CrashSearch search = CrashSearch.of(workload, seed, statesWanted);
      String violation = search.run(_ -> {});
      System.out.println(search);
      assertEquals("", violation, replay(workload, seed));
      total += search.states();
    }
    System.out.println("DbPowerLossTest: " + total + " states, all opened");
    return total;
  }

  private static String replay(Workload workload, long seed) {
    return "replay: ./mvnw test -pl engine -am"
        + " -Dtest=DbPowerLossTest#everyStateOpensWithAPrefixAndAllThatWasPromised"
        + " -Datlaskv.powerloss.workload="
        + workload
        + " -Datlaskv.powerloss.states="
        + STATES
        + " -Datlaskv.seed="
        + seed;
  }

  @Test
  void missingSyncOfTheLogIsFound() {
    assertFound(Workload.PUTS_ALWAYS, Kind.SYNC, operation -> operation.name().endsWith(".log"));
  }

  @Test
  void missingSyncOfACheckpointIsFound() {
    assertFound(
        Workload.CHECKPOINTS, Kind.SYNC, operation -> operation.name().startsWith("checkpoints/"));
  }

  @Test
  void missingSyncOfTheLogBeforeACheckpointIsFound() {
    assertFound(
        Workload.CHECKPOINTS, Kind.SYNC, operation -> operation.name().matches("[0-9]+\\.log"));
  }

  @Test
  void missingSyncOfTheDirectoryOfACheckpointIsFound() {
    assertFound(
        Workload.CHECKPOINTS,
        Kind.SYNC_DIRECTORY,
        operation -> operation.name().endsWith(UnfinishedCheckpoint.SUFFIX + "/"));
  }

  @Test
  void missingSyncOfTheNameOfACheckpointIsFound() {
    assertFound(
        Workload.CHECKPOINTS,
        Kind.SYNC_DIRECTORY,
        operation -> operation.name().equals("checkpoints/"));
  }

  @Test
  void missingSyncOfATableIsFound() {
    assertFound(Workload.FLUSHES, Kind.SYNC, operation -> operation.name().endsWith(".sst"));
    assertFound(Workload.COMPACTIONS, Kind.SYNC, operation -> operation.name().endsWith(".sst"));
  }

  @Test
  void missingSyncOfTheManifestIsFound() {
    assertFound(Workload.FLUSHES, Kind.SYNC, operation -> operation.name().startsWith("MANIFEST"));
  }

  @Test
  void missingSyncOfTheDirectoryIsFound() {
    assertFound(Workload.OPEN_ONLY, Kind.SYNC_DIRECTORY, _ -> true);
    assertFound(Workload.FLUSHES, Kind.SYNC_DIRECTORY, _ -> true);
    assertFound(Workload.SEGMENTS_RECYCLED, Kind.SYNC_DIRECTORY, _ -> true);
  }

  /// A store that replies before the sync: it runs with `os`, and is judged as if it ran with
  /// `always`.
  @Test
  void replyBeforeSyncIsFound() {
    for (Workload workload :
        List.of(Workload.PUTS_ALWAYS, Workload.BATCHES_OVER_NAMESPACES, Workload.FLUSHES)) {
      var search =
          new CrashSearch(
              workload,
              workload.options().withDurability(Durability.OS),
              true,
              SEED,
              STATES_PLANTED);
      String violation = search.run(_ -> {});
      System.out.println("DbPowerLossTest: reply before sync in " + workload + ": " + violation);
      assertThat(violation).contains("expected the state after one of the commits");
    }
  }

  /// Forgets each such call of the workload in turn. Not each of them is needed for itself, another
  /// may cover it; but at least one must be missed, and each kind of file has a case of its own.
  private static void assertFound(Workload workload, Kind kind, Predicate<Operation> which) {
    var clean = FaultFileSystem.create(SEED);
    var tape = new Tape(clean, SEED, workload.options(), workload.isAlways());
    workload.run(tape);
    tape.close();
    List<Operation> planted =
        clean.operations().stream()
            .filter(operation -> operation.kind() == kind && which.test(operation))
            .toList();
    assertThat(planted).isNotEmpty();
    var found = new ArrayList<String>();
    var missed = new ArrayList<String>();
    for (Operation operation : planted) {
      var search = CrashSearch.of(workload, SEED, STATES_PLANTED);
      String violation = search.run(files -> files.failAt(operation.index(), Fault.IGNORED));
      (violation.isEmpty() ? missed : found).add(operation.toString());
    }
    System.out.println(
        "DbPowerLossTest: "
            + workload
            + ": forgotten and found "
            + found
            + ", not found "
            + missed);
    assertThat(found).as("of " + planted).isNotEmpty();
  }
}
