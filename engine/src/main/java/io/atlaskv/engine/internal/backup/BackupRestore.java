package io.atlaskv.engine.internal.backup;

import io.atlaskv.engine.api.CorruptionException;
import io.atlaskv.engine.api.StorageException;
import io.atlaskv.engine.internal.base.BatchReader;
import io.atlaskv.engine.internal.base.BulkLoadMark;
import io.atlaskv.engine.internal.base.LogBoundary;
import io.atlaskv.engine.internal.base.WriteBatchFormat;
import io.atlaskv.engine.internal.io.Directories;
import io.atlaskv.engine.internal.io.FileName;
import io.atlaskv.engine.internal.io.FileSystem;
import io.atlaskv.engine.internal.io.Ports;
import io.atlaskv.engine.internal.io.Signal;
import io.atlaskv.engine.internal.manifest.Lineage;
import io.atlaskv.engine.internal.manifest.ManifestImage;
import io.atlaskv.engine.internal.manifest.StoreImage;
import io.atlaskv.engine.internal.manifest.StoreState;
import io.atlaskv.engine.internal.manifest.VersionEdit;
import io.atlaskv.engine.internal.wal.HistoryReader;
import io.atlaskv.engine.internal.wal.HistorySegment;
import io.atlaskv.engine.internal.wal.HistorySource;
import io.atlaskv.engine.internal.wal.RecoveredLog;
import io.atlaskv.engine.internal.wal.Wal;
import io.atlaskv.engine.internal.wal.WalOptions;
import java.lang.foreign.MemorySegment;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.UUID;

/// Makes a store of a backup: the moment of the backup, or a later one, for which the log that the
/// next backup brings along is put behind it. Everything is compared with its checksum while it is
/// copied; under its name the store is whole, or it is not there.
///
/// What it makes goes its own way from there on, with sequences that others of its past have given
/// to other commits: so it gets a fork, and only backups of one past are put together.
public final class BackupRestore {
  private final Directories repository;
  private final Ports ports;

  /// @param ports scheduler, clock and waiter; their files are not used
  public BackupRestore(Directories repository, Ports ports) {
    this.repository = repository;
    this.ports = ports;
  }

  /// Restores the moment of a backup; returns its last sequence.
  public long restore(long number, Directories parent, String name) {
    BackupList backup = BackupList.read(files(number), number);
    long last = backup.lastSequence();
    try (var unfinished = UnfinishedCheckpoint.begin(parent, name, "restore")) {
      copy(backup, unfinished.files());
      writeManifest(unfinished.files(), backup.storeUuid(), stateOf(backup), last);
      unfinished.publish();
      return last;
    }
  }

  /// Restores the store as it was after commit `sequence`.
  public long restoreSequence(long sequence, Directories parent, String name) {
    var target = new Target("sequence " + sequence, sequence, Long.MAX_VALUE);
    return restoreUntil(target, parent, name);
  }

  /// Restores the store as it was at a time: with all that was written then or before.
  public long restoreTime(long timeMillis, Directories parent, String name) {
    var target = new Target("time " + Instant.ofEpochMilli(timeMillis), Long.MAX_VALUE, timeMillis);
    return restoreUntil(target, parent, name);
  }

  /// A moment: the limit that is reached first.
  ///
  /// @param text for messages
  private record Target(String text, long sequence, long timeMillis) {
    boolean covers(BackupList backup) {
      return backup.lastSequence() <= sequence && backup.endMillis() <= timeMillis;
    }

    @Override
    public String toString() {
      return text;
    }
  }

  private long restoreUntil(Target target, Directories parent, String name) {
    BackupList base = null;
    BackupList next = null;
    for (BackupList backup : pastOfNewest()) {
      if (target.covers(backup)) {
        base = backup;
        next = null;
      } else if (next == null) {
        next = backup;
      }
    }
    if (base == null) {
      throw refused("no backup is of " + target + " or before");
    }
    if (base.lastSequence() == target.sequence()) {
      return restore(base.number(), parent, name);
    }
    if (next == null) {
      throw refused(
          "no backup is behind "
              + target
              + ", the newest one ends with sequence "
              + base.lastSequence());
    }
    if (next.firstSequence() > base.lastSequence() + 1) {
      throw refused(
          BackupRepository.name(next.number())
              + " has the log from sequence "
              + next.firstSequence()
              + " on only, "
              + BackupRepository.name(base.number())
              + " ends with "
              + base.lastSequence());
    }
    try (var unfinished = UnfinishedCheckpoint.begin(parent, name, "restore")) {
      copy(base, unfinished.files());
      long last = goOn(base, next, target, unfinished.files());
      unfinished.publish();
      return last;
    }
  }

  /// The newest backup that can be read, and those before it of what its store was then; oldest
  /// first.
  private List<BackupList> pastOfNewest() {
    var lists = new ArrayList<BackupList>();
    for (long number : BackupRepository.numbers(repository)) {
      BackupList list = BackupRepository.listOrNull(repository, number);
      if (list != null) {
        lists.add(list);
      }
    }
    long stores = lists.stream().map(BackupList::storeUuid).distinct().count();
    if (stores > 1) {
      throw refused(
          "has backups of "
              + stores
              + " stores: each needs a repository of its own to be restored to a moment");
    }
    if (!lists.isEmpty()) {
      Lineage newest = lists.getLast().lineage();
      lists.removeIf(list -> !list.isOf(newest));
    }
    return lists;
  }

