package io.atlaskv.engine.internal.embedded;

import io.atlaskv.engine.internal.db.EngineCursor;

/// An engine's cursor.
final class CursorLease extends ExclusiveLease {
  private final EngineCursor cursor;

  CursorLease(EmbeddedCursor handle, Leases leases, EngineCursor cursor) {
    super(handle, leases, "cursor");
    this.cursor = cursor;
  }

  @Override
  void release() {
    cursor.close();
  }

  @Override
  String kind() {
    return "cursor or stream";
  }
}
