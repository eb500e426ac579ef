package io.atlaskv.engine.internal.compaction;

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
import org.jspecify.annotations.Nullable;

/// Runs one compaction. When `step` has returned false, `edit` holds what is to be applied; the job
/// itself changes nothing but files nobody knows yet. One thread at a time.
///
/// Invariants:
/// - J1: the version read from is held until the job is done or given up.
/// - J2: the live snapshots are taken when the job is made: later ones are newer than all inputs.
/// - J3: outputs are deleted only if no edit that names them can be durable.
public final class CompactionJob implements Task {
  private final Compaction compaction;
  private final Version version;
  private final @Nullable InternalIterator input; // null if nothing is merged
  private final @Nullable OutputTables outputs;
  private final @Nullable TableMerge merge;
  private final long historyFloor;
  private boolean holdsVersion = true;
  private boolean isDone;
  private boolean isHandedOut;

  /// @param version which the compaction was picked from; a reference is taken
  /// @param snapshots those that are live
  /// @param context reads blocking and does not fill the cache; this job's own
  /// @param values this job's own
  public CompactionJob(
      Compaction compaction,
      Version version,
      Snapshots snapshots,
      CompactionOptions options,
      OutputOptions outputOptions,
      ReadContext context,
      ValueFilter values) {
    this.compaction = compaction;
    this.version = version;
    this.historyFloor = snapshots.floor();
    version.retain();
    if (compaction.kind() != Compaction.Kind.MERGE) {
      input = null;
      outputs = null;
      merge = null;
      return;
    }
    Levels levels = version.state().levels(compaction.tree());
    KeyRange range = compaction.range();
    var bottom = BottomCheck.below(version.state(), compaction);
    RangeTombstones tombstones = tombstones(version, compaction);
    List<TableMeta> grandparents =
        compaction.outputLevel() > 0 && compaction.outputLevel() < Levels.LAST
            ? levels.overlapping(compaction.outputLevel() + 1, range)
            : List.of();
    input = new MergingIterator(runs(version, compaction, context), commonLength(range));
    outputs =
        new OutputTables(
            outputOptions,
            compaction.outputLevel() == 0 ? Levels.LAST : compaction.outputLevel(), // a large run
            snapshots.needed(tombstones, bottom.isBottom()),
            FreshBlocks.like(context),
            TableTimes.spanning(compaction.tables()));
    merge =
        new TableMerge(
            input,
            new VersionFilter(
                snapshots, tombstones, bottom, outputOptions.clock().currentTimeMillis(), values),
            outputs,
            compaction.outputLevel() == 0
                ? (_, _, _) -> false // a run of level 0 is one table
                : new CutBySize(options, grandparents));
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

  private static List<InternalIterator> runs(
      Version version, Compaction compaction, ReadContext context) {
    var runs = new ArrayList<InternalIterator>();
    if (compaction.level() == 0) {
      for (TableMeta table : compaction.inputs()) {
        runs.add(version.table(table.number()).iterator(context));
      }
    } else {
      runs.add(version.run(context, compaction.inputs()));
    }
    if (!compaction.overlapped().isEmpty()) {
      runs.add(version.run(context, compaction.overlapped()));
    }
    return runs;
  }

  @Override
  public boolean step() {
    if (isDone) {
      return false;
    }
    if (merge != null && merge.step()) {
      return true;
    }
    isDone = true;
    letGo();
    return false;
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
    if (outputs != null) {
      for (TableMeta table : outputs.finished()) {
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
    return merge == null ? 0 : compaction.inputBytes();
  }

  /// Bytes written so far.
  public long writtenBytes() {
    return outputs == null ? 0 : outputs.bytes();
  }

  /// Bytes read and written by the steps so far.
  public long doneBytes() {
    return merge == null ? 0 : merge.bytesRead() + writtenBytes();
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
    if (outputs != null) {
      outputs.discard();
    }
  }

  private void letGo() {
    if (holdsVersion) {
      holdsVersion = false;
      if (input != null) {
        input.close();
      }
      version.release();
    }
  }
}
