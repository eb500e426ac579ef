package io.atlaskv.engine.api;

import java.util.Comparator;

/// The opposite order. As no value's bytes are a prefix of another's, two values differ in a byte,
/// and inverting it turns their order around.
///
/// @param ascending self-delimiting
record DescendingCodec<T>(OrderedCodec<T> ascending) implements OrderedCodec<T> {
  @Override
  public void encode(T value, ByteWriter out) {
    int start = out.length();
    ascending.encode(value, out);
    invert(out.array(), start, out.length());
  }

  @Override
  public T decode(ByteReader in) {
    int before = in.remaining();
    byte[] rest = in.rest();
    invert(rest, 0, rest.length);
    ByteReader inverted = ByteReader.of(rest);
    T value = ascending.decode(inverted);
    in.skip(before - inverted.remaining());
    return value;
  }

  private static void invert(byte[] bytes, int start, int end) {
    for (int i = start; i < end; i++) {
      bytes[i] = (byte) ~bytes[i];
    }
  }

  @Override
  public Comparator<T> comparator() {
    return ascending.comparator().reversed();
  }

  @Override
  public boolean isSelfDelimiting() {
    return true;
  }
}
