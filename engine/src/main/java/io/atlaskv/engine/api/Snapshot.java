package io.atlaskv.engine.api;

/// A consistent view of the store as of one moment; later writes do not show. Reads of the
/// `default` namespace directly, of others through [#of]. Keeps old versions from being compacted
/// away until it is closed.
public interface Snapshot extends KeyValueReader, AutoCloseable {

  /// Reads of another namespace as of this snapshot.
  KeyValueReader of(KeyValueStore namespace);

  /// The sequence of the last write that this snapshot sees.
  long sequence();

  /// Releases the view. A second call does nothing; reads after it throw [ClosedException].
  @Override
  void close();
}
