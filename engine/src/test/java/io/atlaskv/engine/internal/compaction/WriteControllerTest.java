package io.atlaskv.engine.internal.compaction;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.internal.manifest.Levels;
import io.atlaskv.engine.internal.manifest.TableMeta;
import io.atlaskv.engine.internal.manifest.VersionEdit;
import org.junit.jupiter.api.Test;

class WriteControllerTest {
  private static final long MB = 1L << 20;
  private static final long BYTES_PER_SECOND = 100_000_000;
  private static final WriteController CONTROLLER =
      new WriteController(CompactionOptions.DEFAULT, 20, 4, 1024 * MB, BYTES_PER_SECOND);
  private static final double PACE = 1e9 / BYTES_PER_SECOND;

  @Test
  void littleDebtCostsNothing() {
    assertEquals(0, CONTROLLER.nanosPerByte(10, 2, 512 * MB));
    assertEquals(0, CONTROLLER.nanosPerByte(Levels.EMPTY, 0));
  }

  @Test
  void delayNeverFallsWithMoreDebt() {
    double last = 0;
    for (long debt = 0; debt <= 2048 * MB; debt += MB) {
      double delay = CONTROLLER.nanosPerByte(0, 0, debt);
      assertTrue(delay >= last, "debt=" + debt);
      last = delay;
    }
    for (int tables = 0; tables < 40; tables++) {
      assertTrue(
          CONTROLLER.nanosPerByte(tables + 1, 0, 0) >= CONTROLLER.nanosPerByte(tables, 0, 0));
    }
    for (int sealed = 0; sealed < 8; sealed++) {
      assertTrue(
          CONTROLLER.nanosPerByte(0, sealed + 1, 0) >= CONTROLLER.nanosPerByte(0, sealed, 0));
    }
  }

  /// One more megabyte of debt never costs more than a part in ten, from where delay is felt up to
  /// where a writer still gets a hundredth of the pace: there is no cliff to fall from.
  @Test
  void delayGrowsSmoothly() {
    for (long debt = 0; debt < 1024 * MB; debt += MB) {
      double here = CONTROLLER.nanosPerByte(0, 0, debt);
      double next = CONTROLLER.nanosPerByte(0, 0, debt + MB);
      if (next < 100 * PACE) {
        assertTrue(next - here <= 0.1 * (here + PACE), "debt=" + debt + " " + here + " " + next);
      }
    }
  }

  @Test
  void halfWayWritersGetAQuarterOfThePace() {
    assertEquals(3 * PACE, CONTROLLER.nanosPerByte(15, 0, 0), 1e-9);
    assertEquals(3 * PACE, CONTROLLER.nanosPerByte(0, 3, 0), 1e-9);
    assertEquals(3 * PACE, CONTROLLER.nanosPerByte(0, 0, 768 * MB), 1e-9);
  }

  @Test
  void theWorstDebtCounts() {
    double worst = CONTROLLER.nanosPerByte(18, 0, 0);
    assertEquals(worst, CONTROLLER.nanosPerByte(18, 3, 700 * MB));
  }

  @Test
  void writersNeverStandStill() {
    double most = CONTROLLER.nanosPerByte(1_000_000, 1_000_000, Long.MAX_VALUE);
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

  @Test
  void limitsAreChecked() {
    assertThrows(
        IllegalArgumentException.class,
        () -> new WriteController(CompactionOptions.DEFAULT, 4, 4, 1, 1));
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
