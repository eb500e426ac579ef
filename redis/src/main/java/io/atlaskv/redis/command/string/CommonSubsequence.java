package io.atlaskv.redis.command.string;

import io.atlaskv.engine.internal.base.Layouts;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;

/// A longest common subsequence of two strings, the one that Redis finds.
///
/// The table of lengths of all pairs of beginnings is computed a row at a time, along the shorter
/// string. Of a cell only one bit is kept: which way to go from there when the bytes differ. That
/// is all that the way back through the table needs.
final class CommonSubsequence {
  /// Is told of each stretch that both strings have in common, last one first.
  interface MatchListener {
    /// Returns whether it counts.
    boolean match(long aFirst, long bFirst, long bytes);
  }

  private final Arena arena;
  private final MemorySegment a;
  private final MemorySegment b;
  private final int aLength;
  private final int bLength;
  private MemorySegment ways = MemorySegment.NULL; // bit i * bLength + j: shorten a, not b
  private int length;

  CommonSubsequence(Arena arena, MemorySegment a, MemorySegment b) {
    this.arena = arena;
    this.a = a;
    this.b = b;
    aLength = Math.toIntExact(a.byteSize());
    bLength = Math.toIntExact(b.byteSize());
  }

  /// Finds it, or only its length.
  void compute(boolean isOnlyLength) {
    if (aLength == 0 || bLength == 0) {
      return;
    }
    if (!isOnlyLength) {
      ways = arena.allocate((((long) aLength * bLength) >> 3) + 1);
    }
    boolean isAlongA = aLength <= bLength;
    MemorySegment row = isAlongA ? a : b;
    MemorySegment column = isAlongA ? b : a;
    int rowLength = Math.min(aLength, bLength);
    int columnLength = Math.max(aLength, bLength);
    int[] before = new int[rowLength + 1];
    int[] now = new int[rowLength + 1];
    for (int y = 0; y < columnLength; y++) {
      byte other = column.get(Layouts.BYTE, y);
      for (int x = 0; x < rowLength; x++) {
        if (row.get(Layouts.BYTE, x) == other) {
          now[x + 1] = before[x] + 1;
          continue;
        }
        int withoutX = now[x];
        int withoutY = before[x + 1];
        now[x + 1] = Math.max(withoutX, withoutY);
        if (!isOnlyLength) {
          if (isAlongA && withoutX > withoutY) {
            setWay(x, y);
          } else if (!isAlongA && withoutY > withoutX) {
            setWay(y, x);
          }
        }
      }
      int[] swap = before;
      before = now;
      now = swap;
    }
    length = before[rowLength];
  }

  private void setWay(int i, int j) {
    long bit = (long) i * bLength + j;
    byte old = ways.get(Layouts.BYTE, bit >> 3);
    ways.set(Layouts.BYTE, bit >> 3, (byte) (old | 1 << (bit & 7)));
  }

  private boolean way(int i, int j) {
    long bit = (long) i * bLength + j;
    return (ways.get(Layouts.BYTE, bit >> 3) >> (bit & 7) & 1) != 0;
  }

  int length() {
    return length;
  }

  /// Copies the subsequence to memory.
  void copyTo(MemorySegment target, long at) {
    int left = length;
    int i = aLength - 1;
    int j = bLength - 1;
    while (left > 0) {
      byte value = a.get(Layouts.BYTE, i);
      if (value == b.get(Layouts.BYTE, j)) {
        target.set(Layouts.BYTE, at + --left, value);
        i--;
        j--;
      } else if (way(i, j)) {
        i--;
      } else {
        j--;
      }
    }
  }

  /// Tells of all matches; returns how many count.
  int walkMatches(MatchListener listener) {
    int count = 0;
    int i = aLength - 1;
    int j = bLength - 1;
    int bytes = 0; // of the match that is at (i + 1, j + 1)
    while (i >= 0 && j >= 0) {
      if (a.get(Layouts.BYTE, i) == b.get(Layouts.BYTE, j)) {
        bytes++;
        i--;
        j--;
        continue;
      }
      count += end(listener, i, j, bytes);
      bytes = 0;
      if (way(i, j)) {
        i--;
      } else {
        j--;
      }
    }
    return count + end(listener, i, j, bytes);
  }

  private static int end(MatchListener listener, int i, int j, int bytes) {
    return bytes > 0 && listener.match(i + 1L, j + 1L, bytes) ? 1 : 0;
  }
}