  private StorageException refused(String reason) {
    return new StorageException(repository + ": " + reason, null);
  }

  private FileSystem files(long number) {
    return repository.open(BackupRepository.name(number));
  }

  /// Copies the tables and log segments that the store needs, and looks at the other files.
  private void copy(BackupList backup, FileSystem target) {
    FileSystem source = files(backup.number());
    try (var copier = new FileCopier(_ -> {})) {
      for (BackupFile file : backup.files()) {
        FileName name = FileName.parse(file.name());
        boolean isData =
            name != null
                && (name.kind() == FileName.Kind.TABLE || name.kind() == FileName.Kind.LOG);
        if (isData && !file.isHistory()) {
          copy(source, file, target, copier);
        } else if (!isData) {
          BackupRepository.verify(source, file, copier);
        }
      }
    }
  }

  private static void copy(
      FileSystem source, BackupFile file, FileSystem target, FileCopier copier) {
    long bytes = source.size(file.name());
    if (bytes != file.bytes()) {
      throw new CorruptionException(
          file.name(), 0, "expected " + file.bytes() + " bytes, found " + bytes);
    }
    BackupRepository.requireSame(
        file, copier.copy(source, file.name(), file.usedBytes(), target, bytes));
  }

  /// Puts the batches behind `base` into a new life of the log, and writes the manifest.
  private long goOn(BackupList base, BackupList next, Target target, FileSystem files) {
    UUID uuid = base.storeUuid();
    StoreState state = stateOf(base);
    List<Long> segments = segmentsOf(base);
    long segment = segments.getLast() + 1;
    var recovered =
        new RecoveredLog(
            base.lastSequence(), base.lastSequence(), true, segment, List.of(), 0, 0, null, 0);
    Signal progress = ports.waiter().signal();
    var own = new Ports(files, ports.clock(), ports.scheduler(), ports.waiter(), ports.random());
    long last;
    try (var wal = new Wal(own, WalOptions.DEFAULT, uuid, recovered, progress::wakeAll)) {
      last = append(base, next, target, wal, progress);
    }
    VersionEdit edit =
        VersionEdit.builder()
            .boundary(recovered.boundary())
            .features(stateOf(next).features()) // of what was written in between
            .build();
    writeManifest(files, uuid, state.apply(edit), last);
    return last;
  }

  private void writeManifest(FileSystem files, UUID uuid, StoreState state, long lastSequence) {
    VersionEdit edit = VersionEdit.builder().historyFrom(0).build();
    StoreImage.write(files, uuid, state.apply(edit), Lineage.forkAt(lastSequence, ports.random()));
  }

  private StoreState stateOf(BackupList backup) {
    FileSystem files = files(backup.number());
    return ManifestImage.read(files, files.list()).state();
  }

  private List<Long> segmentsOf(BackupList backup) {
    var segments = new ArrayList<Long>();
    for (BackupFile file : backup.files()) {
      FileName name = FileName.parse(file.name());
      if (name != null && name.kind() == FileName.Kind.LOG) {
        segments.add(name.number());
      }
    }
    segments.sort(null);
    return segments;
  }

  private long append(BackupList base, BackupList next, Target target, Wal wal, Signal progress) {
    FileSystem files = files(next.number());
    List<LogBoundary> boundaries = stateOf(next).boundaries();
    List<HistorySegment> segments =
        segmentsOf(next).stream().map(number -> new HistorySegment(number, 0)).toList();
    long last = base.lastSequence();
    var reader = new BatchReader();
    try (HistoryReader history =
        HistoryReader.open(
            files,
            next.storeUuid(),
            HistorySource.of(segments),
            () -> boundaries,
            base.lastSequence() + 1)) {
      while (history.next(next.lastSequence())
          && history.lastSequence() <= target.sequence()
          && history.timeMillis() <= target.timeMillis()) {
        reader.reset(history.file(), 0, history.memory(), history.offset(), history.length());
        reader.verifyChecksum();
        requireInLog(reader, history, next);
        append(wal, history, progress);
        last = history.lastSequence();
      }
    }
    return last;
  }

  /// The log has only the mark of a bulk load, and nobody could tell it from what it stands for.
  private void requireInLog(BatchReader batch, HistoryReader history, BackupList next) {
    while (batch.next()) {
      if (BulkLoadMark.isAt(batch)) {
        throw refused(
            "sequence "
                + history.firstSequence()
                + " is a bulk load, which the log does not have: what was before it can be restored, or "
                + BackupRepository.name(next.number()));
      }
    }
  }

  private static void append(Wal wal, HistoryReader history, Signal progress) {
    long length = history.length();
    MemorySegment batch = history.memory().asSlice(history.offset(), length);
    progress.await(
        () -> wal.hasRoom(length) || wal.shortage() != null || wal.failure() != null,
        Long.MAX_VALUE);
    StorageException shortage = wal.shortage();
    if (shortage != null && !wal.hasRoom(length)) {
      throw shortage;
    }
    wal.append(history.firstSequence(), WriteBatchFormat.operationsAt(batch, 0), batch, length);
    wal.write();
  }
}
