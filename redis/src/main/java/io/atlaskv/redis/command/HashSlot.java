package io.atlaskv.redis.command;

import io.atlaskv.engine.internal.base.Layouts;
import java.lang.foreign.MemorySegment;

/// The hash slot of a key as Redis Cluster defines it: CRC16 (XMODEM) of the key, or of what stands
/// between the first `{` and the next `}`, modulo 16384.
public final class HashSlot {
  /// Number of slots.
  public static final int COUNT = 16384;

  private static final int POLYNOMIAL = 0x1021;
  private static final char[] TABLE = new char[256];

  static {
    for (int i = 0; i < TABLE.length; i++) {
      int crc = i << 8;
      for (int bit = 0; bit < 8; bit++) {
        crc = (crc & 0x8000) != 0 ? crc << 1 ^ POLYNOMIAL : crc << 1;
      }
      TABLE[i] = (char) crc;
    }
  }

  private HashSlot() {}

  /// Slot of a key.
  public static int of(MemorySegment key, long offset, int length) {
    long end = offset + length;
    int crc = 0;
    for (long at = offset; at < end; at++) {
      byte c = key.get(Layouts.BYTE, at);
      if (c == '{') {
        return ofTag(key, offset, at, end);
      }
      crc = crc << 8 ^ TABLE[(crc >>> 8 ^ c) & 0xff];
    }
    return crc & COUNT - 1;
  }

  /// Slot of the client's key that stands in a row from `keyOffset` on.
  static int ofRow(byte[] row, int keyOffset) {
    int from = keyOffset;
    int to = row.length;
    int open = indexOf('{', row, from, to);
    int close = indexOf('}', row, open + 1, to);
    if (open < to && close < to && close > open + 1) {
      from = open + 1;
      to = close;
    }
    int crc = 0;
    for (int at = from; at < to; at++) {
      crc = crc << 8 ^ TABLE[(crc >>> 8 ^ row[at]) & 0xff];
    }
    return crc & COUNT - 1;
  }

  private static int indexOf(char c, byte[] row, int from, int to) {
    int at = from;
    while (at < to && row[at] != c) {
      at++;
    }
    return Math.min(at, to);
  }

  private static int ofTag(MemorySegment key, long offset, long open, long end) {
    long close = open + 1;
    while (close < end && key.get(Layouts.BYTE, close) != '}') {
      close++;
    }
    boolean isTagged = close < end && close > open + 1;
    return crc16(key, isTagged ? open + 1 : offset, isTagged ? close : end) & COUNT - 1;
  }

  private static int crc16(MemorySegment key, long from, long to) {
    int crc = 0;
    for (long at = from; at < to; at++) {
      crc = crc << 8 ^ TABLE[(crc >>> 8 ^ key.get(Layouts.BYTE, at)) & 0xff];
    }
    return crc;
  }
}
