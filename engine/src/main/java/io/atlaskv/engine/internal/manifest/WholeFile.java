package io.atlaskv.engine.internal.manifest;

import io.atlaskv.engine.api.StorageException;
import io.atlaskv.engine.internal.io.FileSystem;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// Small files read at one go.
final class WholeFile {
  private WholeFile() {}

  /// All bytes of a file, in memory of `arena`.
  static MemorySegment read(FileSystem files, String name, Arena arena) {
    try (var file = files.openRead(name)) {
      long bytes = file.size();
      if (bytes > Integer.MAX_VALUE) {
        throw new StorageException(name + " has " + bytes + " bytes, too many to be read", null);
      }
      MemorySegment content = arena.allocate(bytes);
      int read = file.read(0, content.asByteBuffer());
      return content.asSlice(0, read);
    }
  }
}
