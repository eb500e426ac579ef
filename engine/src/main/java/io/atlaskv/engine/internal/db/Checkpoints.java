package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.api.BackupInfo;
import io.atlaskv.engine.api.ClosedException;
import io.atlaskv.engine.api.StorageException;
import io.atlaskv.engine.internal.backup.BackupMoment;
import io.atlaskv.engine.internal.backup.BackupWriter;
import io.atlaskv.engine.internal.backup.UnfinishedCheckpoint;
import io.atlaskv.engine.internal.compaction.Throttle;
import io.atlaskv.engine.internal.io.Clock;
import io.atlaskv.engine.internal.io.Directories;
import io.atlaskv.engine.internal.io.FileName;
import io.atlaskv.engine.internal.io.FileSystem;
import io.atlaskv.engine.internal.io.Ports;
import io.atlaskv.engine.internal.io.RandomSource;
import io.atlaskv.engine.internal.manifest.Lineage;
import io.atlaskv.engine.internal.manifest.PlacedTable;
import io.atlaskv.engine.internal.manifest.StoreImage;
import io.atlaskv.engine.internal.wal.HistorySegment;
import io.atlaskv.engine.internal.wal.SealedSegment;
import io.atlaskv.engine.internal.wal.Wal;
import java.util.UUID;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;

/// Makes checkpoints: directories that open as a store with the state of one moment.
///
/// Under the commit lock, in microseconds: the log goes on in its next segment, and the tables and
/// segments of the moment are retained. Then, while writers go on: the segments are written and
/// synced, tables and segments get a second name in `name.atlaskv-unfinished`, a segment with a
/// seal and a manifest are written there, the directory is synced, gets its name, and its parent is
/// synced.
///
/// Invariants:
/// - K1: a checkpoint holds all commits up to one sequence and none after it.
/// - K2: under its name it is whole and safe: a crash leaves all of it or nothing.
/// - K3: no file that a checkpoint shares with the store is changed or reused by either: tables
///   never are, segments have ended and were retained (R1 of `LogSegments`).
/// - K4: what fails while files are linked or written is the checkpoint's problem only; the store
///   goes on.
final class Checkpoints {
  private static final int SEGMENTS_MAX = 8;

  private final FileSystem files;
  private final Clock clock;
  private final RandomSource random;
  private final UUID storeUuid;
  private final Views views;
  private final WritePath writes;
  private final Wal wal;
  private final StoreFailure failure;
  private final Progress progress;
  private final Throttle throttle;
  private final AtomicInteger running = new AtomicInteger();
  private volatile boolean isClosing;

  Checkpoints(
      Ports ports,
      UUID storeUuid,
      Views views,
      WritePath writes,
      Wal wal,
      StoreFailure failure,
      Progress progress,
      Throttle throttle) {
    this.files = ports.files();
    this.clock = ports.clock();
    this.random = ports.random();
    this.storeUuid = storeUuid;
    this.views = views;
    this.writes = writes;
    this.wal = wal;
    this.failure = failure;
    this.progress = progress;
    this.throttle = throttle;
  }

  /// Makes a checkpoint of this moment and answers its last sequence. Blocks.
  ///
  /// @throws StorageException if the name exists, or the operating system refuses something
  /// @throws io.atlaskv.engine.api.ReadOnlyException if a write or sync of the store has failed
  long make(Directories parent, String name) {
    if (name.endsWith(UnfinishedCheckpoint.SUFFIX)) {
      throw new IllegalArgumentException("name=" + name);
    }
    running.incrementAndGet(); // before the look at `isClosing`: one of the two sees the other
    try {
      requireOpen();
      try (var unfinished = UnfinishedCheckpoint.begin(parent, name, "checkpoint");
          CheckpointMoment moment = take(Long.MAX_VALUE)) {
        awaitSafe(moment);
        fill(unfinished.files(), moment);
        unfinished.publish();
        shortenLog(moment);
        return moment.lastSequence();
      }
    } finally {
      running.decrementAndGet();
      progress.run();
    }
  }

