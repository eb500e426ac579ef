package io.atlaskv.engine.internal.manifest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.api.Bytes;
import java.util.List;
import org.junit.jupiter.api.Test;

class LevelsTest {
  @Test
  void levelZeroIsSortedNewestFirst() {
    var levels = levels(0, meta(1, "a", "b", 5), meta(2, "a", "b", 9), meta(3, "a", "b", 7));
    assertEquals("L0=[2, 3, 1]", levels.toString());
  }

  /// Tables of one bulk load have one sequence. The one that was merged with older tables has older
  /// entries for keys of the other.
  @Test
  void whatIsLeftOfABulkLoadIsNewerThanWhatItWasMergedInto() {
    var left = meta(1, "m", "z", 9);
    var merged =
        new TableMeta(2, 10, Bytes.ofUtf8("a"), Bytes.ofUtf8("z"), false, 3, 9, 5, 0, 0, 0);
    assertEquals("L0=[1, 2]", levels(0, merged, left).toString());
  }

  @Test
  void otherLevelsAreSortedByKey() {
    var levels = levels(3, meta(1, "m", "p", 5), meta(2, "a", "b", 9), meta(3, "c", "d", 7));
    assertEquals("L3=[2, 3, 1]", levels.toString());
  }

  @Test
  void tablesOfALevelMayTouchOnlyInAnExclusiveBound() {
    var inclusive = meta(1, "a", "c", 1);
    var exclusive = exclusive(1, "a", "c");
    var next = meta(2, "c", "d", 2);
    assertThrows(IllegalArgumentException.class, () -> levels(3, inclusive, next));
    assertEquals("L3=[1, 2]", levels(3, exclusive, next).toString());
  }

  @Test
  void aTableIsInOneLevelOnly() {
    var levels = levels(3, meta(1, "a", "b", 5));
    var again = VersionEdit.builder().add(4, meta(1, "a", "b", 5)).build();
    assertThrows(IllegalArgumentException.class, () -> levels.apply(again));
    var moved = VersionEdit.builder().remove(3, 1).add(4, meta(1, "a", "b", 5)).build();
    assertEquals("L4=[1]", levels.apply(moved).toString());
  }

  @Test
  void onlyWhatIsThereCanBeRemoved() {
    var levels = levels(3, meta(1, "a", "b", 5));
    var elsewhere = VersionEdit.builder().remove(4, 1).build();
    assertThrows(IllegalArgumentException.class, () -> levels.apply(elsewhere));
    var twice = VersionEdit.builder().remove(3, 1).remove(3, 1).build();
    assertThrows(IllegalArgumentException.class, () -> levels.apply(twice));
  }

  @Test
  void overlapRespectsBounds() {
    var levels = levels(3, meta(1, "c", "e", 1), exclusive(2, "g", "k"), meta(3, "k", "m", 3));
    assertEquals(List.of(), overlapping(levels, "a", "b", false));
    assertEquals(List.of(), overlapping(levels, "a", "c", true));
    assertEquals(List.of(1L), overlapping(levels, "a", "c", false));
    assertEquals(List.of(1L), overlapping(levels, "e", "f", false));
    assertEquals(List.of(), overlapping(levels, "f", "f", false));
    assertEquals(List.of(3L), overlapping(levels, "k", "z", false));
    assertEquals(List.of(1L, 2L, 3L), overlapping(levels, "d", "k", false));
    assertEquals(List.of(1L, 2L), overlapping(levels, "d", "k", true));
  }

  @Test
  void levelsBelowAreAskedForOverlap() {
    var levels =
        levels(3, meta(1, "c", "e", 1))
            .apply(VersionEdit.builder().add(6, meta(2, "x", "z", 1)).build());
    var range = new KeyRange(Bytes.ofUtf8("d"), Bytes.ofUtf8("y"), false);
    assertTrue(levels.isOverlappedBelow(2, range));
    assertTrue(levels.isOverlappedBelow(3, range));
    assertFalse(levels.isOverlappedBelow(6, range));
    assertEquals(6, levels.deepest());
  }

  @Test
  void rangesJoin() {
    var left = new KeyRange(Bytes.ofUtf8("b"), Bytes.ofUtf8("d"), true);
    var right = new KeyRange(Bytes.ofUtf8("a"), Bytes.ofUtf8("d"), false);
    assertEquals(new KeyRange(Bytes.ofUtf8("a"), Bytes.ofUtf8("d"), false), left.with(right));
    assertEquals(left, left.with(left));
  }

  private static List<Long> overlapping(
      Levels levels, String smallest, String largest, boolean isExclusive) {
    var range = new KeyRange(Bytes.ofUtf8(smallest), Bytes.ofUtf8(largest), isExclusive);
    return levels.overlapping(3, range).stream().map(TableMeta::number).toList();
  }

  private static Levels levels(int level, TableMeta... tables) {
    var edit = VersionEdit.builder();
    for (TableMeta table : tables) {
      edit.add(level, table);
    }
    return Levels.EMPTY.apply(edit.build());
  }

  private static TableMeta meta(long number, String smallest, String largest, long sequence) {
    return FakeTables.meta(number, smallest, largest, sequence);
  }

  private static TableMeta exclusive(long number, String smallest, String largest) {
    return new TableMeta(
        number, 10, Bytes.ofUtf8(smallest), Bytes.ofUtf8(largest), true, 1, 1, 1, 0, 0, 1);
  }
}
