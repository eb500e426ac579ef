package io.atlaskv.engine.internal.io;

/// Held while a store is open.
public interface DirectoryLock extends AutoCloseable {
  /// Lets the next opener in; closing again does nothing.
  @Override
  void close();
}
