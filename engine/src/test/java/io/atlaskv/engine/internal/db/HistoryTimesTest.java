package io.atlaskv.engine.internal.db;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.HashMap;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

class HistoryTimesTest {
  private static final int PERIOD = 100;
  private static final int WINDOW = 1_000 * PERIOD;

  /// Samples at a tenth of a period for a whole window: the oldest stays, no two share a slot, no
  /// gap is longer than a period, and what the slots hold is what the samples are.
  @Test
  void moreSamplesThanSlotsAreThinned() {
    HistoryTimes times = HistoryTimes.NONE;
    Map<Integer, Long> slots = new HashMap<>();
    int next = 0;
    for (long millis = 0; millis <= WINDOW; millis += PERIOD / 10) {
      HistoryTimes before = times.withRoomAt(millis);
      int slot = before.freeSlot(next);
      next = (slot + 1) % HistoryTimes.SLOTS;
      times = before.with(millis, 7 * millis, slot);
      slots.put(slot, millis);
    }
    assertEquals(HistoryTimes.SLOTS, times.count());
    assertEquals(0, times.firstMillis());
    assertEquals(WINDOW, times.lastMillis());
    for (long millis = 0; millis <= WINDOW; millis++) {
      assertThat(times.sequence(times.before(millis)) / 7).isBetween(millis - PERIOD, millis);
    }
    var stored = new TreeMap<Long, Integer>();
    slots.forEach((slot, millis) -> stored.put(millis, slot));
    assertEquals(HistoryTimes.SLOTS, stored.size());
    for (long millis : stored.keySet()) {
      assertEquals(7 * millis, times.sequence(times.before(millis)));
    }
  }

  @Test
  void aClockThatGoesBackMakesRoom() {
    HistoryTimes times = HistoryTimes.NONE;
    for (int i = 0; i < HistoryTimes.SLOTS; i++) {
      times = times.withRoomAt(i).with(i, i, i);
    }
    HistoryTimes room = times.withRoomAt(10);
    assertEquals(10, room.count());
    assertEquals(10, room.freeSlot(5));
    assertEquals(HistoryTimes.SLOTS - 1, room.freeSlot(HistoryTimes.SLOTS - 1));
    assertEquals(5, times.from(1).with(5, 9, 77).before(5) + 1);
  }
}
