package io.atlaskv.engine.internal.base;

import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// The LZ4 block format, written for blocks of a few KiB in native memory.
///
/// ```
/// sequence = token, [literal length bytes], literals, offset u16, [match length bytes]
/// token    = literal length (4 bits, 15 = more bytes follow) << 4 | match length - 4 (likewise)
/// ```
///
/// The last sequence has only literals; the last 5 bytes are always literals, and no match starts
/// in the last 12 bytes. A compressor is reused by one thread at a time; decompression is static.
/// Decompression trusts nothing: whatever the input, it reads and writes only the given slices and
/// ends after at most as many steps as there are bytes.
public final class Lz4 {
  /// Answer of `decompress` to malformed input.
  public static final int MALFORMED = -1;

  /// Answer of `compress` when the result would not fit.
  public static final int TOO_LARGE = -1;

  private static final int MATCH_MIN = 4;
  private static final int LAST_LITERALS = 5;
  private static final int MATCH_START_LIMIT = 12;
  private static final int DISTANCE_MAX = 65_535;
  private static final int RUN_MASK = 15;
  private static final int TOKEN_LITERAL_SHIFT = 4;
  private static final int HASH_BITS = 13;
  private static final int HASH_MULTIPLIER = -1640531535;
  private static final int SKIP_SHIFT = 4;
  private static final int WORD = Long.BYTES;
  private static final int SHORT_COPY_MAX = 64;
  private static final int SHORT_IN = 2 * WORD + Short.BYTES;
  private static final int SHORT_OUT = 4 * WORD;

  /// Positions by hash of 4 bytes, counted from `base`, which moves on with every block so that
  /// older blocks' entries need not be cleared: they lie below it.
  private final int[] positions = new int[1 << HASH_BITS];

  private int base = 1;

  /// Largest size of `bytes` compressed bytes.
  public static int compressedBytesMax(int bytes) {
    return Math.addExact(bytes, bytes / 255 + 16);
  }

  /// Compresses a slice; returns the compressed size, or `TOO_LARGE` if it does not fit.
  public int compress(
      MemorySegment source,
      long sourceOffset,
      int sourceLength,
      MemorySegment target,
      long targetOffset,
      int targetLength) {
    if (base > Integer.MAX_VALUE - sourceLength) {
      Arrays.fill(positions, 0);
      base = 1;
    }
    int start = base;
    base += sourceLength;
    long targetEnd = targetOffset + targetLength;
    long out = targetOffset;
    int anchor = 0;
    int matchStartMax = sourceLength - MATCH_START_LIMIT;
    int matchEndMax = sourceLength - LAST_LITERALS;
    int at = 0;
    int misses = 1 << SKIP_SHIFT;
    while (at <= matchStartMax) {
      int word = source.get(Layouts.LE_INT, sourceOffset + at);
      int slot = (word * HASH_MULTIPLIER) >>> (Integer.SIZE - HASH_BITS);
      int candidate = positions[slot] - start;
      positions[slot] = start + at;
      if (candidate < 0
          || at - candidate > DISTANCE_MAX
          || source.get(Layouts.LE_INT, sourceOffset + candidate) != word) {
        at += misses++ >>> SKIP_SHIFT;
        continue;
      }
      misses = 1 << SKIP_SHIFT;
      while (at > anchor
          && candidate > 0
          && source.get(Layouts.BYTE, sourceOffset + at - 1)
              == source.get(Layouts.BYTE, sourceOffset + candidate - 1)) {
        at--;
        candidate--;
      }
      int matchLength =
          MATCH_MIN
              + commonLength(
                  source,
                  sourceOffset + at + MATCH_MIN,
                  sourceOffset + candidate + MATCH_MIN,
                  matchEndMax - at - MATCH_MIN);
      int literals = at - anchor;
      if (out + literals + literals / 255 + matchLength / 255 + 5 > targetEnd) {
        return TOO_LARGE;
      }
      out = putSequence(source, sourceOffset + anchor, literals, matchLength, target, out);
      out = putMatch(target, out, at - candidate, matchLength);
      at += matchLength;
      anchor = at;
      if (at <= matchStartMax) { // so that a repetition of what was just matched is found at once
        int before = source.get(Layouts.LE_INT, sourceOffset + at - 2);
        positions[(before * HASH_MULTIPLIER) >>> (Integer.SIZE - HASH_BITS)] = start + at - 2;
      }
    }
    int literals = sourceLength - anchor;
    if (out + literals + literals / 255 + 2 > targetEnd) {
      return TOO_LARGE;
    }
    out = putSequence(source, sourceOffset + anchor, literals, MATCH_MIN, target, out);
    return (int) (out - targetOffset);
  }

  private static int commonLength(MemorySegment bytes, long left, long right, int limit) {
    int length = 0;
    while (length <= limit - WORD) {
      long difference =
          bytes.get(Layouts.LE_LONG, left + length) ^ bytes.get(Layouts.LE_LONG, right + length);
      if (difference != 0) {
        return length + (Long.numberOfTrailingZeros(difference) >>> 3);
      }
      length += WORD;
    }
    while (length < limit
        && bytes.get(Layouts.BYTE, left + length) == bytes.get(Layouts.BYTE, right + length)) {
      length++;
    }
    return length;
  }

