package io.atlaskv.engine.internal.compaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.api.CompactionStyle;
import io.atlaskv.engine.internal.manifest.Levels;
import io.atlaskv.engine.internal.manifest.StoreState;
import io.atlaskv.engine.internal.manifest.TableMeta;
import io.atlaskv.engine.internal.manifest.Tree;
import io.atlaskv.engine.internal.manifest.TreeProfile;
import io.atlaskv.engine.internal.manifest.VersionEdit;
import java.time.Duration;
import org.junit.jupiter.api.Test;

class WriteControllerTest {
  private static final long MB = 1L << 20;
  private static final long BYTES_PER_SECOND = 100_000_000;
  private static final WriteController CONTROLLER =
      new WriteController(CompactionOptions.DEFAULT, 20, 1024 * MB, BYTES_PER_SECOND, MB);
  private static final double PACE = 1e9 / BYTES_PER_SECOND;

  @Test
  void littleDebtCostsNothing() {
    assertEquals(0, CONTROLLER.nanosPerByte(10, 512 * MB));
    assertEquals(0, CONTROLLER.nanosPerByte(Levels.EMPTY));
  }

  @Test
  void delayNeverFallsWithMoreDebt() {
    double last = 0;
    for (long debt = 0; debt <= 2048 * MB; debt += MB) {
      double delay = CONTROLLER.nanosPerByte(0, debt);
      assertTrue(delay >= last, "debt=" + debt);
      last = delay;
    }
    for (int tables = 0; tables < 40; tables++) {
      assertTrue(CONTROLLER.nanosPerByte(tables + 1, 0) >= CONTROLLER.nanosPerByte(tables, 0));
    }
  }

  /// One more megabyte of debt never costs more than a part in ten, from where delay is felt up to
  /// where a writer still gets a hundredth of the pace: there is no cliff to fall from.
  @Test
  void delayGrowsSmoothly() {
    for (long debt = 0; debt < 1024 * MB; debt += MB) {
      double here = CONTROLLER.nanosPerByte(0, debt);
      double next = CONTROLLER.nanosPerByte(0, debt + MB);
      if (next < 100 * PACE) {
        assertTrue(next - here <= 0.1 * (here + PACE), "debt=" + debt + " " + here + " " + next);
      }
    }
  }

  @Test
  void halfWayWritersGetAQuarterOfThePace() {
    assertEquals(3 * PACE, CONTROLLER.nanosPerByte(15, 0), 1e-9);
    assertEquals(3 * PACE, CONTROLLER.nanosPerByte(0, 768 * MB), 1e-9);
  }

  @Test
  void theWorstDebtCounts() {
    double worst = CONTROLLER.nanosPerByte(18, 0);
    assertEquals(worst, CONTROLLER.nanosPerByte(18, 700 * MB));
  }

  /// What a merge of a few tables into a large level owes at once is no reason to wait.
  @Test
  void oneLargeMergeSlowsNobodyDown() {
    WriteController standard = WriteController.of(CompactionOptions.DEFAULT, 64 * MB, 150 * MB);
    Levels due = levels(0, 64, 0, 64, 0, 64, 0, 64, 0, 64, 0, 64, 6, 600);
    assertEquals((6 * 64 + 600) * MB, standard.debtBytes(due));
    assertEquals(0, standard.nanosPerByte(due));
    Levels behind = levels(5, 40_000, 6, 40_000);
    assertTrue(standard.nanosPerByte(behind) > 0);
  }

  @Test
  void writersNeverStandStill() {
    double most = CONTROLLER.nanosPerByte(1_000_000, Long.MAX_VALUE);
    assertTrue(Double.isFinite(most) && most <= 1_000 * PACE, "most=" + most);
  }

  @Test
  void debtIsWhatMustBeMoved() {
    assertEquals(0, CONTROLLER.debtBytes(Levels.EMPTY));
    Levels three = levels(0, 10, 0, 10, 0, 10, 6, 100);
    assertEquals(0, CONTROLLER.debtBytes(three), "level 0 is below its trigger");
    Levels four = levels(0, 10, 0, 10, 0, 10, 0, 10, 6, 100);
    assertEquals(140 * MB, CONTROLLER.debtBytes(four), "level 0 and what it is merged with");
    Levels tooLarge = levels(5, 200, 6, 1000);
    assertEquals((100 + 500) * MB, CONTROLLER.debtBytes(tooLarge), "the excess and its overlap");
  }

