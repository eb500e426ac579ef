package io.atlaskv.engine.internal.compaction;

import io.atlaskv.engine.internal.io.Task;
import io.atlaskv.engine.internal.manifest.TableMeta;
import io.atlaskv.engine.internal.manifest.Version;
import io.atlaskv.engine.internal.manifest.VersionEdit;
import java.util.List;

/// Runs one compaction. When `step` has returned false, `edit` holds what is to be applied; the job
/// itself changes nothing but files nobody knows yet. One thread at a time, but for the parts: each
/// may be stepped by a thread of its own, and when all are at their end `step` ends the job.
///
/// Invariants:
/// - J1: the version read from is held until the job is done or given up.
/// - J2: the live snapshots are taken for the job: later ones are newer than all inputs.
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
  /// @param merges what its parts are made with
  public CompactionJob(Compaction compaction, Version version, MergeParts merges) {
    this.compaction = compaction;
    this.version = version;
    this.historyFloor = merges.snapshots().floor();
    this.parts =
        compaction.kind() == Compaction.Kind.MERGE ? merges.of(compaction, version) : List.of();
    version.retain();
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
