package io.atlaskv.engine.internal.manifest;

import io.atlaskv.engine.api.CorruptionException;
import io.atlaskv.engine.internal.io.FileName;
import io.atlaskv.engine.internal.io.FileSystem;
import io.atlaskv.engine.internal.io.Ports;
import io.atlaskv.engine.internal.io.RandomSource;
import java.util.List;
import java.util.UUID;

/// What an open finds in the directory.
///
/// @param state state of the last edit that is whole
/// @param nextFileNumber larger than that of any file in the directory and any number given out
/// @param manifest number of the manifest that edits may be appended to; 0 if it must be begun anew
record Recovered(UUID storeUuid, StoreState state, long nextFileNumber, long manifest) {
  private static final long FIRST_FILE_NUMBER = 1;

  /// A larger manifest is begun anew: each open pays for its edits.
  private static final long REUSED_BYTES_MAX = 64 << 10;

  static Recovered read(Ports ports) {
    FileSystem files = ports.files();
    List<String> names = files.list();
    if (!names.contains(FileName.CURRENT)) {
      requireNoStore(names);
      return new Recovered(newUuid(ports.random()), StoreState.EMPTY, FIRST_FILE_NUMBER, 0)
          .above(names);
    }
    ManifestImage image = ManifestImage.read(files, names);
    StoreState state = image.state().withoutDropped();
    requireTables(names, FileName.manifest(image.manifestNumber()), state);
    long reused = state.equals(image.state()) && isReusable(image) ? image.manifestNumber() : 0;
    return new Recovered(image.storeUuid(), state, state.nextFileNumber(), reused).above(names);
  }

  /// Whether the mark says that all of a manifest is synced. Of what else is intact nobody knows
  /// that it is on disk: after a failed sync the kernel may take it for clean. And a field of a
  /// later release, which this one may ignore, must not outlive what this one does to the store.
  private static boolean isReusable(ManifestImage image) {
    ManifestReader.Content manifest = image.manifest();
    return manifest.isOwnFormat()
        && manifest.intactBytes() == manifest.bytes()
        && manifest.bytes() == image.committedBytes()
        && manifest.bytes() <= REUSED_BYTES_MAX;
  }

  /// Without `CURRENT` there may be traces of a first open that did not get far, but no data.
  static void requireNoStore(List<String> names) {
    for (String name : names) {
      FileName parsed = FileName.parse(name);
      if (parsed != null) {
        switch (parsed.kind()) {
          case TABLE, LOG, COMMITTED, BACKUP ->
              throw new CorruptionException(
                  FileName.CURRENT, 0, "is missing, but " + name + " of a store is there");
          case MANIFEST, CURRENT, TEMPORARY, LOCK -> {}
        }
      }
    }
  }

  private static void requireTables(List<String> names, String manifest, StoreState state) {
    for (PlacedTable placed : state.tables()) {
      String name = FileName.table(placed.table().number());
      if (!names.contains(name)) {
        throw new CorruptionException(name, 0, "does not exist, but " + manifest + " names it");
      }
    }
  }

  private Recovered above(List<String> names) {
    long next = nextFileNumber;
    for (String name : names) {
      FileName parsed = FileName.parse(name);
      if (parsed != null) {
        next = Math.max(next, parsed.number() + 1);
      }
    }
    return new Recovered(storeUuid, state, next, manifest);
  }

  private static UUID newUuid(RandomSource random) {
    long versionMask = 0xf000L;
    long version4 = 0x4000L;
    long variantMask = 0xc000_0000_0000_0000L;
    long variant2 = 0x8000_0000_0000_0000L;
    return new UUID(
        (random.nextLong() & ~versionMask) | version4,
        (random.nextLong() & ~variantMask) | variant2);
  }
}
