package io.atlaskv.engine.internal.embedded;

import io.atlaskv.engine.internal.base.ByteArrays;
import io.atlaskv.engine.internal.base.Lookup;
import io.atlaskv.engine.internal.cache.ReadContext;
import io.atlaskv.engine.internal.db.NamespaceKey;
import io.atlaskv.engine.internal.db.Tally;

/// What one blocking point read needs, reused.
final class PointReader implements AutoCloseable {
  private static final int KEY_BYTES = 256;

  final ReadContext context;
  final Lookup lookup = new Lookup();
  private final ReadTallies tallies;
  private final Tally tally;
  private byte[] key = new byte[KEY_BYTES];
  private int keyLength;

  PointReader(ReadContext context, ReadTallies tallies) {
    this.context = context;
    this.tallies = tallies;
    this.tally = tallies.begin();
  }

  /// Makes the full key.
  void key(int namespace, byte[] callerKey) {
    keyLength = NamespaceKey.ID_BYTES + callerKey.length;
    if (keyLength > key.length) {
      key = new byte[keyLength];
    }
    ByteArrays.putBeInt(key, 0, namespace);
    System.arraycopy(callerKey, 0, key, NamespaceKey.ID_BYTES, callerKey.length);
  }

  byte[] key() {
    return key;
  }

  int keyLength() {
    return keyLength;
  }

  /// Counts what was answered to the last key.
  void count(int namespace) {
    tally.read(namespace, lookup.state() == Lookup.FOUND ? lookup.length() : -1);
  }

  @Override
  public void close() {
    tallies.end(tally);
    lookup.release();
    context.close();
  }
}
