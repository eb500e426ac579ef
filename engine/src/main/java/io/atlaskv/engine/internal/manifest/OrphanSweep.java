package io.atlaskv.engine.internal.manifest;

import io.atlaskv.engine.internal.io.FileName;
import io.atlaskv.engine.internal.io.FileSystem;
import java.util.HashSet;
import java.util.Set;

/// Deletes what a crash left behind: tables no version names, old manifests, temporary files. Log
/// segments are the log's business.
final class OrphanSweep {
  private OrphanSweep() {}

  static void run(FileSystem files, StoreState state, long manifestNumber) {
    Set<Long> live = new HashSet<>();
    for (PlacedTable placed : state.tables()) {
      live.add(placed.table().number());
    }
    for (String name : files.list()) {
      FileName parsed = FileName.parse(name);
      if (parsed != null && isOrphan(parsed, live, manifestNumber)) {
        files.delete(name);
      }
    }
  }

  private static boolean isOrphan(FileName name, Set<Long> live, long manifestNumber) {
    return switch (name.kind()) {
      case TABLE -> !live.contains(name.number());
      case MANIFEST -> name.number() != manifestNumber;
      case TEMPORARY -> true;
      case LOG, CURRENT, COMMITTED, BACKUP, LOCK -> false;
    };
  }
}
