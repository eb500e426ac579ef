package io.atlaskv.engine.internal.embedded;

import io.atlaskv.engine.api.ClosedException;
import io.atlaskv.engine.api.KeyValueReader;
import io.atlaskv.engine.api.KeyValueStore;
import io.atlaskv.engine.api.Snapshot;
import io.atlaskv.engine.internal.db.NamespaceKey;
import java.lang.ref.Reference;

/// A registered sequence; has no view, so that memtables and tables come and go below it.
final class EmbeddedSnapshot implements Snapshot, DefaultNamespaceReader {
  private final EmbeddedDb db;
  private final SnapshotLease lease;
  private final OfNamespace inDefault;

  EmbeddedSnapshot(EmbeddedDb db, long sequence) {
    this.db = db;
    this.lease = new SnapshotLease(this, db.leases(), db.engine(), sequence);
    this.inDefault = new OfNamespace(this, NamespaceKey.DEFAULT);
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
        throw new ClosedException("the snapshot");
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
  public KeyValueReader inDefault() {
    return inDefault;
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