  /// Backs up this moment, and takes along the log since the last backup, if it is still there.
  /// Blocks.
  ///
  /// @throws StorageException if the operating system refuses something
  BackupInfo backup(Directories repository) {
    running.incrementAndGet();
    try {
      requireOpen();
      Lineage lineage = lineage();
      try (var writer = BackupWriter.begin(repository, storeUuid, lineage);
          CheckpointMoment moment = take(segmentWith(writer.firstNewSequence()))) {
        awaitSafe(moment);
        var state =
            new BackupMoment(
                storeUuid,
                moment.state(),
                Lineage.forkAt(moment.lastSequence(), random),
                moment.segments(),
                moment.nextSegment(),
                moment.timeMillis());
        BackupInfo made = writer.write(files, state, this::pace);
        shortenLog(moment);
        return made;
      }
    } finally {
      running.decrementAndGet();
      progress.run();
    }
  }

  /// Which copy of the store this is; the same as long as it is open.
  private Lineage lineage() {
    View view = views.acquire();
    try {
      return view.version().state().lineage();
    } finally {
      view.release();
    }
  }

  /// The segment in which the log has a sequence; none, if it does not have it any more.
  private long segmentWith(long sequence) {
    for (HistorySegment segment : wal.history().reversed()) {
      long first = wal.firstSequence(files, storeUuid, segment);
      if (first != 0 && first <= sequence) {
        return segment.number();
      }
    }
    return Long.MAX_VALUE;
  }

  /// Each checkpoint may end a segment, and a memtable that fills slowly needs all of them: then it
  /// is flushed before it is full.
  private void shortenLog(CheckpointMoment moment) {
    if (moment.segments().size() < SEGMENTS_MAX) {
      return;
    }
    try {
      writes.sealThrough(moment.lastSequence());
    } catch (ClosedException _) {
      // closed since: the checkpoint is there all the same
    }
  }

  /// Before so many bytes of a backup are read or written: waits for what came before them.
  private void pace(long bytes) {
    requireOpen();
    long owed = throttle.requested(0);
    if (owed > 0) {
      progress.await(() -> isClosing, owed);
      requireOpen();
    }
    throttle.requested(bytes);
  }

  private void requireOpen() {
    if (isClosing) {
      throw new ClosedException("the store");
    }
  }

  private CheckpointMoment take(long from) {
    var taken = new AtomicReference<@Nullable CheckpointMoment>();
    progress.await(() -> {
      if (isClosing || failure.isPermanent()) {
        return true;
      }
      writes.inOrder(() -> {
        if (!writes.isHeld()) { // else the log is ahead of what is visible
          taken.set(
              CheckpointMoment.now(
                  wal, views, writes.visibleSequence(), from, clock.currentTimeMillis()));
        }
      });
      return taken.get() != null || wal.shortage() != null;
    });
    CheckpointMoment moment = taken.get();
    if (moment != null) {
      return moment;
    }
    requireOpen();
    failure.requireWritable();
    StorageException shortage = wal.shortage();
    throw new StorageException("checkpoint failed: no room for the log", shortage, true);
  }

  /// Waits until all segments of the moment are on disk, with their ends.
  private void awaitSafe(CheckpointMoment moment) {
    long next = moment.nextSegment();
    progress.await(() ->
        wal.isSafeBelow(next)
            || wal.failure() != null
            || (wal.write() && wal.sync() && wal.isSafeBelow(next)));
    if (!wal.isSafeBelow(next)) {
      failure.requireWritable();
    }
  }

  private void fill(FileSystem target, CheckpointMoment moment) {
    for (PlacedTable placed : moment.version().state().tables()) {
      link(FileName.table(placed.table().number()), target);
    }
    for (long segment : moment.segments()) {
      link(FileName.log(segment), target);
    }
    SealedSegment.write(
        target, storeUuid, moment.nextSegment(), moment.lastSequence(), clock.currentTimeMillis());
    Lineage.Fork fork = Lineage.forkAt(moment.lastSequence(), random);
    StoreImage.write(target, storeUuid, moment.state(), fork);
  }

  private void link(String name, FileSystem target) {
    requireOpen();
    files.link(name, target, name);
  }

  /// Deletes a checkpoint, so that a crash leaves no part of it under its name.
  void remove(Directories parent, String name) {
    UnfinishedCheckpoint.remove(parent, name);
  }

  /// Refuses new ones, and waits for those that are being made, which give up at their next step.
  void close() {
    isClosing = true;
    progress.run(); // a backup that is put off gives up
    progress.await(() -> running.get() == 0);
  }
}
