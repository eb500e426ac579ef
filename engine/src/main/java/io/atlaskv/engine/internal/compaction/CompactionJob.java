package io.atlaskv.engine.internal.compaction;

import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.internal.base.KeyBytes;
import io.atlaskv.engine.internal.base.RangeTombstones;
import io.atlaskv.engine.internal.cache.FreshBlocks;
import io.atlaskv.engine.internal.cache.ReadContext;
import io.atlaskv.engine.internal.io.Task;
import io.atlaskv.engine.internal.iterator.InternalIterator;
import io.atlaskv.engine.internal.iterator.MergingIterator;
import io.atlaskv.engine.internal.manifest.KeyRange;
import io.atlaskv.engine.internal.manifest.Levels;
import io.atlaskv.engine.internal.manifest.TableMeta;
import io.atlaskv.engine.internal.manifest.TableTimes;
import io.atlaskv.engine.internal.manifest.Version;
import io.atlaskv.engine.internal.manifest.VersionEdit;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Runs one compaction. When `step` has returned false, `edit` holds what is to be applied; the job
/// itself changes nothing but files nobody knows yet. One thread at a time, but for the parts: each
/// may be stepped by a thread of its own, and when all are at their end `step` ends the job.
///
/// Invariants:
/// - J1: the version read from is held until the job is done or given up.
/// - J2: the live snapshots are taken when the job is made: later ones are newer than all inputs.
/// - J3: outputs are deleted only if no edit that names them can be durable.
/// - J4: parts are cut between user keys, range tombstones at the cuts; their tables come in key
///   order, part by part. One edit has the tables of all.
public final class CompactionJob implements Task {
  private final Compaction compaction;
  private final Version version;
  private final List<MergePart> parts; // none if nothing is merged
  private final long historyFloor;
  private int next; // part to be stepped
  private boolean holdsVersion = true;
  private boolean isDone;
  private boolean isHandedOut;

  /// @param version which the compaction was picked from; a reference is taken
  /// @param snapshots those that are live
  /// @param contexts one for each part; they read blocking and do not fill the cache
  /// @param values one for each part
  public CompactionJob(
      Compaction compaction,
      Version version,
      Snapshots snapshots,
      CompactionOptions options,
      OutputOptions outputOptions,
      Supplier<ReadContext> contexts,
      Supplier<ValueFilter> values) {
    this.compaction = compaction;
    this.version = version;
    this.historyFloor = snapshots.floor();
    this.parts =
        compaction.kind() == Compaction.Kind.MERGE
            ? parts(compaction, version, snapshots, options, outputOptions, contexts, values)
            : List.of();
    version.retain();
  }

  private static List<MergePart> parts(
      Compaction compaction,
      Version version,
      Snapshots snapshots,
      CompactionOptions options,
      OutputOptions outputOptions,
      Supplier<ReadContext> contexts,
      Supplier<ValueFilter> values) {
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
    long nowMillis = outputOptions.clock().currentTimeMillis();
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
      var outputs =
          new OutputTables(
              outputOptions,
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
      var merge = new TableMerge(input, filter, outputs, ends, lower, upper);
      parts.add(new MergePart(input, outputs, merge));
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

  /// Steps the parts in turn.
  @Override
  public boolean step() {
    for (int i = 0; i < parts.size() && !isDone; i++) {
      MergePart part = parts.get(next);
      next = (next + 1) % parts.size();
      if (part.step()) {
        return true;
      }
    }
    isDone = true;
    letGo();
    return false;
  }

  /// What may be stepped in place of the job, on other threads; none if nothing is merged.
  public List<MergePart> parts() {
    return parts;
  }

  /// The change to apply, once `step` has returned false.
  public VersionEdit edit() {
    if (!isDone) {
      throw new IllegalStateException("the job is not done");
    }
    isHandedOut = true;
    int tree = compaction.tree();
    var edit = VersionEdit.builder();
    for (TableMeta table : compaction.inputs()) {
      edit.remove(tree, compaction.level(), table.number());
      if (compaction.kind() == Compaction.Kind.MOVE) {
        edit.add(tree, compaction.outputLevel(), table);
      }
    }
    for (TableMeta table : compaction.overlapped()) {
      edit.remove(tree, compaction.outputLevel(), table.number());
    }
    for (MergePart part : parts) {
      for (TableMeta table : part.finished()) {
        edit.add(tree, compaction.outputLevel(), table);
      }
    }
    if (historyFloor != Snapshots.NO_HISTORY) {
      edit.historyFloor(historyFloor);
    }
    if (compaction.level() > 0 && compaction.level() < compaction.outputLevel()) {
      edit.cursor(tree, compaction.level(), compaction.inputs().getLast().largest());
    }
    return edit.build();
  }

  /// What is done.
  public Compaction compaction() {
    return compaction;
  }

  /// Bytes of the tables read, all of them from the start.
  public long readBytes() {
    return parts.isEmpty() ? 0 : compaction.inputBytes();
  }

  /// Bytes written so far.
  public long writtenBytes() {
    return parts.stream().mapToLong(MergePart::writtenBytes).sum();
  }

  /// Gives the job up, between steps. Deletes the outputs, unless `edit` was asked for: then the
  /// edit may be durable, and only the next open can tell (J3).
  public void abandon() {
    if (!isHandedOut) {
      discard();
    } else {
      letGo();
    }
  }

  /// Gives the job up when it is known that its edit is not durable: the disk was full before it
  /// was written.
  public void discard() {
    isDone = true;
    letGo();
    parts.forEach(MergePart::discard);
  }

  private void letGo() {
    if (holdsVersion) {
      holdsVersion = false;
      parts.forEach(MergePart::close);
      version.release();
    }
  }
}
