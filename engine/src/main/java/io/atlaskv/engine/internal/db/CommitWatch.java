package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.internal.base.BatchReader;
import io.atlaskv.engine.internal.base.Layouts;
import io.atlaskv.engine.internal.base.ValueKind;
import io.atlaskv.engine.internal.transaction.ReadSet;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Sees all commits from one moment on, and so tells at another whether any of them has touched a
/// set of keys. With it what was committed before the first moment can be looked through at
/// leisure, tables included, while others go on; the condition itself costs nothing.
///
/// Used under the commit lock only. Whatever brings entries into the store past the commits must
/// tell the watches, or raise `flushedThrough`.
public final class CommitWatch implements CommitCondition {
  private final ReadSet watched;
  private final BatchReader reader = new BatchReader();
  private byte @Nullable [] touched;

  /// @param watched what nobody should touch
  public CommitWatch(ReadSet watched) {
    this.watched = watched;
  }

  /// A batch was committed.
  void saw(MemorySegment bytes, long length) {
    if (touched != null) {
      return;
    }
    reader.reset(bytes, length);
    while (reader.next()) {
      if (reader.kind() == ValueKind.COUNTER) {
        continue;
      }
      byte[] key = copy(bytes, reader.keyOffset(), reader.keyLength());
      boolean isTouching =
          reader.kind() == ValueKind.RANGE_DELETE
              ? watched.isTouchedBy(key, copy(bytes, reader.valueOffset(), reader.valueLength()))
              : watched.isTouchedBy(key);
      if (isTouching) {
        touched = key;
        return;
      }
    }
  }

  /// Entries with keys of `[start, end)` came into the store past the commits.
  void saw(byte[] start, byte[] end) {
    if (touched == null && watched.isTouchedBy(start, end)) {
      touched = start;
    }
  }

  private static byte[] copy(MemorySegment bytes, long offset, int length) {
    byte[] copy = new byte[length];
    MemorySegment.copy(bytes, Layouts.BYTE, offset, copy, 0, length);
    return copy;
  }

  @Override
  public boolean holds(View view) {
    return touched == null;
  }

  /// The key that was written, or at which a deletion begins, if one touched the set.
  public byte @Nullable [] touched() {
    return touched;
  }
}
