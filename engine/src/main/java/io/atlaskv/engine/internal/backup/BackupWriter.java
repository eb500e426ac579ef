package io.atlaskv.engine.internal.backup;

import io.atlaskv.engine.api.BackupInfo;
import io.atlaskv.engine.api.StorageException;
import io.atlaskv.engine.internal.io.Directories;
import io.atlaskv.engine.internal.io.FileName;
import io.atlaskv.engine.internal.io.FileSystem;
import io.atlaskv.engine.internal.manifest.Lineage;
import io.atlaskv.engine.internal.manifest.StoreImage;
import io.atlaskv.engine.internal.manifest.TableMeta;
import io.atlaskv.engine.internal.wal.SealedSegment;
import io.atlaskv.engine.internal.wal.SegmentExtent;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.UUID;
import java.util.function.Function;
import java.util.function.LongConsumer;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Makes one backup: a directory `backup-NNNNNN` that is a store, with a list of its files. What
/// the newest backup of the same store has already gets a second name; the rest is copied.
///
/// Invariants:
/// - B1: under its name a backup is whole and safe: a crash leaves all of it or nothing.
/// - B2: no file of a backup is ever changed: files that backups share are the same for good, and
///   deleting one backup takes nothing from another.
/// - B3: a file is shared only if name, sizes and the end of its content are those of the store's;
///   the end has the checksums of what it is the end of, and the time when it was made.
public final class BackupWriter implements AutoCloseable {
  private final Directories repository;
  private final UnfinishedCheckpoint unfinished;
  private final long number;
  private final @Nullable BackupList previous;
  private final @Nullable FileSystem previousFiles;
  private final Map<String, BackupFile> previousByName = new HashMap<>();

  private BackupWriter(
      Directories repository,
      UnfinishedCheckpoint unfinished,
      long number,
      UUID storeUuid,
      Lineage lineage) {
    this.repository = repository;
    this.unfinished = unfinished;
    this.number = number;
    BackupList newest = newestOf(storeUuid, lineage);
    previous = newest;
    if (newest == null) {
      previousFiles = null;
    } else {
      previousFiles = repository.open(BackupRepository.name(newest.number()));
      newest.files().forEach(file -> previousByName.put(file.name(), file));
    }
  }

  /// Begins the next backup in a repository.
  ///
  /// @param lineage which copy of the store it is
  public static BackupWriter begin(Directories repository, UUID storeUuid, Lineage lineage) {
    List<Long> numbers = BackupRepository.numbers(repository);
    long number = numbers.isEmpty() ? 1 : numbers.getLast() + 1;
    var unfinished =
        UnfinishedCheckpoint.begin(repository, BackupRepository.name(number), "backup");
    try {
      return new BackupWriter(repository, unfinished, number, storeUuid, lineage);
    } catch (Throwable e) {
      unfinished.close();
      throw e;
    }
  }

  /// The newest backup that can be read of what the store once was; its damage is the business of
  /// `verify`.
  private @Nullable BackupList newestOf(UUID storeUuid, Lineage lineage) {
    for (long candidate : BackupRepository.numbers(repository).reversed()) {
      BackupList list = BackupRepository.listOrNull(repository, candidate);
      if (list != null && list.storeUuid().equals(storeUuid) && list.isOf(lineage)) {
        return list;
      }
    }
    return null;
  }

  /// First sequence that is not in the newest backup; 0 if there is none.
  public long firstNewSequence() {
    return previous == null ? 0 : previous.lastSequence() + 1;
  }

  /// Writes the backup, and gives it its name.
  ///
  /// @param pace is told how many bytes are about to be read or written, may wait, and ends the
  ///   work by what it throws
  public BackupInfo write(FileSystem store, BackupMoment moment, LongConsumer pace) {
    FileSystem target = unfinished.files();
    UUID uuid = moment.storeUuid();
    long lastSequence = moment.state().lastSequence();
    var files = new ArrayList<BackupFile>();
    var extents = new HashMap<Long, SegmentExtent>();
    Function<Long, SegmentExtent> extent =
        segment ->
            extents.computeIfAbsent(segment, number -> SegmentExtent.of(store, uuid, number));
    long copied = 0;
    try (var copier = new FileCopier(pace)) {
      for (TableMeta table : StoreImage.tables(moment.state())) {
        copied += add(store, FileName.table(table.number()), table::bytes, false, copier, files);
      }
      for (long segment : moment.segments()) {
        boolean isHistory = segment < moment.state().logNumber();
        Supplier<Long> used = () -> extent.apply(segment).usedBytes();
        copied += add(store, FileName.log(segment), used, isHistory, copier, files);
      }
      SealedSegment.write(target, uuid, moment.nextSegment(), lastSequence, moment.timeMillis());
      StoreImage.write(target, uuid, moment.state(), moment.fork());
      for (String name : target.list()) {
        FileName parsed = FileName.parse(name);
        boolean isNew = files.stream().noneMatch(file -> file.name().equals(name));
        if (parsed != null && parsed.kind() != FileName.Kind.LOCK && isNew) {
          BackupFile own = describe(target, name, target.size(name), copier);
          files.add(own);
          copied += own.usedBytes();
        }
      }
    }
    long first = 0;
    long endMillis = 0;
    if (!moment.segments().isEmpty()) {
      first = SegmentExtent.firstSequence(store, uuid, moment.segments().getFirst());
      endMillis = extent.apply(moment.segments().getLast()).endMillis();
    }
    var list =
        new BackupList(
            uuid,
            number,
            moment.timeMillis(),
            lastSequence,
            first == 0 ? lastSequence + 1 : first,
            copied,
            endMillis == 0 ? moment.timeMillis() : endMillis,
            moment.state().lineage(),
            files);
    list.write(target);
    target.syncDirectory();
    unfinished.publish();
    return list.info();
  }

  /// Puts a file of the store into the backup; returns how much was copied.
  private long add(
      FileSystem store,
      String name,
      Supplier<Long> used,
      boolean isHistory,
      FileCopier copier,
      List<BackupFile> files) {
    long bytes = store.size(name);
    BackupFile before = previousByName.get(name);
    if (before != null
        && before.bytes() == bytes
        && copier.endChecksum(store, name, before.usedBytes()) == before.endChecksum()
        && isLinked(name)) {
      files.add(
          new BackupFile(
              name, bytes, before.usedBytes(), before.checksum(), before.endChecksum(), isHistory));
      return 0;
    }
    long usedBytes = used.get();
    int checksum = copier.copy(store, name, usedBytes, unfinished.files(), bytes);
    int end = copier.endChecksum(store, name, usedBytes);
    files.add(new BackupFile(name, bytes, usedBytes, checksum, end, isHistory));
    return usedBytes;
  }

  /// Gives the file of the backup before a second name; false where that cannot be.
  private boolean isLinked(String name) {
    FileSystem from = previousFiles;
    if (from == null) {
      return false;
    }
    try {
      from.link(name, unfinished.files(), name);
      return true;
    } catch (StorageException _) {
      return false; // not there, or a file system without links: it is copied
    }
  }

  private static BackupFile describe(FileSystem files, String name, long bytes, FileCopier copier) {
    int checksum = copier.checksum(files, name, 0, bytes);
    return new BackupFile(
        name, bytes, bytes, checksum, copier.endChecksum(files, name, bytes), false);
  }

  /// Deletes what was written, unless it is a backup by now.
  @Override
  public void close() {
    unfinished.close();
  }
}
