package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.api.ClosedException;
import io.atlaskv.engine.api.Codec;
import io.atlaskv.engine.api.Explanation;
import io.atlaskv.engine.api.KeyValueReader;
import io.atlaskv.engine.api.KeyValueStore;
import io.atlaskv.engine.api.Range;
import io.atlaskv.engine.api.RangeQuery;
import io.atlaskv.engine.api.Snapshot;
import java.lang.foreign.MemorySegment;
import java.lang.ref.Reference;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/// A registered sequence; has no view, so that memtables and tables come and go below it.
final class EmbeddedSnapshot implements Snapshot {
  private final EmbeddedDb db;
  private final SnapshotLease lease;
  private final OfNamespace ofDefault;

  EmbeddedSnapshot(EmbeddedDb db, long sequence) {
    this.db = db;
    this.lease = new SnapshotLease(this, db.leases(), db.engine(), sequence);
    this.ofDefault = new OfNamespace(this, NamespaceKey.DEFAULT);
  }

  SnapshotLease lease() {
    return lease;
  }

  /// Reads of one namespace as of the snapshot.
  static final class OfNamespace extends EmbeddedReader {
    private final EmbeddedSnapshot snapshot;

    OfNamespace(EmbeddedSnapshot snapshot, int namespaceId) {
      super(snapshot.db, namespaceId);
      this.snapshot = snapshot;
    }

    @Override
    long readSequence() {
      snapshot.db.engine().requireOpen();
      if (snapshot.lease.isEnded()) {
        throw new ClosedException("the snapshot is closed");
      }
      return snapshot.lease.sequence();
    }
  }

  @Override
  public KeyValueReader of(KeyValueStore namespace) {
    return new OfNamespace(this, db.handle(namespace).namespaceId());
  }

  @Override
  public long sequence() {
    return lease.sequence();
  }

  @Override
  public byte @Nullable [] get(byte[] key) {
    return ofDefault.get(key);
  }

  @Override
  public long get(byte[] key, MemorySegment target) {
    return ofDefault.get(key, target);
  }

  @Override
  public <T> @Nullable T get(byte[] key, Codec<T> codec) {
    return ofDefault.get(key, codec);
  }

  @Override
  public boolean contains(byte[] key) {
    return ofDefault.contains(key);
  }

  @Override
  public @Nullable Instant expiryOf(byte[] key) {
    return ofDefault.expiryOf(key);
  }

  @Override
  public Explanation explain(byte[] key) {
    return ofDefault.explain(key);
  }

  @Override
  public RangeQuery range(Range range) {
    return ofDefault.range(range);
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