  /// Writes token and literals; the caller has checked that they fit.
  private static long putSequence(
      MemorySegment source,
      long literalOffset,
      int literals,
      int matchLength,
      MemorySegment target,
      long at) {
    int token =
        Math.min(literals, RUN_MASK) << TOKEN_LITERAL_SHIFT
            | Math.min(matchLength - MATCH_MIN, RUN_MASK);
    target.set(Layouts.BYTE, at, (byte) token);
    long out = at + 1;
    if (literals >= RUN_MASK) {
      out = putLength(target, out, literals - RUN_MASK);
    }
    if (literals > 0) {
      MemorySegment.copy(source, literalOffset, target, out, literals);
    }
    return out + literals;
  }

  private static long putMatch(MemorySegment target, long at, int distance, int matchLength) {
    target.set(Layouts.LE_SHORT, at, (short) distance);
    long out = at + Short.BYTES;
    return matchLength - MATCH_MIN >= RUN_MASK
        ? putLength(target, out, matchLength - MATCH_MIN - RUN_MASK)
        : out;
  }

  private static long putLength(MemorySegment target, long at, int length) {
    long out = at;
    int rest = length;
    for (; rest >= 255; rest -= 255) {
      target.set(Layouts.BYTE, out++, (byte) 255);
    }
    target.set(Layouts.BYTE, out++, (byte) rest);
    return out;
  }

  /// Decompresses a slice that must yield exactly `targetLength` bytes; returns `targetLength`, or
  /// `MALFORMED`, with undefined bytes in the target slice.
  public static int decompress(
      MemorySegment source,
      long sourceOffset,
      int sourceLength,
      MemorySegment target,
      long targetOffset,
      int targetLength) {
    long in = sourceOffset;
    long inEnd = sourceOffset + sourceLength;
    long out = targetOffset;
    long outEnd = targetOffset + targetLength;
    while (in < inEnd) {
      int token = source.get(Layouts.BYTE, in++) & 0xff;
      long literals = (long) token >>> TOKEN_LITERAL_SHIFT;
      if (literals < RUN_MASK && inEnd - in >= SHORT_IN && outEnd - out >= SHORT_OUT) {
        // The common case, without loops: at most 14 literals, then at most 18 bytes of a match.
        target.set(Layouts.LE_LONG, out, source.get(Layouts.LE_LONG, in));
        target.set(Layouts.LE_LONG, out + WORD, source.get(Layouts.LE_LONG, in + WORD));
        in += literals;
        out += literals;
        int distance = source.get(Layouts.LE_SHORT, in) & 0xffff;
        int more = token & RUN_MASK;
        if (more < RUN_MASK && distance >= WORD && distance <= out - targetOffset) {
          long from = out - distance;
          target.set(Layouts.LE_LONG, out, target.get(Layouts.LE_LONG, from));
          target.set(Layouts.LE_LONG, out + WORD, target.get(Layouts.LE_LONG, from + WORD));
          target.set(
              Layouts.LE_SHORT, out + 2 * WORD, target.get(Layouts.LE_SHORT, from + 2 * WORD));
          in += Short.BYTES;
          out += MATCH_MIN + more;
          continue;
        }
      } else {
        if (literals == RUN_MASK) {
          int more;
          do {
            if (in >= inEnd) {
              return MALFORMED;
            }
            more = source.get(Layouts.BYTE, in++) & 0xff;
            literals += more;
          } while (more == 255);
        }
        if (literals > inEnd - in || literals > outEnd - out) {
          return MALFORMED;
        }
        MemorySegment.copy(source, in, target, out, literals);
        in += literals;
        out += literals;
        if (in == inEnd) { // the last sequence has no match
          return out == outEnd ? targetLength : MALFORMED;
        }
      }
      if (inEnd - in < Short.BYTES) {
        return MALFORMED;
      }
      int distance = source.get(Layouts.LE_SHORT, in) & 0xffff;
      in += Short.BYTES;
      long length = (token & RUN_MASK) + (long) MATCH_MIN;
      if ((token & RUN_MASK) == RUN_MASK) {
        int more;
        do {
          if (in >= inEnd) {
            return MALFORMED;
          }
          more = source.get(Layouts.BYTE, in++) & 0xff;
          length += more;
        } while (more == 255);
      }
      if (distance == 0 || distance > out - targetOffset || length > outEnd - out) {
        return MALFORMED;
      }
      copyMatch(target, out, distance, length, outEnd);
      out += length;
    }
    return MALFORMED;
  }

  /// Copies `length` bytes from `distance` before `out`; source and target may overlap. May write
  /// up to a word past the match, never past `outEnd`: what follows overwrites it.
  private static void copyMatch(
      MemorySegment target, long out, int distance, long length, long outEnd) {
    long end = out + length;
    long at = out;
    long from = out - distance;
    if (distance >= WORD) {
      if (length > SHORT_COPY_MAX && distance >= length) {
        MemorySegment.copy(target, from, target, out, length);
        return;
      }
    } else {
      // Bytes repeat with period `distance`: go back a multiple of it that is at least a word.
      int period = distance * ((WORD + distance - 1) / distance);
      long wordsFrom = Math.min(end, out + period - distance);
      while (at < wordsFrom) {
        target.set(Layouts.BYTE, at++, target.get(Layouts.BYTE, from++));
      }
      from = at - period;
    }
    long wordsEnd = Math.min(end, outEnd - WORD + 1);
    while (at < wordsEnd) {
      target.set(Layouts.LE_LONG, at, target.get(Layouts.LE_LONG, from));
      at += WORD;
      from += WORD;
    }
    while (at < end) {
      target.set(Layouts.BYTE, at++, target.get(Layouts.BYTE, from++));
    }
  }
}
