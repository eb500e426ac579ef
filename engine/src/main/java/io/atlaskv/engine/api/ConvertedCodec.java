package io.atlaskv.engine.api;

import java.util.Comparator;
import java.util.function.Function;

/// Values of one type in the bytes of another's.
record ConvertedCodec<T, U>(OrderedCodec<T> inner, Function<T, U> to, Function<U, T> from)
    implements OrderedCodec<U> {
  @Override
  public void encode(U value, ByteWriter out) {
    inner.encode(from.apply(value), out);
  }

  @Override
  public U decode(ByteReader in) {
    return to.apply(inner.decode(in));
  }

  @Override
  public Comparator<U> comparator() {
    return Comparator.comparing(from, inner.comparator());
  }

  @Override
  public boolean isSelfDelimiting() {
    return inner.isSelfDelimiting();
  }
}
