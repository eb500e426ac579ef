package io.atlaskv.engine.internal.io;

import java.nio.ByteBuffer;

/// Open file for reading and writing at any place.
public interface PositionedFile extends ReadFile {
  /// Writes all remaining bytes of a direct buffer from `position` on. On failure an unknown part
  /// has been written.
  void write(long position, ByteBuffer source);

  /// Makes all bytes written, and the size needed to read them, safe. After a failure their state
  /// is unknown, for good: a second sync proves nothing.
  void sync();

  /// Extends the file to `bytes` by writing zeroes, so that later writes below need no new blocks
  /// and cannot find the disk full. Does not sync. A file that is already as long stays as it is.
  void preallocate(long bytes);

  /// Writes zeroes to `[from, to)`, so that later writes there need no new blocks and cannot find
  /// the disk full. Does not sync. May run beside writes and syncs of other threads, elsewhere in
  /// the file.
  void zero(long from, long to);

  /// Says that many small writes will follow, by one thread at a time, below the size that the file
  /// has when they come. They may then go through memory instead of a call of the system each.
  /// Nothing else changes: what is written survives the process, and is safe after `sync`.
  void expectSmallWrites();
}
