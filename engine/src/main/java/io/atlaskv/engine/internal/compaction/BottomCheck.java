package io.atlaskv.engine.internal.compaction;

import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.internal.manifest.KeyRange;
import io.atlaskv.engine.internal.manifest.Levels;
import io.atlaskv.engine.internal.manifest.TableMeta;
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
    List<List<TableMeta>> deeper =
        IntStream.range(level + 1, Levels.COUNT)
            .mapToObj(below -> levels.overlapping(below, range))
            .filter(tables -> !tables.isEmpty())
            .toList();
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
