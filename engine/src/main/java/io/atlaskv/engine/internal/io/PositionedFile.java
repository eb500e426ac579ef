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

  /// Has the system bring `[from, to)` to its cache, if it is not there, so that small writes to it
  /// do not wait for the disk: to change a part of a page the system must have read the page.
  /// Changes nothing, and may do nothing. May run beside writes and syncs of other threads.
  void warm(long from, long to);

  /// Says that many small writes will follow, by one thread at a time, below the size that the file
  /// has when they come. They may then go through memory instead of a call of the system each.
  /// Nothing else changes: what is written survives the process, and is safe after `sync`.
  void expectSmallWrites();

  /// Gives back what small writes used and need no longer. May take milliseconds: not for who
  /// writes, nor for who prepares what is written next. May run beside everything else.
  void tidy();
}
