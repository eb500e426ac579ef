package io.atlaskv.server;

import io.atlaskv.engine.internal.base.Layouts;
import io.atlaskv.redis.resp.Args;
import java.lang.foreign.MemorySegment;

/// Splits a line that a person has typed into words. Those of a line with quotes are unescaped in a
/// copy, as the line itself may be parsed again: they only get shorter.
final class InlineWords {
  private InlineWords() {}

  /// Adds the words of `[from, lineEnd)` to `args`, whose base is `from`; false = a quote is not
  /// closed, or something follows one at once.
  static boolean split(MemorySegment memory, int from, int lineEnd, Args args) {
    if (!hasQuotes(memory, from, lineEnd)) {
      return splitInPlace(memory, from, lineEnd, args);
    }
    int length = lineEnd - from;
    MemorySegment copy = args.startOwn(length);
    MemorySegment.copy(memory, from, copy, 0, length);
    return splitInPlace(copy, 0, length, args);
  }

  private static boolean hasQuotes(MemorySegment memory, int from, int lineEnd) {
    for (int at = from; at < lineEnd; at++) {
      byte c = memory.get(Layouts.BYTE, at);
      if (c == '"' || c == '\'') {
        return true;
      }
    }
    return false;
  }

  /// Writes nothing but what was there if there are no quotes.
  private static boolean splitInPlace(MemorySegment memory, int from, int lineEnd, Args args) {
    int at = from;
    while (true) {
      while (at < lineEnd && isSpace(memory.get(Layouts.BYTE, at))) {
        at++;
      }
      if (at == lineEnd) {
        return true;
      }
      int start = at;
      int out = at;
      byte quote = 0;
      while (at < lineEnd) {
        byte c = memory.get(Layouts.BYTE, at);
        if (quote == 0) {
          if (isSpace(c)) {
            break;
          }
          if (c == '"' || c == '\'') {
            quote = c;
            at++;
          } else {
            memory.set(Layouts.BYTE, out++, c);
            at++;
          }
        } else if (c == quote) {
          at++;
          if (at < lineEnd && !isSpace(memory.get(Layouts.BYTE, at))) {
            return false;
          }
          quote = 0;
          break;
        } else if (c == '\\' && at + 1 < lineEnd) {
          byte next = memory.get(Layouts.BYTE, at + 1L);
          if (quote == '"' && next == 'x' && isHex(memory, at + 2, lineEnd)) {
            int high = Character.digit(memory.get(Layouts.BYTE, at + 2L), 16);
            int low = Character.digit(memory.get(Layouts.BYTE, at + 3L), 16);
            memory.set(Layouts.BYTE, out++, (byte) (16 * high + low));
            at += 4;
          } else if (quote == '"') {
            memory.set(Layouts.BYTE, out++, unescape(next));
            at += 2;
          } else if (next == '\'') {
            memory.set(Layouts.BYTE, out++, next);
            at += 2;
          } else {
            memory.set(Layouts.BYTE, out++, c);
            at++;
          }
        } else {
          memory.set(Layouts.BYTE, out++, c);
          at++;
        }
      }
      if (quote != 0) {
        return false;
      }
      args.add(start - from, out - start);
    }
  }

  private static boolean isSpace(byte c) {
    return c == ' ' || (c >= '\t' && c <= '\r') || c == 0;
  }

  private static boolean isHex(MemorySegment memory, int at, int lineEnd) {
    return at + 1 < lineEnd
        && Character.digit(memory.get(Layouts.BYTE, at), 16) >= 0
        && Character.digit(memory.get(Layouts.BYTE, at + 1L), 16) >= 0;
  }

  private static byte unescape(byte c) {
    return switch (c) {
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'b' -> '\b';
      case 'a' -> 7;
      default -> c;
    };
  }
}
