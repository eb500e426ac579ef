package io.atlaskv.engine.internal.compaction;

import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.internal.base.KeyBytes;
import io.atlaskv.engine.internal.base.RangeTombstones;
import io.atlaskv.engine.internal.cache.FreshBlocks;
import io.atlaskv.engine.internal.cache.ReadContext;
import io.atlaskv.engine.internal.iterator.InternalIterator;
import io.atlaskv.engine.internal.iterator.MergingIterator;
import io.atlaskv.engine.internal.manifest.KeyRange;
import io.atlaskv.engine.internal.manifest.Levels;
import io.atlaskv.engine.internal.manifest.TableMeta;
import io.atlaskv.engine.internal.manifest.TableTimes;
import io.atlaskv.engine.internal.manifest.Version;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// What the parts of a merge are made with.
///
/// @param snapshots those that are live
/// @param contexts one for each part; they read blocking and do not fill the cache
/// @param values one for each part
public record MergeParts(
    Snapshots snapshots,
    CompactionOptions options,
    OutputOptions outputs,
    Supplier<ReadContext> contexts,
    Supplier<ValueFilter> values) {

  /// The parts of one merge, in key order; each is a merge of its own.
  List<MergePart> of(Compaction compaction, Version version) {
    KeyRange range = compaction.range();
    RangeTombstones tombstones = tombstones(version, compaction);
    RangeTombstones needed =
        snapshots.needed(tombstones, BottomCheck.below(version.state(), compaction).isBottom());
    int level =
        compaction.outputLevel() == 0 ? Levels.LAST : compaction.outputLevel(); // a large run
    List<TableMeta> grandparents =
        compaction.outputLevel() > 0 && compaction.outputLevel() < Levels.LAST
            ? version
                .state()
                .levels(compaction.tree())
                .overlapping(compaction.outputLevel() + 1, range)
            : List.of();
    TableTimes times = TableTimes.spanning(compaction.tables());
    long nowMillis = outputs.clock().currentTimeMillis();
    List<Bytes> cuts = MergeCuts.of(version, compaction, options);
    var parts = new ArrayList<MergePart>();
    for (int i = 0; i <= cuts.size(); i++) {
      Bytes from = i == 0 ? null : cuts.get(i - 1);
      Bytes to = i == cuts.size() ? null : cuts.get(i);
      byte[] lower = from == null ? null : from.toArray();
      byte[] upper = to == null ? null : to.toArray();
      ReadContext context = contexts.get();
      var input =
          new MergingIterator(runs(version, compaction, from, to, context), commonLength(range));
      var written =
          new OutputTables(
              outputs,
              level,
              needed.clip(lower, upper), // J4
              FreshBlocks.like(context),
              times);
      var filter =
          new VersionFilter(
              snapshots,
              tombstones,
              BottomCheck.below(version.state(), compaction),
              nowMillis,
              values.get());
      TableMerge.CutRule ends =
          compaction.outputLevel() == 0
              ? (_, _, _) -> false // a run of level 0 is one table
              : new CutBySize(options, grandparents);
      var merge = new TableMerge(input, filter, written, ends, lower, upper);
      parts.add(new MergePart(input, written, merge));
    }
    return List.copyOf(parts);
  }

  /// How many bytes all keys of a range begin with.
  private static int commonLength(KeyRange range) {
    byte[] first = range.smallest().toArray();
    byte[] last = range.largest().toArray();
    return KeyBytes.mismatch(first, 0, last, 0, Math.min(first.length, last.length));
  }

  private static RangeTombstones tombstones(Version version, Compaction compaction) {
    return RangeTombstones.union(
        compaction.tables().stream()
            .filter(table -> table.rangeDeletions() > 0)
            .map(table -> version.table(table.number()).rangeTombstones())
            .toList());
  }

  /// The runs of what lies in `[from, to)`; null is no bound.
  private static List<InternalIterator> runs(
      Version version,
      Compaction compaction,
      @Nullable Bytes from,
      @Nullable Bytes to,
      ReadContext context) {
    var runs = new ArrayList<InternalIterator>();
    List<TableMeta> inputs = within(compaction.inputs(), from, to);
    if (compaction.level() == 0) {
      for (TableMeta table : inputs) {
        runs.add(version.table(table.number()).iterator(context));
      }
    } else if (!inputs.isEmpty()) {
      runs.add(version.run(context, inputs));
    }
    List<TableMeta> overlapped = within(compaction.overlapped(), from, to);
    if (!overlapped.isEmpty()) {
      runs.add(version.run(context, overlapped));
    }
    return runs;
  }

  private static List<TableMeta> within(
      List<TableMeta> tables, @Nullable Bytes from, @Nullable Bytes to) {
    return tables.stream()
        .filter(table -> from == null || !table.endsBefore(from))
        .filter(table -> to == null || table.smallest().compareTo(to) < 0)
        .toList();
  }
}
