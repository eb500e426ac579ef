package io.atlaskv.engine.internal.manifest;

import io.atlaskv.engine.internal.io.FileSystem;
import java.util.List;
import java.util.UUID;

/// Makes a directory that has tables and log segments the store that a state describes.
public final class StoreImage {
  private StoreImage() {}

  /// All tables that the manifest of a state names.
  public static List<TableMeta> tables(StoreState state) {
    return state.asEdit().added().stream().map(VersionEdit.Added::table).toList();
  }

  /// Writes manifest, mark and, last, `CURRENT`. When this returns, they and all names of the
  /// directory are safe.
  ///
  /// @param fork the new store's own
  public static void write(FileSystem files, UUID storeUuid, StoreState state, Lineage.Fork fork) {
    long number = state.nextFileNumber();
    StoreState own =
        state.apply(VersionEdit.builder().nextFileNumber(number + 1).fork(fork).build());
    try (var manifest = ManifestWriter.createUnnamed(files, number, storeUuid, own);
        var mark = CommittedMark.open(files, storeUuid)) {
      mark.write(number, manifest.bytes());
      mark.sync();
    }
    var current = new CurrentFile(storeUuid, number);
    current.prepare(files);
    current.replace(files); // syncs the directory, and so the name of the manifest too
  }
}
