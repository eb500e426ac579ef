package io.atlaskv.engine.internal.compaction;

import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.internal.manifest.TableMeta;
import io.atlaskv.engine.internal.manifest.Version;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;

/// Where a merge is cut into parts of about the same bytes: at ends of its tables and of their
/// blocks, as the indexes in memory tell them. Nothing is read.
///
/// ```
/// tables    |----a----|----b----|   |----c----|      each in slices of the same bytes
/// slices    |--|--|--|--|--|--|--|  |--|--|--|
/// ends         x  x  x  x  x  x  x     x  x  x       in key order, each with its slice's bytes
/// cuts                 ^               ^             where the sum passes 1/3 and 2/3 of all
/// ```
final class MergeCuts {
  /// A part is larger or smaller than it should be by at most that part of each table.
  private static final int SLICES_PER_TABLE = 32;

  private record Slice(Bytes end, double bytes) {}

  private MergeCuts() {}

  /// Keys that cut a merge, strictly ascending, the first after its smallest key: one less than
  /// there are parts, which have `options.tableBytes` each at least and are `options.partsMax` at
  /// most.
  static List<Bytes> of(Version version, Compaction compaction, CompactionOptions options) {
    long all = compaction.inputBytes();
    long parts = Math.min(options.partsMax(), all / options.tableBytes());
    if (parts < 2 || compaction.outputLevel() == 0) { // a run of level 0 is one table
      return List.of();
    }
    var cuts = new ArrayList<Bytes>();
    Bytes last = compaction.range().smallest();
    double sum = 0;
    for (Slice slice : slices(version, compaction.tables())) {
      sum += slice.bytes;
      boolean isEnough = sum >= (double) all / parts * (cuts.size() + 1);
      if (isEnough && cuts.size() < parts - 1 && slice.end.compareTo(last) > 0) {
        cuts.add(slice.end);
        last = slice.end;
      }
    }
    return cuts;
  }

  private static List<Slice> slices(Version version, List<TableMeta> tables) {
    var slices = new ArrayList<Slice>();
    for (TableMeta table : tables) {
      List<byte[]> cuts = version.table(table.number()).reader().cuts(SLICES_PER_TABLE);
      double bytes = (double) table.bytes() / (cuts.size() + 1);
      cuts.forEach(cut -> slices.add(new Slice(Bytes.of(cut), bytes)));
      slices.add(new Slice(table.largest(), bytes));
    }
    slices.sort(Comparator.comparing(Slice::end));
    return slices;
  }
}
