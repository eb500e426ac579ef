package io.atlaskv.server;

import io.atlaskv.engine.internal.base.Layouts;
import io.atlaskv.redis.resp.Args;
import java.lang.foreign.MemorySegment;

/// Reads Redis' requests: multibulk and inline. Goes on where it stopped, so a request is looked at
/// once however it is cut.
final class RequestParser implements RequestReader {
  private static final int ARGS_MAX = 1024 * 1024;
  private static final int ARGS_MAX_UNAUTHENTICATED = 10;
  private static final int BULK_BYTES_MAX_UNAUTHENTICATED = 16 * 1024;
  private static final int INLINE_BYTES_MAX = 64 * 1024;
  private static final int LENGTH_DIGITS_MAX = 20;
  private static final int NOT_YET = -1;

  // "$9\r\n" as a little-endian int, and which of its bits do not depend on the digit
  private static final int SHORT_BULK = '$' | '0' << 8 | '\r' << 16 | '\n' << 24;

  private Args args;
  private int bulkBytesMax;
  private boolean isShortOnly;
  private int position;
  private int wanted = NOT_YET;
  private int bulkLength = NOT_YET;
  private int missing;
  private long number;
  private String error = "";

  RequestParser(Args args, int bulkBytesMax) {
    this.args = args;
    this.bulkBytesMax = bulkBytesMax;
  }

  @Override
  public int end() {
    return position;
  }

  @Override
  public int missing() {
    return missing;
  }

  @Override
  public String error() {
    return error;
  }

  @Override
  public Args take(Args spare) {
    Args complete = args;
    args = spare;
    reset();
    return complete;
  }

  @Override
  public void reset() {
    position = 0;
    wanted = NOT_YET;
    bulkLength = NOT_YET;
  }

  @Override
  public void bulkBytesMax(int bytes) {
    bulkBytesMax = bytes;
  }

  @Override
  public void takesShortOnly(boolean value) {
    isShortOnly = value;
  }

  @Override
  public int parse(MemorySegment memory, int from, int to) {
    missing = 1;
    if (position == 0) {
      args.start(memory, from);
      if (memory.get(Layouts.BYTE, from) != '*') {
        return parseInline(memory, from, to);
      }
    } else {
      args.moveTo(memory, from);
      if (wanted == NOT_YET && memory.get(Layouts.BYTE, from) != '*') {
        return parseInline(memory, from, to);
      }
    }
    if (wanted == NOT_YET) {
      int state = parseCount(memory, from, to);
      if (state != COMPLETE) {
        return state;
      }
    }
    return parseBulks(memory, from, to);
  }

  private int parseCount(MemorySegment memory, int from, int to) {
    int lineEnd = readNumber(memory, from + 1, to);
    if (lineEnd == INCOMPLETE) {
      return INCOMPLETE;
    }
    if (lineEnd == BROKEN || number > ARGS_MAX) {
      return broken("Protocol error: invalid multibulk length");
    }
    if (isShortOnly && number > ARGS_MAX_UNAUTHENTICATED) {
      return broken("Protocol error: unauthenticated multibulk length");
    }
    wanted = (int) Math.max(number, 0);
    position = lineEnd - from;
    return COMPLETE;
  }

  private int parseBulks(MemorySegment memory, int from, int to) {
    while (args.count() < wanted) {
      int at = from + position;
      if (bulkLength == NOT_YET) {
        if (to - at >= Integer.BYTES && isShortBulk(memory.get(Layouts.LE_INT, at))) {
          bulkLength = memory.get(Layouts.BYTE, at + 1L) - '0';
          at += Integer.BYTES;
        } else {
          if (at == to) {
            return INCOMPLETE;
          }
          byte type = memory.get(Layouts.BYTE, at);
          if (type != '$') {
            return broken("Protocol error: expected '$', got '" + printable(type) + "'");
          }
          int lineEnd = readNumber(memory, at + 1, to);
          if (lineEnd == INCOMPLETE) {
            return INCOMPLETE;
          }
          if (lineEnd == BROKEN || number < 0 || number > bulkBytesMax) {
            return broken("Protocol error: invalid bulk length");
          }
          if (isShortOnly && number > BULK_BYTES_MAX_UNAUTHENTICATED) {
            return broken("Protocol error: unauthenticated bulk length");
          }
          bulkLength = (int) number;
          at = lineEnd;
        }
        position = at - from;
      }
      int after = bulkLength + 2;
      if (to - at < after) {
        missing = after - (to - at);
        return INCOMPLETE;
      }
      args.add(position, bulkLength);
      position += after;
      bulkLength = NOT_YET;
    }
    return COMPLETE;
  }

  /// True for `$`, one digit and a line end.
  private static boolean isShortBulk(int word) {
    int digit = (word >>> 8 & 0xff) - '0';
    return (word & 0xffff_00ff) == (SHORT_BULK & 0xffff_00ff) && digit >= 0 && digit <= 9;
  }

  /// Reads a decimal and its line end: where it ends, INCOMPLETE, or BROKEN.
  private int readNumber(MemorySegment memory, int start, int to) {
    int at = start;
    boolean isNegative = at < to && memory.get(Layouts.BYTE, at) == '-';
    if (isNegative) {
      at++;
    }
    long value = 0;
    int firstDigit = at;
    for (; at < to; at++) {
      int c = memory.get(Layouts.BYTE, at);
      if (c == '\r') {
        if (at == firstDigit) {
          return BROKEN;
        }
        if (at + 1 == to) {
          return INCOMPLETE;
        }
        number = isNegative ? -value : value;
        return memory.get(Layouts.BYTE, at + 1L) == '\n' ? at + 2 : BROKEN;
      }
      if (c < '0' || c > '9' || at - start > LENGTH_DIGITS_MAX) {
        return BROKEN;
      }
      value = Math.min(10 * value + (c - '0'), Integer.MAX_VALUE);
    }
    return INCOMPLETE;
  }

  /// Words of one line, which end with it; quotes as in redis-cli.
  private int parseInline(MemorySegment memory, int from, int to) {
    int newline = from + position;
    while (newline < to && memory.get(Layouts.BYTE, newline) != '\n') {
      newline++;
    }
    if (newline == to) {
      position = Math.max(1, to - from);
      return to - from > INLINE_BYTES_MAX
          ? broken("Protocol error: too big inline request")
          : INCOMPLETE;
    }
    if (!InlineWords.split(memory, from, newline, args)) {
      return broken("Protocol error: unbalanced quotes in request");
    }
    position = newline + 1 - from;
    return COMPLETE;
  }

  private int broken(String text) {
    error = text;
    return BROKEN;
  }

  private static char printable(byte c) {
    return c >= ' ' && c <= '~' ? (char) c : '?';
  }
}
