package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.api.BulkLoad;
import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.api.ClosedException;
import io.atlaskv.engine.api.Expiry;
import io.atlaskv.engine.api.KeyValueStore;
import io.atlaskv.engine.internal.base.ByteArrays;
import io.atlaskv.engine.internal.base.ExpiringValue;
import io.atlaskv.engine.internal.base.KeyBytes;
import io.atlaskv.engine.internal.base.NativeBuffer;
import io.atlaskv.engine.internal.base.ValueKind;
import io.atlaskv.engine.internal.compaction.SortedLoad;
import io.atlaskv.engine.internal.manifest.TableMeta;
import java.util.List;
import java.util.concurrent.locks.ReentrantLock;

/// One bulk load of a namespace. The lock is for a close of the store that comes meanwhile: it
/// waits for the entry, or the block, that is being written.
final class EmbeddedBulkLoad implements BulkLoad {
  private enum State {
    OPEN,
    COMMITTED,
    CLOSED
  }

  private static final int VALUE_BYTES_FIRST = 4 << 10;

  private final EmbeddedNamespace namespace;
  private final SortedLoad load;
  private final ReentrantLock lock = new ReentrantLock();
  private final NativeBuffer stored = new NativeBuffer(VALUE_BYTES_FIRST, NativeBuffer.LIMIT_MAX);
  private State state = State.OPEN;
  private byte[] key = new byte[64];
  private byte[] lastKey = new byte[64];
  private int lastLength = -1;
  private long entries;

  EmbeddedBulkLoad(EmbeddedNamespace namespace, SortedLoad load) {
    this.namespace = namespace;
    this.load = load;
  }

  @Override
  public void put(byte[] entryKey, byte[] value) {
    lock.lock();
    try {
      requireOpen();
      stored.clear();
      stored.put(value, 0, value.length);
      add(entryKey, ValueKind.PUT);
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void put(byte[] entryKey, byte[] value, Expiry expiry) {
    long now = namespace.db().engine().clock().currentTimeMillis();
    lock.lock();
    try {
      requireOpen();
      stored.clear();
      int at = stored.reserve(ExpiringValue.HEADER_BYTES);
      ExpiringValue.putTime(stored.segment(), at, expiry.atMillis(now));
      stored.put(value, 0, value.length);
      add(entryKey, ValueKind.PUT_EXPIRING);
    } finally {
      lock.unlock();
    }
  }

  private void add(byte[] entryKey, byte kind) {
    if (entryKey.length > KeyValueStore.KEY_BYTES_MAX) {
      throw refused(entryKey, "is longer than " + KeyValueStore.KEY_BYTES_MAX + " bytes");
    }
    int length = NamespaceKey.ID_BYTES + entryKey.length;
    if (key.length < length) {
      key = new byte[2 * length];
    }
    ByteArrays.putBeInt(key, 0, namespace.namespaceId());
    System.arraycopy(entryKey, 0, key, NamespaceKey.ID_BYTES, entryKey.length);
    if (lastLength >= 0) {
      int order = KeyBytes.compare(lastKey, 0, lastLength, key, 0, length);
      if (order >= 0) {
        throw refused(
            entryKey,
            order == 0
                ? "comes a second time"
                : "is not after the one before it, " + text(lastKey, lastLength));
      }
    }
    load.add(key, length, kind, stored.segment(), 0, stored.length());
    byte[] spare = lastKey;
    lastKey = key;
    lastLength = length;
    key = spare;
    entries++;
  }

  private IllegalArgumentException refused(byte[] entryKey, String why) {
    return new IllegalArgumentException(
        "entry " + entries + ": key " + Bytes.of(entryKey) + " " + why);
  }

  private static String text(byte[] full, int length) {
    return Bytes.of(full, NamespaceKey.ID_BYTES, length - NamespaceKey.ID_BYTES).toString();
  }

  @Override
  public long commit() {
    List<TableMeta> tables;
    lock.lock();
    try {
      requireOpen();
      namespace.requireUsable();
      tables = entries == 0 ? List.of() : load.finish();
      state = State.COMMITTED;
    } finally {
      lock.unlock();
    }
    stored.close();
    namespace.db().ended(this);
    if (!tables.isEmpty()) {
      namespace.db().engine().ingest(load, tables, namespace::requireUsable);
    }
    return entries;
  }

  private void requireOpen() {
    namespace.db().engine().requireOpen(); // first: a closed store refuses all in the same way
    switch (state) {
      case OPEN -> {}
      case COMMITTED -> throw new IllegalStateException("the load is committed");
      case CLOSED -> throw new ClosedException("the load is closed");
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      if (state == State.OPEN) {
        load.discard();
        stored.close();
        namespace.db().ended(this);
      }
      state = State.CLOSED;
    } finally {
      lock.unlock();
    }
  }
}
