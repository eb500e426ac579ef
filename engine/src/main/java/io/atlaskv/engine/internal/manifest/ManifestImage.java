package io.atlaskv.engine.internal.manifest;

import io.atlaskv.engine.api.CorruptionException;
import io.atlaskv.engine.internal.io.FileName;
import io.atlaskv.engine.internal.io.FileSystem;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// What `CURRENT`, the manifest and the mark say together. Reading it changes nothing.
///
/// @param storeUuid identity of the store
/// @param manifestNumber file number of the live manifest
/// @param manifest what the manifest holds
/// @param committedBytes bytes of it that are known to have been synced; −1 if nothing is known
public record ManifestImage(
    UUID storeUuid, long manifestNumber, ManifestReader.Content manifest, long committedBytes) {
  private static final long NOTHING_KNOWN = -1;

  /// Reads the store whose files `names` are.
  ///
  /// @throws io.atlaskv.engine.api.AtlasException if the three are damaged or do not fit
  public static ManifestImage read(FileSystem files, List<String> names) {
    if (!names.contains(FileName.CURRENT)) {
      throw new CorruptionException(FileName.CURRENT, 0, "is missing");
    }
    CurrentFile current = CurrentFile.read(files);
    long manifestNumber = current.manifestNumber();
    String manifest = FileName.manifest(manifestNumber);
    if (!names.contains(manifest)) {
      throw new CorruptionException(
          FileName.CURRENT, 0, "names " + manifest + ", which does not exist");
    }
    CommittedMark.Content mark = CommittedMark.read(files, current.storeUuid());
    requireNewest(manifest, manifestNumber, mark);
    long committedBytes =
        mark != null && mark.manifestNumber() == manifestNumber ? mark.length() : NOTHING_KNOWN;
    ManifestReader.Content content =
        ManifestReader.read(
            files, manifestNumber, current.storeUuid(), Math.max(0, committedBytes));
    return new ManifestImage(current.storeUuid(), manifestNumber, content, committedBytes);
  }

  /// Reads the newest manifest among `names`, for a store whose `CURRENT` is damaged; null if that
  /// manifest is damaged as well, or is not the newest there was.
  public static @Nullable ManifestImage newest(FileSystem files, List<String> names) {
    long number = -1;
    for (String name : names) {
      FileName parsed = FileName.parse(name);
      if (parsed != null && parsed.kind() == FileName.Kind.MANIFEST) {
        number = Math.max(number, parsed.number());
      }
    }
    if (number < 0) {
      return null;
    }
    try {
      UUID storeUuid = ManifestReader.storeUuid(files, number);
      CommittedMark.Content mark = CommittedMark.read(files, storeUuid);
      requireNewest(FileName.manifest(number), number, mark);
      long committedBytes =
          mark != null && mark.manifestNumber() == number ? mark.length() : NOTHING_KNOWN;
      return new ManifestImage(
          storeUuid,
          number,
          ManifestReader.read(files, number, storeUuid, Math.max(0, committedBytes)),
          committedBytes);
    } catch (CorruptionException _) {
      return null;
    }
  }

  private static void requireNewest(
      String manifest, long manifestNumber, CommittedMark.@Nullable Content mark) {
    if (mark != null && mark.manifestNumber() > manifestNumber) {
      throw new CorruptionException(
          FileName.CURRENT,
          0,
          "names "
              + manifest
              + ", but "
              + FileName.manifest(mark.manifestNumber())
              + " was written later: an old copy of "
              + FileName.CURRENT);
    }
  }

  /// The state of the last whole edit.
  public StoreState state() {
    return manifest.state();
  }
}
