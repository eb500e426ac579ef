package io.atlaskv.engine.api;

import java.util.Comparator;
import java.util.function.Function;

/// Part of a tuple; made by [Codec#field].
///
/// The bytes of a tuple are the self-delimiting bytes of its parts, one behind the other.
///
/// @param <T> type of the tuple
/// @param <A> type of the part
/// @param codec how the part is encoded
/// @param of the part of a tuple
public record TupleField<T, A>(OrderedCodec<A> codec, Function<? super T, A> of) {
  public TupleField {
    codec = codec.delimited();
  }

  /// Makes the tuple of its two parts.
  public interface Of2<A, B, T> {
    T of(A first, B second);
  }

  /// Makes the tuple of its three parts.
  public interface Of3<A, B, C, T> {
    T of(A first, B second, C third);
  }

  /// Makes the tuple of its four parts.
  public interface Of4<A, B, C, D, T> {
    T of(A first, B second, C third, D fourth);
  }

  private void encode(T tuple, ByteWriter out) {
    codec.encode(of.apply(tuple), out);
  }

  private Comparator<T> comparator() {
    return (x, y) -> codec.comparator().compare(of.apply(x), of.apply(y));
  }

  static <T, A, B> OrderedCodec<T> tuple(
      TupleField<T, A> first, TupleField<T, B> second, Of2<A, B, T> whole) {
    return new PlainCodec<>(
        (tuple, out) -> {
          first.encode(tuple, out);
          second.encode(tuple, out);
        },
        in -> whole.of(first.codec.decode(in), second.codec.decode(in)),
        first.comparator().thenComparing(second.comparator()),
        true);
  }

  static <T, A, B, C> OrderedCodec<T> tuple(
      TupleField<T, A> first,
      TupleField<T, B> second,
      TupleField<T, C> third,
      Of3<A, B, C, T> whole) {
    return new PlainCodec<>(
        (tuple, out) -> {
          first.encode(tuple, out);
          second.encode(tuple, out);
          third.encode(tuple, out);
        },
        in -> whole.of(first.codec.decode(in), second.codec.decode(in), third.codec.decode(in)),
        first.comparator().thenComparing(second.comparator()).thenComparing(third.comparator()),
        true);
  }

  static <T, A, B, C, D> OrderedCodec<T> tuple(
      TupleField<T, A> first,
      TupleField<T, B> second,
      TupleField<T, C> third,
      TupleField<T, D> fourth,
      Of4<A, B, C, D, T> whole) {
    return new PlainCodec<>(
        (tuple, out) -> {
          first.encode(tuple, out);
          second.encode(tuple, out);
          third.encode(tuple, out);
          fourth.encode(tuple, out);
        },
        in ->
            whole.of(
                first.codec.decode(in),
                second.codec.decode(in),
                third.codec.decode(in),
                fourth.codec.decode(in)),
        first
            .comparator()
            .thenComparing(second.comparator())
            .thenComparing(third.comparator())
            .thenComparing(fourth.comparator()),
        true);
  }
}