  /// Of two trees with the same debts the one with three shares may write three times as much, and
  /// who owes nothing waits for nobody.
  @Test
  void eachGroupPaysForItsOwnTrees() {
    IoShares shares = IoShares.UNDIVIDED.with(64, 100).with(65, 300);
    double[] nanos = CONTROLLER.nanosPerByte(state(15, 15), shares);
    assertEquals(0, nanos[shares.groupOf(1)]);
    double alone = CONTROLLER.nanosPerByte(15, 0) + PACE;
    assertEquals(4 * alone, nanos[shares.groupOf(64)] + PACE, 1e-6);
    assertEquals(4 * alone / 3, nanos[shares.groupOf(65)] + PACE, 1e-6);
    nanos = CONTROLLER.nanosPerByte(state(15, 3), shares);
    assertEquals(alone, nanos[shares.groupOf(64)] + PACE, 1e-6);
    assertEquals(0, nanos[shares.groupOf(65)]);
    assertEquals(alone, CONTROLLER.nanosPerByte(state(15, 3), IoShares.UNDIVIDED)[0] + PACE, 1e-6);
  }

  /// 20 tables are not too many if they have the bytes of six full ones.
  @Test
  void smallTablesCountByTheirBytes() {
    var small =
        new WriteController(CompactionOptions.DEFAULT, 20, 1024 * MB, BYTES_PER_SECOND, 4 * MB);
    IoShares shares = IoShares.UNDIVIDED.with(64, 900);
    assertEquals(0, small.nanosPerByte(state(20), shares)[1]); // 20 MB, a full one has 3.6
    assertTrue(small.nanosPerByte(state(60), shares)[1] > 0);
    assertTrue(small.nanosPerByte(state(20), IoShares.UNDIVIDED)[0] > 0);
  }

  /// Nothing is ever done about runs of full size, however many there are.
  @Test
  void whatIsNeverMergedIsNoDebt() {
    CompactionStyle small = CompactionStyle.SIZE_TIERED.withBytesMax(64 * MB);
    assertEquals(0, CONTROLLER.nanosPerByte(runs(small, 64 * MB), IoShares.UNDIVIDED)[0]);
    assertEquals(0, CONTROLLER.urgency(runs(small, 64 * MB)));
    CompactionStyle any = CompactionStyle.SIZE_TIERED;
    assertTrue(CONTROLLER.nanosPerByte(runs(any, 64 * MB), IoShares.UNDIVIDED)[0] > 0);
    assertEquals(0, CONTROLLER.nanosPerByte(runs(any, 16_384 * MB), IoShares.UNDIVIDED)[0]);
    CompactionStyle daily = CompactionStyle.timeWindowed(Duration.ofDays(1));
    assertTrue(CONTROLLER.nanosPerByte(runs(daily, 64 * MB), IoShares.UNDIVIDED)[0] > 0);
    assertEquals(0, CONTROLLER.nanosPerByte(runs(daily, 20_000 * MB), IoShares.UNDIVIDED)[0]);
  }

  /// Tree 64 with 100 runs of so many bytes.
  private static StoreState runs(CompactionStyle style, long bytes) {
    var edit = VersionEdit.builder().profile(64, new TreeProfile(style, false, false));
    Bytes key = Tree.first(64);
    for (int number = 1; number <= 100; number++) {
      edit.add(64, 0, new TableMeta(number, bytes, key, key, false, number, number, 1, 0, 0, 0));
    }
    return StoreState.EMPTY.apply(edit.build());
  }

  /// Trees 64 and 65 with so many tables in level 0.
  private static StoreState state(int... level0Tables) {
    var edit = VersionEdit.builder();
    int number = 1;
    for (int i = 0; i < level0Tables.length; i++) {
      edit.profile(64 + i, new TreeProfile(CompactionStyle.LEVELED, false, false));
      for (int table = 0; table < level0Tables[i]; table++) {
        Bytes key = Tree.first(64 + i);
        edit.add(64 + i, 0, new TableMeta(number, MB, key, key, false, number, number, 1, 0, 0, 0));
        number++;
      }
    }
    return StoreState.EMPTY.apply(edit.build());
  }

  @Test
  void limitsAreChecked() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new WriteController(CompactionOptions.DEFAULT, 4, 1, 1, 1));
  }

  private static Levels levels(int... levelsAndMegabytes) {
    var edit = VersionEdit.builder();
    for (int i = 0; i < levelsAndMegabytes.length; i += 2) {
      Bytes key = Bytes.ofUtf8("k" + (char) ('a' + i));
      edit.add(
          levelsAndMegabytes[i],
          new TableMeta(i, levelsAndMegabytes[i + 1] * MB, key, key, false, i, i, 1, 0, 0, 0));
    }
    return Levels.EMPTY.apply(edit.build());
  }
}
