package io.atlaskv.redis.command.bitmap;

import io.atlaskv.engine.internal.base.Layouts;
import io.atlaskv.redis.data.StringView;
import io.atlaskv.redis.store.Reader;
import java.lang.foreign.MemorySegment;

/// Counts and finds bits of a string, from bit `first` to bit `last`, both included and within it.
final class BitSearch {
  /// Blocks are needed.
  static final long NEEDS_BLOCKS = -2;

  /// There is no such bit.
  static final long NONE = -1;

  private BitSearch() {}

  /// How many bits are set.
  static long count(StringView string, long first, long last) {
    long count = 0;
    boolean isMissing = false;
    long at = first >> 3;
    long lastByte = last >> 3;
    while (at <= lastByte) {
      if (string.show(at) == Reader.NEEDS_BLOCKS) {
        isMissing = true; // go on: all blocks are fetched at once
        at = string.nextFragment(at);
        continue;
      }
      long end = Math.min(string.end(), lastByte + 1);
      if (!string.isHole()) {
        count += count(string.segment(), string.offset(), end - at);
        if (at == first >> 3) {
          int head = string.segment().get(Layouts.BYTE, string.offset()) & 0xff;
          count -= Integer.bitCount(head & ~firstMask(first));
        }
        if (end == lastByte + 1) {
          int tail = string.segment().get(Layouts.BYTE, string.offset() + lastByte - at) & 0xff;
          count -= Integer.bitCount(tail & ~lastMask(last) & 0xff);
        }
      }
      at = end;
    }
    return isMissing ? NEEDS_BLOCKS : count;
  }

  private static long count(MemorySegment memory, long offset, long bytes) {
    long count = 0;
    long at = offset;
    long end = offset + bytes;
    for (; at + Long.BYTES <= end; at += Long.BYTES) {
      count += Long.bitCount(memory.get(Layouts.LE_LONG, at));
    }
    for (; at < end; at++) {
      count += Integer.bitCount(memory.get(Layouts.BYTE, at) & 0xff);
    }
    return count;
  }

  /// The first bit that is `wanted`, or `NONE`.
  static long find(StringView string, int wanted, long first, long last) {
    long at = first >> 3;
    long lastByte = last >> 3;
    while (at <= lastByte) {
      if (string.show(at) == Reader.NEEDS_BLOCKS) {
        return NEEDS_BLOCKS;
      }
      long end = Math.min(string.end(), lastByte + 1);
      if (!string.isHole() || wanted == 0) {
        long found = find(string, wanted, at, end, first, last);
        if (found != NONE) {
          return found;
        }
      }
      at = end;
    }
    return NONE;
  }

  private static long find(
      StringView string, int wanted, long from, long end, long first, long last) {
    MemorySegment memory = string.segment();
    long base = string.offset() - from;
    long flipped = wanted == 1 ? 0 : -1;
    long at = from;
    while (at < end) {
      boolean isEdge = at == first >> 3 || at == last >> 3;
      if (!isEdge && at + Long.BYTES <= end && (last >> 3) - at >= Long.BYTES) {
        if ((memory.get(Layouts.LE_LONG, base + at) ^ flipped) == 0) {
          at += Long.BYTES;
          continue;
        }
      }
      int bits = (int) (memory.get(Layouts.BYTE, base + at) ^ flipped) & 0xff;
      bits &= at == first >> 3 ? firstMask(first) : 0xff;
      bits &= at == last >> 3 ? lastMask(last) : 0xff;
      if (bits != 0) {
        return 8 * at + Integer.numberOfLeadingZeros(bits) - (Integer.SIZE - Byte.SIZE);
      }
      at++;
    }
    return NONE;
  }

  /// The bits of a byte from `first` on.
  private static int firstMask(long first) {
    return 0xff >> (first & 7);
  }

  /// The bits of a byte up to `last`.
  private static int lastMask(long last) {
    return 0xff << (7 - (last & 7)) & 0xff;
  }
}
