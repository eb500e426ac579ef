package io.atlaskv.engine.internal.embedded;

import io.atlaskv.engine.internal.db.Engine;
import java.util.concurrent.atomic.AtomicBoolean;

/// A registered sequence.
final class SnapshotLease extends Lease {
  private final Engine engine;
  private final long sequence;
  private final AtomicBoolean isEnded = new AtomicBoolean();

  SnapshotLease(EmbeddedSnapshot handle, Leases leases, Engine engine, long sequence) {
    super(handle, leases);
    this.engine = engine;
    this.sequence = sequence;
  }

  long sequence() {
    return sequence;
  }

  boolean isEnded() {
    return isEnded.get();
  }

  @Override
  boolean end() {
    boolean isFirst = isEnded.compareAndSet(false, true);
    if (isFirst) {
      engine.releaseSnapshot(sequence);
    }
    return isFirst;
  }

  @Override
  String kind() {
    return "snapshot";
  }
}
