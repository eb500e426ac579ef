package io.atlaskv.engine.internal.manifest;

import io.atlaskv.engine.api.AtlasException;
import io.atlaskv.engine.api.CorruptionException;
import io.atlaskv.engine.api.tools.Finding;
import io.atlaskv.engine.internal.io.FileName;
import io.atlaskv.engine.internal.io.FileSystem;
import io.atlaskv.engine.internal.sstable.TableProperties;
import java.util.List;
import java.util.UUID;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Checks `CURRENT`, the manifest and the mark, and tables against what the manifest says of them.
public final class ManifestVerifier {
  private ManifestVerifier() {}

  /// True if there are at most traces of a first open that did not get far.
  public static boolean isNoStore(List<String> names) {
    if (names.contains(FileName.CURRENT)) {
      return false;
    }
    try {
      Recovered.requireNoStore(names);
      return true;
    } catch (CorruptionException _) {
      return false;
    }
  }

  /// What the three files say; null if that cannot be known, which is among the findings then.
  ///
  /// @param names files of the directory
  public static @Nullable ManifestImage verify(
      FileSystem files, List<String> names, Consumer<Finding> findings) {
    if (!names.contains(FileName.CURRENT)) {
      try {
        Recovered.requireNoStore(names);
      } catch (CorruptionException e) {
        findings.accept(Finding.of(e, FileName.CURRENT));
      }
      return null;
    }
    UUID storeUuid;
    try {
      storeUuid = CurrentFile.read(files).storeUuid();
    } catch (AtlasException e) {
      findings.accept(Finding.of(e, FileName.CURRENT));
      return null;
    }
    if (names.contains(FileName.COMMITTED)) {
      CommittedMark.verify(files, storeUuid, findings);
    } else {
      findings.accept(
          Finding.damage(
              FileName.COMMITTED,
              0,
              "is missing: how much of the manifest is synced, nobody knows"));
    }
    try {
      ManifestImage image = ManifestImage.read(files, names);
      tellTail(image, findings);
      return image;
    } catch (AtlasException e) {
      findings.accept(Finding.of(e, FileName.CURRENT));
      return null;
    }
  }

  private static void tellTail(ManifestImage image, Consumer<Finding> findings) {
    long torn = image.manifest().bytes() - image.manifest().intactBytes();
    if (torn > 0) {
      findings.accept(
          Finding.note(
              FileName.manifest(image.manifestNumber()),
              image.manifest().intactBytes(),
              torn + " bytes of an edit that was never finished"));
    }
  }

  /// Compares a table with what the manifest says of it.
  ///
  /// @param found what the table says of itself
  public static void compare(
      StoreState state, TableMeta told, TableProperties found, Consumer<Finding> findings) {
    var comparison = new Comparison(FileName.table(told.number()), findings);
    comparison.expect("bytes", told.bytes(), found.fileBytes());
    comparison.expect("smallest key", told.smallest(), found.smallest());
    comparison.expect("largest key", told.largest(), found.largest());
    comparison.expect("exclusive largest key", told.largestExclusive(), found.isLargestExclusive());
    if (!told.isNumbered(found)) {
      comparison.expect("smallest sequence", told.smallestSequence(), found.smallestSequence());
      comparison.expect("largest sequence", told.largestSequence(), found.largestSequence());
    }
    comparison.expect("rows", told.entries(), found.entries());
    comparison.expect("deletions", told.deletions(), found.deletions());
    comparison.expect("range tombstones", told.rangeDeletions(), found.rangeDeletes());
    if (told.largestSequence() > state.flushedThrough()) {
      findings.accept(
          Finding.damage(
              FileName.table(told.number()),
              0,
              "expected sequences up to "
                  + state.flushedThrough()
                  + ", found "
                  + told.largestSequence()));
    }
  }

  private record Comparison(String file, Consumer<Finding> findings) {
    void expect(String what, Object told, Object found) {
      if (!told.equals(found)) {
        findings.accept(
            Finding.damage(
                file, 0, "the manifest expects " + what + " " + told + ", found " + found));
      }
    }
  }
}
