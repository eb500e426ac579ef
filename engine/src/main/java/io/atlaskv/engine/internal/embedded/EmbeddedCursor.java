package io.atlaskv.engine.internal.embedded;

import io.atlaskv.engine.internal.db.EngineCursor;
import java.lang.ref.Reference;

/// A blocking cursor over the store, now or as of a snapshot.
final class EmbeddedCursor extends RangeCursor {
  private final CursorLease lease;

  EmbeddedCursor(EmbeddedRangeQuery query, Leases leases, EngineCursor rows) {
    super(query, rows, rows.namespaceId());
    this.lease = new CursorLease(this, leases, rows);
  }

  CursorLease lease() {
    return lease;
  }

  @Override
  int beginLook() {
    return lease.beginLook();
  }

  @Override
  void endLook(int look) {
    try {
      lease.endLook(look);
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  void enter() {
    lease.enter();
  }

  @Override
  void leave() {
    try {
      lease.leave();
    } finally {
      Reference.reachabilityFence(this);
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
