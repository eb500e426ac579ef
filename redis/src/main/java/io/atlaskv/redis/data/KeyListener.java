package io.atlaskv.redis.data;

/// Is told what a command meets and does among keys, before it is committed. Metadata rows begin
/// with the namespace, the client's key follows `RowKey.METADATA_PREFIX_BYTES`.
public interface KeyListener {
  /// Hears nothing.
  KeyListener NONE =
      new KeyListener() {
        @Override
        public void expired(byte[] row, int length) {}

        @Override
        public void evicted(byte[] row, int length) {}

        @Override
        public void deletedInRange(byte[] row, int length) {}

        @Override
        public void created(byte[] row, int length) {}

        @Override
        public void missed(byte[] row, int length) {}
      };

  /// A key whose time had come was deleted.
  void expired(byte[] row, int length);

  /// A key was deleted because there are too many.
  void evicted(byte[] row, int length);

  /// A key was deleted with all others of a range. Who deletes one key tells of it himself.
  void deletedInRange(byte[] row, int length);

  /// A key was made.
  void created(byte[] row, int length);

  /// A reading command asked for a key that is not there.
  void missed(byte[] row, int length);
}
