package io.atlaskv.engine.internal.db;

import java.lang.invoke.VarHandle;
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
  void beginLook() {
    // free: `endLook` tells
  }

  @Override
  void endLook() {
    VarHandle.loadLoadFence();
    try {
      lease.requireOpen();
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
