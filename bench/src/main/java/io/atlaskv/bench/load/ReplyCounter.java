package io.atlaskv.bench.load;

import java.nio.ByteBuffer;

/// Counts the complete RESP2 replies of one connection, however they are cut into reads.
final class ReplyCounter {
  private static final int LINE_MAX = 4096;

  /// Values that are missing until the current reply is complete; 0 between replies.
  private long missing;

  /// Bytes of a bulk string, CR LF included, that have not come yet.
  private long skip;

  private final byte[] line = new byte[LINE_MAX]; // a line cut off by the end of a read
  private int lineLength;

  private long values;
  private String firstError = "";
  private long errors;

  /// Takes all bytes of the buffer; returns the number of replies that they complete.
  int take(ByteBuffer buffer) {
    int complete = 0;
    int position = buffer.position();
    int limit = buffer.limit();
    while (position < limit) {
      if (skip > 0) {
        int step = (int) Math.min(skip, limit - position);
        skip -= step;
        position += step;
        if (skip == 0 && valueEnded()) {
          complete++;
        }
        continue;
      }
      int start = position;
      while (position < limit && buffer.get(position) != '\n') {
        position++;
      }
      if (position == limit || lineLength > 0) {
        keep(buffer, start, position);
        if (position == limit) {
          break;
        }
        position++;
        complete += lineEnded(ByteBuffer.wrap(line), 0, lineLength) ? 1 : 0;
        lineLength = 0;
      } else {
        position++;
        complete += lineEnded(buffer, start, position - 1) ? 1 : 0;
      }
    }
    buffer.position(limit);
    return complete;
  }

  /// Bulk strings that were not null.
  long values() {
    return values;
  }

  /// Error replies, those inside of arrays included.
  long errors() {
    return errors;
  }

  String firstError() {
    return firstError;
  }

  private void keep(ByteBuffer buffer, int start, int end) {
    int count = end - start;
    if (lineLength + count > LINE_MAX) {
      throw new IllegalStateException("a line of a reply is longer than " + LINE_MAX + " bytes");
    }
    buffer.get(start, line, lineLength, count);
    lineLength += count;
  }

  /// A line from `start` to its LF at `end`; whether it completes a reply.
  private boolean lineEnded(ByteBuffer bytes, int start, int end) {
    if (missing == 0) {
      missing = 1;
    }
    return switch (bytes.get(start)) {
      case '+', ':' -> valueEnded();
      case '-' -> {
        errors++;
        if (errors == 1) {
          firstError = text(bytes, start + 1, end - 1);
        }
        yield valueEnded();
      }
      case '$' -> {
        long length = number(bytes, start + 1, end - 1);
        if (length < 0) {
          yield valueEnded();
        }
        values++;
        skip = length + 2;
        yield false;
      }
      case '*', '>' -> {
        missing += Math.max(0, number(bytes, start + 1, end - 1));
        yield valueEnded();
      }
      default -> throw new IllegalStateException("no reply starts with " + bytes.get(start));
    };
  }

  private boolean valueEnded() {
    return --missing == 0;
  }

  private static String text(ByteBuffer bytes, int start, int end) {
    var text = new StringBuilder();
    for (int i = start; i < end; i++) {
      text.append((char) bytes.get(i));
    }
    return text.toString();
  }

  private static long number(ByteBuffer bytes, int start, int end) {
    boolean isNegative = bytes.get(start) == '-';
    long number = 0;
    for (int i = isNegative ? start + 1 : start; i < end; i++) {
      number = 10 * number + bytes.get(i) - '0';
    }
    return isNegative ? -number : number;
  }
}
