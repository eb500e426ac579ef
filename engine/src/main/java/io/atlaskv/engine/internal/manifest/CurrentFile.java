package io.atlaskv.engine.internal.manifest;

import io.atlaskv.engine.api.CorruptionException;
import io.atlaskv.engine.internal.base.ByteArrays;
import io.atlaskv.engine.internal.base.FileFormat;
import io.atlaskv.engine.internal.base.FileHeader;
import io.atlaskv.engine.internal.io.FileName;
import io.atlaskv.engine.internal.io.FileSystem;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.UUID;

/// `CURRENT`: names the live manifest and, with it, the store. Only ever replaced as a whole.
///
/// ```
/// offset  size  field
///      0    72  FileHeader; its file number is that of the manifest
///     72        name of the manifest and a line feed, for human readers
/// ```
///
/// @param manifestNumber file number of the live manifest
record CurrentFile(UUID storeUuid, long manifestNumber) {
  static final int NAME_OFFSET = FileHeader.BYTES;

  /// Reads and checks the file, which exists.
  static CurrentFile read(FileSystem files) {
    try (var arena = Arena.ofConfined()) {
      MemorySegment content = WholeFile.read(files, FileName.CURRENT, arena);
      var header = FileHeader.decode(FileName.CURRENT, content, FileFormat.CURRENT);
      var current = new CurrentFile(header.storeUuid(), header.fileNumber());
      byte[] line = ByteArrays.copyOf(content, NAME_OFFSET, (int) content.byteSize() - NAME_OFFSET);
      if (!Arrays.equals(line, current.line())) {
        throw new CorruptionException(
            FileName.CURRENT,
            NAME_OFFSET,
            "expected the name " + FileName.manifest(current.manifestNumber));
      }
      return current;
    }
  }

  /// Writes what `replace` puts in place.
  void prepare(FileSystem files) {
    try (var arena = Arena.ofShared();
        var file = files.create(temporary())) {
      byte[] line = line();
      MemorySegment content = arena.allocate(NAME_OFFSET + line.length);
      FileHeader.of(FileFormat.CURRENT, storeUuid, manifestNumber).encode(content, 0);
      ByteBuffer bytes = content.asByteBuffer();
      bytes.put(NAME_OFFSET, line);
      file.append(bytes);
      file.sync();
    }
  }

  /// Makes what has been prepared the content of the file, atomically: afterwards it is safe, after
  /// a failure it may be or not.
  void replace(FileSystem files) {
    files.rename(temporary(), FileName.CURRENT);
    files.syncDirectory();
  }

  private String temporary() {
    return FileName.temporary(manifestNumber);
  }

  private byte[] line() {
    return (FileName.manifest(manifestNumber) + "\n").getBytes(StandardCharsets.US_ASCII);
  }
}
