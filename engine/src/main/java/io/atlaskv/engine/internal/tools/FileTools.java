package io.atlaskv.engine.internal.tools;

import io.atlaskv.engine.api.StorageException;
import io.atlaskv.engine.api.tools.LogVisitor;
import io.atlaskv.engine.api.tools.ManifestContents;
import io.atlaskv.engine.api.tools.TableContents;
import io.atlaskv.engine.api.tools.TableVisitor;
import io.atlaskv.engine.internal.base.FileFormat;
import io.atlaskv.engine.internal.base.FileHeader;
import io.atlaskv.engine.internal.cache.BlockCache;
import io.atlaskv.engine.internal.io.FileName;
import io.atlaskv.engine.internal.io.FileSystem;
import io.atlaskv.engine.internal.io.SystemPorts;
import io.atlaskv.engine.internal.manifest.ManifestInspector;
import io.atlaskv.engine.internal.sstable.TableInspector;
import io.atlaskv.engine.internal.wal.LogInspector;
import java.lang.foreign.Arena;
import java.nio.file.Path;
import java.util.UUID;

/// Tells what lies in single files.
public final class FileTools {
  private FileTools() {}

  /// What the manifest of a store says.
  public static ManifestContents manifest(ClosedStore store) {
    FileSystem files = store.ports().files();
    return ManifestInspector.inspect(files, store.names());
  }

  /// Tells of all segments of a store, oldest first.
  public static void log(ClosedStore store, LogVisitor visitor) {
    FileSystem files = store.ports().files();
    UUID storeUuid = ManifestInspector.inspect(files, store.names()).storeUuid();
    store.names().stream()
        .map(FileName::parse)
        .filter(name -> name != null && name.kind() == FileName.Kind.LOG)
        .mapToLong(FileName::number)
        .sorted()
        .forEach(number -> LogInspector.inspect(files, storeUuid, number, visitor));
  }

  /// Tells of one segment of whatever store it says it belongs to.
  public static void logSegment(Path file, LogVisitor visitor) {
    FileSystem files = directoryOf(file);
    long number = numberOf(file, FileName.Kind.LOG);
    LogInspector.inspect(files, storeUuid(files, FileName.log(number)), number, visitor);
  }

  private static UUID storeUuid(FileSystem files, String name) {
    try (var arena = Arena.ofConfined();
        var file = files.openRead(name)) {
      var bytes = arena.allocate(FileHeader.BYTES);
      int found = file.read(0, bytes.asByteBuffer());
      return FileHeader.decode(name, bytes.asSlice(0, found), FileFormat.LOG).storeUuid();
    }
  }

  /// Tells of a table.
  public static TableContents table(Path file, TableVisitor visitor) {
    FileSystem files = directoryOf(file);
    try (var cache = new BlockCache(0);
        var table = TableInspector.open(files, numberOf(file, FileName.Kind.TABLE), cache)) {
      TableContents contents = table.contents();
      table.visit(visitor);
      return contents;
    }
  }

  private static FileSystem directoryOf(Path file) {
    Path parent = file.toAbsolutePath().getParent();
    if (parent == null) {
      throw new StorageException(file + " is no file", null);
    }
    return SystemPorts.existing(parent);
  }

  private static long numberOf(Path file, FileName.Kind kind) {
    Path last = file.getFileName();
    FileName name = last == null ? null : FileName.parse(last.toString());
    if (name == null || name.kind() != kind) {
      String form = kind == FileName.Kind.TABLE ? FileName.table(12) : FileName.log(12);
      throw new StorageException(
          file + ": the checksums in it depend on its name, which must be as " + form, null);
    }
    return name.number();
  }
}
