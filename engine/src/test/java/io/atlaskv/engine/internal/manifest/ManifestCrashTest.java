package io.atlaskv.engine.internal.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.api.AtlasException;
import io.atlaskv.engine.internal.io.Fault;
import io.atlaskv.engine.internal.io.FaultFileSystem;
import io.atlaskv.engine.internal.io.FileName;
import io.atlaskv.engine.internal.io.Operation;
import io.atlaskv.engine.internal.io.SimPorts;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.junit.jupiter.api.Test;

/// Cuts the power after every operation of a workload and opens each state the disk may be in: the
/// recovered state is that of the last edit acknowledged or of the one in flight, all its tables
/// are whole, and the store goes on from there.
class ManifestCrashTest {
  private static final int STATES_PER_POINT = 200;
  private static final int EDITS = 14;
  private static final int FIRST_EDITS = 3;
  private static final long MANIFEST_BYTES_MIN = 700; // begins anew within the workload

  /// How far the workload was when an operation had been done.
  private record Progress(int operations, int acknowledged, boolean inFlight) {}

  private final List<Progress> progress = new ArrayList<>();
  private int states;

  @Test
  void anyPowerCutLeavesAnAcknowledgedStateOrTheNext() {
    assertEquals(List.of(), failures(_ -> false));
    assertTrue(states > 2_000, "states=" + states);
    System.out.println("manifest workload: " + states + " power-loss states, 0 failures");
  }

  @Test
  void missingSyncOfTheManifestIsFound() {
    assertFalse(failures(o -> isSync(o, "MANIFEST")).isEmpty());
  }

  @Test
  void missingSyncOfCurrentIsFound() {
    assertFalse(failures(o -> isSync(o, ".tmp")).isEmpty());
  }

  @Test
  void missingSyncOfTheDirectoryIsFound() {
    assertFalse(failures(o -> o.kind() == Operation.Kind.SYNC_DIRECTORY).isEmpty());
  }

  @Test
  void missingSyncOfATableIsFound() {
    assertFalse(failures(o -> isSync(o, ".sst")).isEmpty());
  }

  private static boolean isSync(Operation operation, String name) {
    return operation.kind() == Operation.Kind.SYNC && operation.name().contains(name);
  }

  /// Every n-th call fails once: the set says so and loses nothing acknowledged.
  @Test
  void anyFailedCallLosesNothingAcknowledged() {
    int operations = workload(SimPorts.create(1));
    for (Fault fault : List.of(Fault.EIO, Fault.ENOSPC, Fault.SHORT)) {
      for (int n = 0; n < operations; n++) {
        SimPorts world = SimPorts.create(1);
        world.files().failAt(n, fault);
        int acknowledged = 0;
        try {
          workload(world);
          acknowledged = EDITS;
        } catch (AtlasException e) {
          acknowledged = progress.isEmpty() ? 0 : progress.getLast().acknowledged();
        }
        world.files().clearFaults();
        world.files().kill();
        requireState(world.files(), acknowledged, true, fault + " at op " + n);
      }
    }
  }

  /// Opens, applies edits and closes, twice; notes how far it was after each operation. The second
  /// open goes on with the manifest of the first.
  private int workload(SimPorts world) {
    progress.clear();
    applyEdits(world, 1, FIRST_EDITS);
    applyEdits(world, FIRST_EDITS + 1, EDITS);
    return world.files().operationCount();
  }

  private void applyEdits(SimPorts world, int from, int to) {
    FaultFileSystem files = world.files();
    try (var set = VersionSet.open(world.ports(), new FakeTables(files), MANIFEST_BYTES_MIN)) {
      note(files, from - 1, false);
      for (int i = from; i <= to; i++) {
        FakeTables.write(files, table(i));
        note(files, i - 1, true);
        var edit =
            VersionEdit.builder().add(0, FakeTables.meta(table(i), "a", "m", i)).lastSequence(i);
        if (i > 2) {
          edit.remove(0, table(i - 2));
        }
        set.apply(edit.build());
        note(files, i, false);
        world.scheduler().runUntilIdle();
        note(files, i, false);
      }
    }
    note(files, to, false);
  }

  private static long table(int edit) {
    return 1_000L + edit;
  }

  private void note(FaultFileSystem files, int acknowledged, boolean inFlight) {
    progress.add(new Progress(files.operationCount(), acknowledged, inFlight));
  }

  /// What goes wrong after power cuts if syncs for which `ignored` holds do nothing.
  private List<String> failures(Predicate<Operation> ignored) {
    SimPorts world = SimPorts.create(1);
    world.files().failAlways(ignored, Fault.IGNORED);
    int operations = workload(world);
    var failures = new ArrayList<String>();
    states = 0;
    for (int op = 0; op < operations; op++) {
      if (world.files().isCrashPoint(op)) {
        Progress before = before(op);
        for (FaultFileSystem left : world.files().crashStates(op, STATES_PER_POINT).toList()) {
          states++;
          try {
            requireState(left, before.acknowledged(), before.inFlight(), left.origin());
          } catch (AtlasException | AssertionError e) {
            failures.add(left.origin() + ": " + e.getMessage());
          }
        }
      }
    }
    return failures.subList(0, Math.min(3, failures.size()));
  }

  /// What had been acknowledged before operation `op` was done.
  private Progress before(int op) {
    Progress last = new Progress(0, 0, true);
    for (Progress point : progress) {
      if (point.operations() > op) {
        break;
      }
      last = point;
    }
    return last;
  }

  private static void requireState(
      FaultFileSystem files, int acknowledged, boolean inFlight, String message) {
    SimPorts world = SimPorts.on(files, 3);
    try (var set = VersionSet.open(world.ports(), new FakeTables(files))) {
      long found = set.state().lastSequence();
      assertTrue(
          found == acknowledged || (inFlight && found == acknowledged + 1),
          message + ": expected edit " + acknowledged + ", found " + found);
      assertEquals(levels((int) found), set.state().levels().toString(), message);
      FakeTables.write(files, set.newFileNumber() + 5_000);
      set.apply(VersionEdit.builder().lastSequence(found + 1).build());
      world.scheduler().runUntilIdle();
    }
    try (var set = VersionSet.open(world.ports(), new FakeTables(files))) {
      assertTrue(set.state().lastSequence() > acknowledged, message);
      long tables = files.list().stream().filter(name -> name.endsWith(".sst")).count();
      assertEquals(set.state().levels().tables(), tables, message + ": orphans stay");
      assertEquals(
          1,
          files.list().stream()
              .map(FileName::parse)
              .filter(name -> name != null && name.kind() == FileName.Kind.MANIFEST)
              .count(),
          message);
    }
  }

  private static String levels(int edit) {
    return switch (edit) {
      case 0 -> "";
      case 1 -> "L0=[" + table(1) + "]";
      default -> "L0=[" + table(edit) + ", " + table(edit - 1) + "]";
    };
  }
}
