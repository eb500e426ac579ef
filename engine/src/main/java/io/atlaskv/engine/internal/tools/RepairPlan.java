package io.atlaskv.engine.internal.tools;

import io.atlaskv.engine.api.CorruptionException;
import io.atlaskv.engine.internal.base.FileFormat;
import io.atlaskv.engine.internal.base.FileHeader;
import io.atlaskv.engine.internal.io.Directories;
import io.atlaskv.engine.internal.io.FileName;
import io.atlaskv.engine.internal.io.FileSystem;
import io.atlaskv.engine.internal.io.Ports;
import io.atlaskv.engine.internal.manifest.Lineage;
import io.atlaskv.engine.internal.manifest.StoreImage;
import io.atlaskv.engine.internal.manifest.StoreState;
import io.atlaskv.engine.internal.manifest.VersionEdit;
import io.atlaskv.engine.internal.wal.SealedSegment;
import java.lang.foreign.Arena;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What a repair will make of the directory, and the one moment at which it does.
final class RepairPlan {
  private static final String ASIDE = "lost-";

  private final FileSystem files;
  private final List<String> names;
  private final long firstNewNumber;
  private final Set<String> aside = new TreeSet<>();
  private @Nullable StoreState state;
  private boolean isPastKnown = true;
  private boolean endsLog;
  private boolean isSwitching;

  /// @param firstNewNumber no file there was has this number or a larger one
  RepairPlan(FileSystem files, List<String> names, long firstNewNumber) {
    this.files = files;
    this.names = names;
    this.firstNewNumber = firstNewNumber;
  }

  /// Which store most files say they belong to.
  UUID storeUuid() {
    Map<UUID, Integer> votes = new HashMap<>();
    for (String name : names) {
      UUID vote = storeUuid(name);
      if (vote != null) {
        votes.merge(vote, 1, Integer::sum);
      }
    }
    return votes.entrySet().stream()
        .max(Map.Entry.comparingByValue())
        .map(Map.Entry::getKey)
        .orElseThrow(() ->
            new CorruptionException(FileName.CURRENT, 0, "no file says which store it is of"));
  }

  private @Nullable UUID storeUuid(String name) {
    FileName parsed = FileName.parse(name);
    FileFormat format =
        switch (parsed == null ? FileName.Kind.LOCK : parsed.kind()) {
          case TABLE -> FileFormat.TABLE;
          case LOG -> FileFormat.LOG;
          case MANIFEST -> FileFormat.MANIFEST;
          case CURRENT -> FileFormat.CURRENT;
          case COMMITTED -> FileFormat.COMMITTED;
          case BACKUP -> FileFormat.BACKUP;
          case TEMPORARY, LOCK -> null;
        };
    if (format == null) {
      return null;
    }
    try (var arena = Arena.ofConfined();
        var file = files.openRead(name)) {
      var bytes = arena.allocate(FileHeader.BYTES);
      int found = file.read(0, bytes.asByteBuffer());
      return FileHeader.decode(name, bytes.asSlice(0, found), format).storeUuid();
    } catch (CorruptionException _) {
      return null;
    }
  }

  /// The file will not belong to the store any more.
  void moveAside(String name) {
    if (names.contains(name)) {
      aside.add(name);
    }
  }

  /// All of the log is in tables: the store goes on with an empty one.
  ///
  /// @param segment its first segment
  void endLog(VersionEdit.Builder edit, long lastSequence, long segment) {
    endsLog = true;
    edit.flushedThrough(lastSequence).lastSequence(lastSequence).logNumber(segment);
  }

  /// What the manifest will say, but for file numbers.
  void state(StoreState value) {
    state = value;
  }

  /// Nobody knows any more of which store this is a copy, and since when.
  void forgetPast() {
    isPastKnown = false;
  }

  /// Makes it so; returns the directory with the files that were there (H1 of `StoreRepair`).
  String commit(Directories parent, UUID storeUuid, long nextNumber, Ports ports) {
    StoreState planned = state;
    if (planned == null) {
      throw new IllegalStateException("no state");
    }
    if (endsLog) {
      SealedSegment.write(
          files,
          storeUuid,
          planned.logNumber(),
          planned.lastSequence(),
          ports.clock().currentTimeMillis());
    }
    files.syncDirectory(); // the names of new tables
    for (String name : names) {
      FileName parsed = FileName.parse(name);
      if (parsed != null && isReplaced(parsed.kind())) {
        aside.add(name);
      }
    }
    String directory = freeName(parent);
    linkAside(parent, directory);
    isSwitching = true;
    if (aside.contains(FileName.COMMITTED)) {
      files.delete(FileName.COMMITTED); // it is written in place, and has a second name now
    }
    long next = Math.max(nextNumber, planned.logNumber() + 1);
    VersionEdit edit =
        VersionEdit.builder()
            .nextFileNumber(Math.max(next, planned.nextFileNumber()))
            .historyFloor(0) // versions may be lost, and what the log had is its newest state
            .build();
    Lineage.Fork fork =
        isPastKnown
            ? Lineage.forkAt(planned.lastSequence(), ports.random())
            : Lineage.unknownPast(ports.random());
    StoreImage.write(files, storeUuid, planned.apply(edit), fork);
    sweep(planned);
    return directory;
  }

  private void linkAside(Directories parent, String directory) {
    FileSystem target = parent.make(directory);
    try {
      for (String name : aside) {
        files.link(name, target, name);
      }
      target.syncDirectory();
      parent.sync();
    } catch (Throwable e) {
      target.list().forEach(target::delete);
      parent.delete(directory);
      throw e;
    }
  }

  private static boolean isReplaced(FileName.Kind kind) {
    return switch (kind) {
      case CURRENT, COMMITTED, MANIFEST -> true;
      case TABLE, LOG, TEMPORARY, BACKUP, LOCK -> false;
    };
  }

  private static String freeName(Directories parent) {
    int number = 1;
    while (parent.exists(ASIDE + number)) {
      number++;
    }
    return ASIDE + number;
  }

  /// Deletes what has a second name aside, and tables that were only made to be merged.
  private void sweep(StoreState live) {
    for (String name : aside) {
      if (!name.equals(FileName.CURRENT) && !name.equals(FileName.COMMITTED)) {
        files.delete(name);
      }
    }
    Set<Long> tables = new HashSet<>();
    live.tables().forEach(placed -> tables.add(placed.table().number()));
    deleteNew(tables);
    files.syncDirectory();
  }

  /// Deletes what was written, unless it may be the store by now: then the next repair finds it.
  void abandon() {
    if (!isSwitching) {
      deleteNew(Set.of());
    }
  }

  private void deleteNew(Set<Long> needed) {
    for (String name : files.list()) {
      FileName parsed = FileName.parse(name);
      if (parsed != null && isNew(parsed) && !needed.contains(parsed.number())) {
        files.delete(name);
      }
    }
  }

  private boolean isNew(FileName name) {
    return switch (name.kind()) {
      case TABLE -> name.number() >= firstNewNumber;
      case LOG -> !isSwitching && !names.contains(FileName.log(name.number()));
      case MANIFEST, CURRENT, COMMITTED, TEMPORARY, BACKUP, LOCK -> false;
    };
  }
}
