package io.atlaskv.engine.internal.compaction;

import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.internal.manifest.KeyRange;
import io.atlaskv.engine.internal.manifest.Levels;
import io.atlaskv.engine.internal.manifest.StoreState;
import io.atlaskv.engine.internal.manifest.TableMeta;
import io.atlaskv.engine.internal.manifest.Tree;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;

/// Whether anything older than a compaction's output may lie below it: then tombstones must stay.
/// Asked for keys in ascending order; keeps its place in each deeper level.
final class BottomCheck {
  private final List<List<TableMeta>> deeper;
  private final int[] places;
  private final boolean isBottom;

  private BottomCheck(List<List<TableMeta>> deeper, boolean isBottom) {
    this.deeper = deeper;
    this.places = new int[deeper.size()];
    this.isBottom = isBottom;
  }

  /// For outputs in `level` of what lies in `range`.
  static BottomCheck below(Levels levels, int level, KeyRange range) {
    return of(deeper(levels, level, range));
  }

  /// For the outputs of a compaction of one of the trees of `state`. What is older than the inputs
  /// may lie in level 0, too, if the output does; and in the shared tree (T2).
  static BottomCheck below(StoreState state, Compaction compaction) {
    KeyRange range = compaction.range();
    Levels levels = state.levels(compaction.tree());
    var older = new ArrayList<List<TableMeta>>(deeper(levels, compaction.outputLevel(), range));
    if (compaction.outputLevel() == 0) {
      List<TableMeta> newestFirst = levels.level(0);
      int oldestInput = newestFirst.indexOf(compaction.inputs().getLast());
      newestFirst.subList(oldestInput + 1, newestFirst.size()).stream()
          .filter(table -> table.overlaps(range))
          .forEach(table -> older.add(List.of(table)));
    }
    Tree own = state.trees().get(compaction.tree());
    if (own != null && own.profile().hasOlderShared()) {
      state.levels().overlapping(0, range).forEach(table -> older.add(List.of(table)));
      older.addAll(deeper(state.levels(), 0, range));
    }
    return of(older);
  }

  private static List<List<TableMeta>> deeper(Levels levels, int level, KeyRange range) {
    return IntStream.range(level + 1, Levels.COUNT)
        .mapToObj(below -> levels.overlapping(below, range))
        .filter(tables -> !tables.isEmpty())
        .toList();
  }

  private static BottomCheck of(List<List<TableMeta>> deeper) {
    return new BottomCheck(deeper, deeper.isEmpty());
  }

  /// For outputs of which nothing is known: everything must stay.
  static BottomCheck never() {
    return new BottomCheck(List.of(), false);
  }

  /// Whether nothing at all in the range lies below.
  boolean isBottom() {
    return isBottom;
  }

  /// Whether nothing below can hold the key, which is not before the last one asked for.
  boolean isBottomFor(byte[] key, int length) {
    if (isBottom || deeper.isEmpty()) {
      return isBottom;
    }
    Bytes wanted = Bytes.of(key, 0, length);
    for (int i = 0; i < places.length; i++) {
      List<TableMeta> tables = deeper.get(i);
      while (places[i] < tables.size() && tables.get(places[i]).endsBefore(wanted)) {
        places[i]++;
      }
      if (places[i] < tables.size() && tables.get(places[i]).smallest().compareTo(wanted) <= 0) {
        return false;
      }
    }
    return true;
  }
}
