package io.atlaskv.engine.api;

import java.util.Comparator;
import java.util.function.BiConsumer;
import java.util.function.Function;

/// An ordered codec by its parts.
record PlainCodec<T>(
    BiConsumer<T, ByteWriter> encoder,
    Function<ByteReader, T> decoder,
    Comparator<T> comparator,
    boolean isSelfDelimiting)
    implements OrderedCodec<T> {
  @Override
  public void encode(T value, ByteWriter out) {
    encoder.accept(value, out);
  }

  @Override
  public T decode(ByteReader in) {
    return decoder.apply(in);
  }
}
