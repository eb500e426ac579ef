package io.atlaskv.engine.internal.backup;

import io.atlaskv.engine.api.CorruptionException;
import io.atlaskv.engine.internal.io.FileSystem;
import io.atlaskv.engine.internal.io.PositionedFile;
import io.atlaskv.engine.internal.io.ReadFile;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.util.function.LongConsumer;
import java.util.zip.CRC32C;

/// Copies files and computes their checksums, with one buffer. One thread.
final class FileCopier implements AutoCloseable {
  private static final int BUFFER_BYTES = 1 << 20;

  private final Arena arena = Arena.ofShared();
  private final ByteBuffer buffer = arena.allocate(BUFFER_BYTES).asByteBuffer();
  private final LongConsumer pace;

  /// @param pace is told how many bytes are about to be read or written, may wait, and ends the
  ///   work by what it throws
  FileCopier(LongConsumer pace) {
    this.pace = pace;
  }

  /// Copies the first `usedBytes` of a file to a new one and makes that `bytes` long; syncs it, but
  /// not its name. Returns the CRC32C of what was copied.
  int copy(FileSystem source, String name, long usedBytes, FileSystem target, long bytes) {
    try (ReadFile from = source.openRead(name);
        PositionedFile to = target.openPositioned(name, true)) {
      var crc = new CRC32C();
      for (long at = 0; at < usedBytes; ) {
        at += read(from, name, at, usedBytes, crc);
        pace.accept(buffer.remaining());
        to.write(at - buffer.remaining(), buffer);
      }
      if (bytes > usedBytes) { // a hole where the file system has holes
        to.write(bytes - 1, buffer.clear().put(0, (byte) 0).limit(1));
      }
      to.sync();
      return (int) crc.getValue();
    }
  }

  /// CRC32C of `[from, to)` of a file.
  int checksum(FileSystem files, String name, long from, long to) {
    try (ReadFile file = files.openRead(name)) {
      var crc = new CRC32C();
      for (long at = from; at < to; ) {
        at += read(file, name, at, to, crc);
      }
      return (int) crc.getValue();
    }
  }

  /// CRC32C of the end of what is used of a file.
  int endChecksum(FileSystem files, String name, long usedBytes) {
    return checksum(files, name, Math.max(0, usedBytes - BackupFile.END_BYTES), usedBytes);
  }

  /// Reads the next part into the buffer, ready to be written.
  private int read(ReadFile file, String name, long at, long end, CRC32C crc) {
    buffer.clear().limit((int) Math.min(BUFFER_BYTES, end - at));
    int wanted = buffer.remaining();
    pace.accept(wanted);
    int read = file.read(at, buffer);
    if (read < wanted) {
      throw new CorruptionException(name, at, "expected " + wanted + " bytes, found " + read);
    }
    crc.update(buffer.flip());
    buffer.rewind();
    return read;
  }

  @Override
  public void close() {
    arena.close();
  }
}
