package io.atlaskv.engine.internal.io;

import java.nio.ByteBuffer;

/// File that is written once, front to back, by one thread at a time.
public interface AppendFile extends AutoCloseable {
  /// Appends all remaining bytes of a direct buffer. On failure an unknown part has been written,
  /// and the file is of no more use.
  void append(ByteBuffer source);

  /// Makes all bytes and the size safe. After a failure their state is unknown, for good: a second
  /// sync proves nothing.
  void sync();

  /// Bytes of the file: all that was ever appended.
  long size();

  /// Closes without syncing; closing again does nothing.
  @Override
  void close();
}
