package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.internal.base.BatchBuilder;
import io.atlaskv.engine.internal.base.Layouts;
import java.util.function.ToLongFunction;

/// Gives out namespace ids, never one twice. A block of them is reserved in the log before the
/// first of it is used; as the log is recovered as a prefix, no recovered batch can name an id that
/// is not reserved. A restart skips what is left of the block.
final class NamespaceIds {
  /// No batch of this class is larger.
  static final int BATCH_BYTES = 64;

  private static final int BLOCK = 1024;

  private final ToLongFunction<BatchBuilder> commit;
  private int next;
  private int reservedEnd;

  NamespaceIds(ToLongFunction<BatchBuilder> commit) {
    this.commit = commit;
  }

  /// To be called once, with the first id that is not reserved in the store.
  synchronized void startAt(int first) {
    next = first;
    reservedEnd = first;
  }

  /// A fresh id, or 0 when the log has no room now: wait for progress and ask again.
  synchronized int take() {
    if (next == reservedEnd) {
      int end = Math.addExact(next, BLOCK);
      try (var batch = new BatchBuilder()) {
        int at = batch.putShortReserving(NamespaceKey.nextId(), Integer.BYTES);
        batch.segment().set(Layouts.LE_INT, at, end);
        batch.finish();
        if (commit.applyAsLong(batch) == WritePath.STALLED) {
          return 0;
        }
      }
      reservedEnd = end;
    }
    return next++;
  }
}
