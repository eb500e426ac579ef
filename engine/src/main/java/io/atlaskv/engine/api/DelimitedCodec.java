package io.atlaskv.engine.api;

import java.util.Comparator;

/// Makes any ordered codec self-delimiting, as in FoundationDB's tuple layer, with the terminator
/// of CockroachDB's: what follows may begin with FF.
///
/// ```
/// bytes of the value, each 00 as 00 FF    00 01
/// ```
///
/// Order: where two values differ first, their bytes do, and 00 FF stands for 00 in the same place.
/// Where one ends first, 00 01 is below 00 FF and below every other byte.
record DelimitedCodec<T>(OrderedCodec<T> plain) implements OrderedCodec<T> {
  private static final int ESCAPE = 0x00;
  private static final int ESCAPED_ZERO = 0xff;
  private static final int TERMINATOR = 0x01;

  @Override
  public void encode(T value, ByteWriter out) {
    int start = out.length();
    plain.encode(value, out);
    int end = out.length();
    int zeros = 0;
    for (int i = start; i < end; i++) {
      if (out.array()[i] == ESCAPE) {
        zeros++;
      }
    }
    if (zeros > 0) {
      out.reserve(zeros);
      escape(out.array(), start, end, end + zeros);
    }
    out.putByte(ESCAPE).putByte(TERMINATOR);
  }

  /// Moves `[start, end)` so that it ends at `newEnd`, from the back, with an FF behind each 00.
  private static void escape(byte[] bytes, int start, int end, int newEnd) {
    int to = newEnd;
    for (int from = end - 1; from >= start; from--) {
      if (bytes[from] == ESCAPE) {
        bytes[--to] = (byte) ESCAPED_ZERO;
      }
      bytes[--to] = bytes[from];
    }
  }

  @Override
  public T decode(ByteReader in) {
    var unescaped = new ByteWriter();
    while (true) {
      int next = in.takeByte();
      if (next == ESCAPE) {
        int mark = in.takeByte();
        if (mark == TERMINATOR) {
          return plain.decodeAll(ByteReader.of(unescaped.array(), 0, unescaped.length()));
        }
        if (mark != ESCAPED_ZERO) {
          throw new IllegalArgumentException("byte " + mark + " behind an escape");
        }
      }
      unescaped.putByte(next);
    }
  }

  @Override
  public Comparator<T> comparator() {
    return plain.comparator();
  }

  @Override
  public boolean isSelfDelimiting() {
    return true;
  }
}
