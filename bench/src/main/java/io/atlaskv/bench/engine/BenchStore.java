package io.atlaskv.bench.engine;

import io.atlaskv.testkit.process.TemporaryDirectory;
import java.nio.file.Path;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// An embedded store as the benchmark sees it. Plain writes survive kill -9, but not a power cut.
///
/// A new engine needs an implementation and a line in [Engine].
interface BenchStore extends AutoCloseable {
  void put(byte[] key, byte[] value);

  /// Returns when the write would survive a power cut.
  void putSynced(byte[] key, byte[] value);

  /// All or none of them.
  void putBatch(List<byte[]> keys, List<byte[]> values);

  void delete(byte[] key);

  /// Copies the value; returns its length, or -1.
  int get(byte[] key, byte[] value);

  BenchCursor cursor();

  /// Writes everything in memory to tables, or whatever the engine has for that.
  void flush();

  /// Whether there is [#checkpoint].
  default boolean hasCheckpoints() {
    return false;
  }

  /// Makes a copy that can be opened, of hard links where files do not change.
  ///
  /// @param target does not exist
  default void checkpoint(Path target) {
    throw new UnsupportedOperationException("no checkpoints");
  }

  /// What the store takes of the disk.
  default long diskBytes(Path home) {
    return TemporaryDirectory.bytes(home);
  }

  @Override
  void close();

  /// For engines that return arrays of their own: the length of what was found, or -1.
  static int copy(byte @Nullable [] found, byte[] target) {
    if (found == null) {
      return -1;
    }
    System.arraycopy(found, 0, target, 0, found.length);
    return found.length;
  }
}
