package io.atlaskv.engine.api;

import java.time.Instant;
import java.util.UUID;
import java.util.function.BiConsumer;
import java.util.function.Function;

/// Values of one type as bytes and back. Stateless: used by many threads at once.
///
/// Only an [OrderedCodec] can make the keys of a map. The layouts of those made here are part of
/// the format of whoever stores with them and never change; they are listed, with test vectors, in
/// `docs/embedded/codecs.md`.
///
/// @param <T> type of the values
public interface Codec<T> {

  /// Appends the bytes of a value.
  ///
  /// @throws IllegalArgumentException if it has none, as half of a surrogate pair in UTF-8
  void encode(T value, ByteWriter out);

  /// Reads a value back; `in` has what `encode` wrote and ends there, unless the codec is
  /// [OrderedCodec#isSelfDelimiting]. Must not keep `in`.
  ///
  /// @throws IllegalArgumentException if the bytes are not of this codec
  T decode(ByteReader in);

  /// The bytes of one value.
  default byte[] toBytes(T value) {
    var out = new ByteWriter();
    encode(value, out);
    return out.toArray();
  }

  /// The value of which `bytes` are all bytes.
  ///
  /// @throws IllegalArgumentException if the bytes are not of this codec, or too many
  default T fromBytes(byte[] bytes) {
    return decodeAll(ByteReader.of(bytes));
  }

  /// The value of which the remaining bytes of `in` are all bytes.
  ///
  /// @throws IllegalArgumentException if the bytes are not of this codec, or too many
  default T decodeAll(ByteReader in) {
    T value = decode(in);
    if (in.remaining() != 0) {
      throw new IllegalArgumentException(in.remaining() + " bytes behind the end of a value");
    }
    return value;
  }

  /// A codec for values, by two functions.
  static <T> Codec<T> of(BiConsumer<T, ByteWriter> encoder, Function<ByteReader, T> decoder) {
    return new Codec<>() {
      @Override
      public void encode(T value, ByteWriter out) {
        encoder.accept(value, out);
      }

      @Override
      public T decode(ByteReader in) {
        return decoder.apply(in);
      }
    };
  }

  /// Arrays as they are, for values. Arrays are not equal by content: keys are [#bytes].
  static Codec<byte[]> byteArray() {
    return of((value, out) -> out.putBytes(value), in -> in.takeBytes(in.remaining()));
  }

  /// Text in UTF-8, ordered by code points, which differs from the order of [String] for characters
  /// beyond U+FFFF.
  static OrderedCodec<String> utf8() {
    return StandardCodecs.UTF8;
  }

  /// Byte strings as they are.
  static OrderedCodec<Bytes> bytes() {
    return StandardCodecs.BYTES;
  }

  /// 4 bytes, in numeric order.
  static OrderedCodec<Integer> int32() {
    return StandardCodecs.INT32;
  }

  /// 8 bytes, in numeric order.
  static OrderedCodec<Long> int64() {
    return StandardCodecs.INT64;
  }

  /// 8 bytes, in the order of [Double#compare]: -0.0 before 0.0, NaN last.
  static OrderedCodec<Double> float64() {
    return StandardCodecs.FLOAT64;
  }

  /// 1 byte, false first.
  static OrderedCodec<Boolean> bool() {
    return StandardCodecs.BOOL;
  }

  /// 16 bytes, ordered as they are written, which is not the order of [UUID#compareTo]: that takes
  /// both halves as signed.
  static OrderedCodec<UUID> uuid() {
    return StandardCodecs.UUID16;
  }

  /// 12 bytes, in order of time.
  static OrderedCodec<Instant> instant() {
    return StandardCodecs.INSTANT;
  }

  /// 2 bytes, in order of declaration: constants may be renamed and appended, nothing else.
  static <E extends Enum<E>> OrderedCodec<E> enumeration(Class<E> type) {
    return StandardCodecs.enumeration(type);
  }

  /// Part of a tuple: how it is encoded, and how it is had from the whole.
  static <T, A> TupleField<T, A> field(OrderedCodec<A> codec, Function<? super T, A> of) {
    return new TupleField<>(codec, of);
  }

  /// Tuples of two parts, ordered by the first, then by the second. All tuples are self-delimiting,
  /// and the bytes of their first parts are a prefix of theirs.
  ///
  /// `tuple(field(utf8(), Visit::user), field(instant(), Visit::at), Visit::new)`
  static <T, A, B> OrderedCodec<T> tuple(
      TupleField<T, A> first, TupleField<T, B> second, TupleField.Of2<A, B, T> whole) {
    return TupleField.tuple(first, second, whole);
  }

  /// Tuples of three parts.
  static <T, A, B, C> OrderedCodec<T> tuple(
      TupleField<T, A> first,
      TupleField<T, B> second,
      TupleField<T, C> third,
      TupleField.Of3<A, B, C, T> whole) {
    return TupleField.tuple(first, second, third, whole);
  }

  /// Tuples of four parts.
  static <T, A, B, C, D> OrderedCodec<T> tuple(
      TupleField<T, A> first,
      TupleField<T, B> second,
      TupleField<T, C> third,
      TupleField<T, D> fourth,
      TupleField.Of4<A, B, C, D, T> whole) {
    return TupleField.tuple(first, second, third, fourth, whole);
  }
}
