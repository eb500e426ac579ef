package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.internal.base.BatchBuilder;
import io.atlaskv.engine.internal.base.Layouts;
import java.util.function.ToLongFunction;

/// Gives out namespace ids, never one twice. A block of them is reserved in the log before the
/// first of it is used; as the log is recovered as a prefix, no recovered batch can name an id that
/// is not reserved. A restart skips what is left of the block.
///
/// Where a recovery or a repair has passed over damage, the record may be lost and what was written
/// since may be there: so the first id is also after those of all keys there are (`after`).
final class NamespaceIds {
  /// No batch of this class is larger.
  static final int BATCH_BYTES = 64;

  private static final int BLOCK = 1024;

  /// No store comes to so many: what begins with more is no key of a namespace.
  private static final int END = 1 << 30;

  private final ToLongFunction<BatchBuilder> commit;
  private int next;
  private int reservedEnd;

  NamespaceIds(ToLongFunction<BatchBuilder> commit) {
    this.commit = commit;
  }

  /// The first id that may be given out when one is in use.
  static int after(int used) {
    return used < NamespaceKey.FIRST_FREE || used >= END ? NamespaceKey.FIRST_FREE : used + 1;
  }

  /// To be called once, with the first id that is neither reserved nor used in the store.
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
