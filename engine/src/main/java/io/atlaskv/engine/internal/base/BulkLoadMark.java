package io.atlaskv.engine.internal.base;

import java.util.Arrays;

/// What the log has of a bulk load, whose entries it never sees: a batch of one deletion of a key
/// that never exists takes the sequence that the load is written at.
///
/// ```
/// 00000000 'b'      in namespace 0, the store's own
/// ```
public final class BulkLoadMark {
  private static final byte[] KEY = {0, 0, 0, 0, 'b'};

  private BulkLoadMark() {}

  /// Makes `batch` the mark.
  public static void write(BatchBuilder batch) {
    batch.delete(KEY, 0, KEY.length);
  }

  /// Whether the operation that `batch` stands on is the mark.
  public static boolean isAt(BatchReader batch) {
    return batch.kind() == ValueKind.DELETE
        && batch.keyLength() == KEY.length
        && Arrays.equals(
            KEY, ByteArrays.copyOf(batch.segment(), batch.keyOffset(), batch.keyLength()));
  }
}
