package io.atlaskv.engine.internal.embedded;

import io.atlaskv.engine.api.BulkLoad;
import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.api.Expiry;
import io.atlaskv.engine.api.KeyValueStore;
import io.atlaskv.engine.internal.base.ByteArrays;
import io.atlaskv.engine.internal.base.ExpiringValue;
import io.atlaskv.engine.internal.base.KeyBytes;
import io.atlaskv.engine.internal.base.NativeBuffer;
import io.atlaskv.engine.internal.base.ValueKind;
import io.atlaskv.engine.internal.compaction.SortedLoad;
import io.atlaskv.engine.internal.db.NamespaceKey;
import io.atlaskv.engine.internal.manifest.TableMeta;
import java.lang.ref.Reference;
import java.util.List;

/// One bulk load of a namespace.
final class EmbeddedBulkLoad implements BulkLoad {
  private static final long PACED_BYTES = 256 << 10;

  private final EmbeddedNamespace namespace;
  private final LoadLease lease;
  private byte[] key = new byte[64];
  private byte[] lastKey = new byte[64];
  private int lastLength = -1;
  private long entries;
  private long unpacedBytes;

  EmbeddedBulkLoad(EmbeddedNamespace namespace, SortedLoad load) {
    this.namespace = namespace;
    EmbeddedDb db = namespace.db();
    this.lease = new LoadLease(this, db.leases(), db.engine(), load);
  }

  LoadLease lease() {
    return lease;
  }

  @Override
  public void put(byte[] entryKey, byte[] value) {
    try {
      lease.enter();
      try {
        requireSizes(entryKey, value);
        NativeBuffer stored = lease.value();
        stored.clear();
        stored.put(value, 0, value.length);
        add(entryKey, ValueKind.PUT);
      } finally {
        lease.leave();
      }
      pace();
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public void put(byte[] entryKey, byte[] value, Expiry expiry) {
    long now = namespace.db().engine().clock().currentTimeMillis();
    try {
      lease.enter();
      try {
        requireSizes(entryKey, value);
        NativeBuffer stored = lease.value();
        stored.clear();
        int at = stored.reserve(ExpiringValue.HEADER_BYTES);
        ExpiringValue.putTime(stored.segment(), at, expiry.atMillis(now));
        stored.put(value, 0, value.length);
        add(entryKey, ValueKind.PUT_EXPIRING);
      } finally {
        lease.leave();
      }
      pace();
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /// The limits of writes: merges have to hold what is loaded as well.
  private void requireSizes(byte[] entryKey, byte[] value) {
    if (entryKey.length > KeyValueStore.KEY_BYTES_MAX) {
      throw refused(entryKey, "is longer than " + KeyValueStore.KEY_BYTES_MAX + " bytes");
    }
    long limit = namespace.db().engine().batchBytesMax();
    if (value.length > limit) {
      throw refused(entryKey, "has a value of " + value.length + " bytes, the limit is " + limit);
    }
  }

  private void add(byte[] entryKey, byte kind) {
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
    NativeBuffer stored = lease.value();
    try {
      lease.load().add(key, length, kind, stored.segment(), 0, stored.length());
    } catch (Throwable e) {
      lease.fail(e);
      throw e;
    }
    byte[] spare = lastKey;
    lastKey = key;
    lastLength = length;
    key = spare;
    entries++;
    unpacedBytes += length + stored.length();
  }

  /// Waits as the ceilings want, where no close of the store waits for it.
  private void pace() {
    if (unpacedBytes >= PACED_BYTES) {
      long bytes = unpacedBytes;
      unpacedBytes = 0;
      namespace.db().engine().paceLoad(bytes);
    }
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
    try {
      lease.enter();
      try {
        namespace.requireUsable();
        tables = finish();
        lease.commit();
      } finally {
        lease.leave();
      }
    } finally {
      Reference.reachabilityFence(this);
    }
    if (!tables.isEmpty()) {
      namespace.db().engine().ingest(lease.load(), tables, namespace::requireUsable);
    }
    return entries;
  }

  private List<TableMeta> finish() {
    try {
      return entries == 0 ? List.of() : lease.load().finish();
    } catch (Throwable e) {
      lease.fail(e);
      throw e;
    }
  }

  @Override
  public void close() {
    try {
      lease.close();
    } finally {
      Reference.reachabilityFence(this);
    }
  }
}
