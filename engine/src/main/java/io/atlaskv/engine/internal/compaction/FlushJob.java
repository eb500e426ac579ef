package io.atlaskv.engine.internal.compaction;

import io.atlaskv.engine.api.StorageException;
import io.atlaskv.engine.internal.cache.FreshBlocks;
import io.atlaskv.engine.internal.io.Clock;
import io.atlaskv.engine.internal.io.Task;
import io.atlaskv.engine.internal.iterator.InternalIterator;
import io.atlaskv.engine.internal.manifest.Tree;
import io.atlaskv.engine.internal.manifest.VersionEdit;
import io.atlaskv.engine.internal.memtable.Memtable;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.locks.Lock;
import org.jspecify.annotations.Nullable;

/// Writes one sealed memtable to a table of level 0, or one for each tree it has something of,
/// leaving out versions that no snapshot sees. If the memtable is not in order yet, puts it in
/// order first. When `step` has returned false, `edit` adds the tables; the log's part of the edit
/// is the caller's. One thread at a time.
public final class FlushJob implements Task {
  private final Memtable memtable;
  private final Lock commitLock;
  private final Snapshots snapshots;
  private final Clock clock;
  private final FlushOutputs outputs;
  private final Set<Integer> trees;
  private @Nullable Task ordering;
  private @Nullable InternalIterator input;
  private @Nullable TableMerge merge;
  private boolean isDone;
  private boolean isHandedOut;

  /// @param memtable sealed; the caller holds a reference until the job is done or given up
  /// @param snapshots those that are live
  /// @param freshBlocks is offered the tables' blocks
  /// @param trees those that namespaces have of their own
  public FlushJob(
      Memtable memtable,
      Lock commitLock,
      Snapshots snapshots,
      OutputOptions options,
      FreshBlocks freshBlocks,
      Map<Integer, Tree> trees) {
    this.memtable = memtable;
    this.commitLock = commitLock;
    this.clock = options.clock();
    this.snapshots = snapshots;
    this.trees = Set.copyOf(trees.keySet());
    this.outputs =
        new FlushOutputs(
            options, snapshots.needed(memtable.rangeTombstones(), false), freshBlocks, trees);
  }

  @Override
  public boolean step() {
    if (isDone) {
      return false;
    }
    TableMerge running = merge;
    if (running == null) {
      prepare();
      return true;
    }
    if (running.step()) {
      return true;
    }
    isDone = true;
    letGo();
    return false;
  }

  /// Puts the memtable in order, or waits for whoever is at it; then starts to merge.
  private void prepare() {
    Task task = ordering;
    if (task != null) {
      if (!task.step()) {
        ordering = null;
      }
      return;
    }
    if (!memtable.isOrdered()) {
      StorageException problem = memtable.orderProblem();
      if (problem != null) { // or this would wait for ever
        throw problem;
      }
      ordering = memtable.orderTask(commitLock);
      return;
    }
    InternalIterator entries = memtable.iterator();
    input = entries;
    merge =
        new TableMerge(
            entries,
            new VersionFilter(
                snapshots,
                memtable.rangeTombstones(),
                BottomCheck.never(),
                clock.currentTimeMillis(),
                ValueFilter.NONE),
            outputs,
            (key, length, tableBytes) -> false);
  }

  /// Bytes written by the steps so far.
  public long doneBytes() {
    return outputs.bytes();
  }

  /// Whether its tables are for exactly these trees. If not, a tree was made since it began, and
  /// what belongs there stands in another table.
  public boolean isFor(Map<Integer, Tree> current) {
    return trees.equals(current.keySet());
  }

  /// What adds the tables, once `step` has returned false.
  public VersionEdit edit() {
    if (!isDone) {
      throw new IllegalStateException("the job is not done");
    }
    isHandedOut = true;
    VersionEdit.Builder edit = outputs.edit();
    if (snapshots.floor() != Snapshots.NO_HISTORY) {
      edit.historyFloor(snapshots.floor());
    }
    return edit.build();
  }

  /// Gives the job up, between steps. Deletes the table, unless `edit` was asked for: then the edit
  /// may be durable, and only the next open can tell.
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
    outputs.discard();
  }

  private void letGo() {
    Task task = ordering;
    ordering = null;
    if (task != null) { // taken is taken: others may wait for it
      while (task.step()) {}
    }
    InternalIterator entries = input;
    if (entries != null) {
      input = null;
      entries.close();
    }
  }
}
