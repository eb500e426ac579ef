package io.atlaskv.engine;

import io.atlaskv.engine.api.StorageException;
import io.atlaskv.engine.api.tools.LogVisitor;
import io.atlaskv.engine.api.tools.ManifestContents;
import io.atlaskv.engine.api.tools.RepairListener;
import io.atlaskv.engine.api.tools.RepairReport;
import io.atlaskv.engine.api.tools.TableContents;
import io.atlaskv.engine.api.tools.TableVisitor;
import io.atlaskv.engine.api.tools.VerifyListener;
import io.atlaskv.engine.api.tools.VerifyReport;
import io.atlaskv.engine.internal.tools.ClosedStore;
import io.atlaskv.engine.internal.tools.FileTools;
import io.atlaskv.engine.internal.tools.StoreRepair;
import io.atlaskv.engine.internal.tools.StoreVerifier;
import java.nio.file.Path;

/// Looks at the files of a store; all but `repair` change nothing in them.
///
/// What takes a directory takes its lock: a store that is open is refused as a second opener is.
/// What takes one file takes no lock, and can look at the files of a running store.
///
/// All methods throw an `AtlasException` where the files cannot be read, or are damaged so that
/// nothing more can be told of them.
public final class StoreTools {
  private StoreTools() {}

  /// What the manifest of a closed store says.
  ///
  /// @throws StorageException if there is no store, or somebody has it open
  public static ManifestContents manifest(Path directory) {
    try (var store = ClosedStore.open(directory)) {
      return FileTools.manifest(store);
    }
  }

  /// Tells what lies in the log of a closed store, segment by segment.
  public static void log(Path directory, LogVisitor visitor) {
    try (var store = ClosedStore.open(directory)) {
      FileTools.log(store, visitor);
    }
  }

  /// Tells what lies in one log segment. One that is being written ends with what has been written.
  public static void logSegment(Path file, LogVisitor visitor) {
    FileTools.logSegment(file, visitor);
  }

  /// Tells what lies in a table; returns what it says of itself.
  public static TableContents table(Path file, TableVisitor visitor) {
    return FileTools.table(file, visitor);
  }

  /// Reads every live file of a closed store and tells all that is wrong. Nothing is repaired, and
  /// damage is no exception here.
  ///
  /// @throws StorageException if there is no store, or somebody has it open
  public static VerifyReport verify(Path directory, VerifyListener listener) {
    try (var store = ClosedStore.open(directory)) {
      return StoreVerifier.verify(store, listener);
    }
  }

  /// Makes a damaged store one that opens in any mode, with everything that could be read. Tables
  /// and log stay as they are where they are sound; files that had to be replaced are kept in a
  /// directory `lost-1` (or `-2` and so on) of the store's, which may be deleted. A sound store is
  /// not touched.
  ///
  /// @throws StorageException if there is no store, or somebody has it open; or a new file could
  ///   not be written, and then nothing was changed
  /// @throws io.atlaskv.engine.api.UnsupportedFormatException if a newer release wrote the store
  public static RepairReport repair(Path directory, RepairListener listener) {
    try (var store = ClosedStore.open(directory)) {
      return StoreRepair.repair(store, directory, listener);
    }
  }
}
