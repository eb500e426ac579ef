package io.atlaskv.redis.data;

/// Is told which keys are used.
@FunctionalInterface
public interface KeyUse {
  /// A key was used. Any thread may say so.
  ///
  /// @param hash `Keyspace.hash` of the key
  void used(long hash, long nowMillis);
}
