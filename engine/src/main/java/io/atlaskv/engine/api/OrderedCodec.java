package io.atlaskv.engine.api;

import java.util.Comparator;
import java.util.function.Function;

/// A codec whose bytes are ordered as its values: for all `a` and `b`, the unsigned order of their
/// bytes is what [#comparator] says, and equal bytes mean equal values. So it can make keys.
///
/// @param <T> type of the values
public interface OrderedCodec<T> extends Codec<T> {

  /// The order of the bytes, as an order of values; consistent with `equals`.
  Comparator<T> comparator();

  /// Whether a value's bytes tell where they end, so that others may follow: no value's bytes are a
  /// prefix of another's.
  boolean isSelfDelimiting();

  /// The same values in the same order, self-delimiting: this codec if it is, else one that writes
  /// each byte 00 as 00 FF, and 00 01 behind the end.
  default OrderedCodec<T> delimited() {
    return isSelfDelimiting() ? this : new DelimitedCodec<>(this);
  }

  /// The same values in the opposite order: the self-delimiting bytes, each one inverted.
  default OrderedCodec<T> descending() {
    return new DescendingCodec<>(delimited());
  }

  /// Values of another type in this one's bytes and order: `int64().as(OrderId::new,
  /// OrderId::number)`.
  ///
  /// @param to must give equal values for equal ones, and different for different ones
  /// @param from its inverse
  default <U> OrderedCodec<U> as(Function<T, U> to, Function<U, T> from) {
    return new ConvertedCodec<>(this, to, from);
  }
}
