package io.atlaskv.engine.internal.cache;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.atlaskv.engine.internal.base.NativeBuffer;
import java.lang.foreign.ValueLayout;

/// Rows whose every byte follows from table and key.
final class MadeRows {
  private MadeRows() {}

  private static byte byteAt(long fileNumber, long keyHash, int position) {
    return (byte) (keyHash + fileNumber * 31 + position * 7L);
  }

  static void insert(RowCache rows, long fileNumber, long keyHash, int bytes) {
    NativeBuffer row = rows.buffers().take(bytes);
    for (int i = 0; i < bytes; i++) {
      row.putByte(byteAt(fileNumber, keyHash, i));
    }
    rows.insert(fileNumber, keyHash, row);
    rows.buffers().give(row);
  }

  /// Asserts that a pinned row is that one, all of it.
  static void check(PinnedBlock row, long fileNumber, long keyHash) {
    for (int i = 0; i < row.length(); i++) {
      byte found = row.segment().get(ValueLayout.JAVA_BYTE, row.base() + i);
      assertEquals(byteAt(fileNumber, keyHash, i), found, "table " + fileNumber + " byte " + i);
    }
  }
}
