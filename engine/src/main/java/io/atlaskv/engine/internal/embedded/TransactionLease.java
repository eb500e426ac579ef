package io.atlaskv.engine.internal.embedded;

import io.atlaskv.engine.internal.db.Engine;
import io.atlaskv.engine.internal.db.EngineCursor;
import io.atlaskv.engine.internal.transaction.LockOwner;
import io.atlaskv.engine.internal.transaction.LockTable;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What the store holds for a transaction: a registered sequence, open cursors as of it, and locks.
/// All but the end is for the thread that uses it.
final class TransactionLease extends ExclusiveLease {
  private static final long NO_SNAPSHOT = -1;

  private final Engine engine;
  private final LockTable locks;
  private final @Nullable LockOwner owner;
  private final List<EngineCursor> cursors = new ArrayList<>(0);
  private long snapshot = NO_SNAPSHOT;

  /// @param owner of the locks; null for an optimistic transaction
  TransactionLease(
      EmbeddedTransaction handle,
      Leases leases,
      Engine engine,
      LockTable locks,
      @Nullable LockOwner owner) {
    super(handle, leases, "transaction");
    this.engine = engine;
    this.locks = locks;
    this.owner = owner;
  }

  boolean hasSnapshot() {
    return snapshot != NO_SNAPSHOT;
  }

  /// The sequence that is read; registered when this is called for the first time.
  long snapshot() {
    if (snapshot == NO_SNAPSHOT) {
      snapshot = engine.acquireSnapshot();
    }
    return snapshot;
  }

  /// Reads as of now from here on. There must be no cursor.
  void moveTo(long newSnapshot) {
    assert cursors.isEmpty();
    engine.releaseSnapshot(snapshot);
    snapshot = newSnapshot;
  }

  @Nullable LockOwner owner() {
    return owner;
  }

  boolean hasCursors() {
    return !cursors.isEmpty();
  }

  void add(EngineCursor cursor) {
    cursors.add(cursor);
  }

  void close(EngineCursor cursor) {
    if (cursors.remove(cursor)) {
      cursor.close();
    }
  }

  /// Gives everything back; a second call does nothing.
  @Override
  void release() {
    cursors.forEach(EngineCursor::close);
    cursors.clear();
    if (owner != null) {
      locks.releaseAll(owner);
    }
    if (snapshot != NO_SNAPSHOT) {
      long released = snapshot;
      snapshot = NO_SNAPSHOT;
      engine.releaseSnapshot(released);
    }
  }

  @Override
  String kind() {
    return "transaction";
  }
}
