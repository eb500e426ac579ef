package io.atlaskv.engine.api;

import java.time.Instant;
import java.util.UUID;

/// The ordered codecs of the JDK's own types; the layouts are in `docs/embedded/codecs.md`.
///
/// Two's complement is in unsigned order once its sign bit is inverted. The bits of an IEEE 754
/// number are in order of magnitude: those of negative ones are inverted whole, of others the sign.
final class StandardCodecs {
  static final OrderedCodec<String> UTF8 =
      new PlainCodec<String>(
          (value, out) -> out.putUtf8(value),
          in -> in.takeUtf8(in.remaining()),
          StandardCodecs::compareCodePoints,
          false);

  static final OrderedCodec<Bytes> BYTES =
      new PlainCodec<Bytes>(
          (value, out) -> out.putBytes(value),
          in -> Bytes.of(in.takeBytes(in.remaining())),
          Comparable::compareTo,
          false);

  static final OrderedCodec<Integer> INT32 =
      new PlainCodec<Integer>(
          (value, out) -> out.putInt(value ^ Integer.MIN_VALUE),
          in -> in.takeInt() ^ Integer.MIN_VALUE,
          Comparable::compareTo,
          true);

  static final OrderedCodec<Long> INT64 =
      new PlainCodec<Long>(
          (value, out) -> out.putLong(value ^ Long.MIN_VALUE),
          in -> in.takeLong() ^ Long.MIN_VALUE,
          Comparable::compareTo,
          true);

  static final OrderedCodec<Double> FLOAT64 =
      new PlainCodec<Double>(
          (value, out) -> {
            long bits = Double.doubleToLongBits(value);
            out.putLong(bits < 0 ? ~bits : bits ^ Long.MIN_VALUE);
          },
          in -> {
            long bits = in.takeLong();
            return Double.longBitsToDouble(bits < 0 ? bits ^ Long.MIN_VALUE : ~bits);
          },
          Comparable::compareTo,
          true);

  static final OrderedCodec<Boolean> BOOL =
      new PlainCodec<Boolean>(
          (value, out) -> out.putByte(value ? 1 : 0),
          in -> {
            int value = in.takeByte();
            if (value > 1) {
              throw new IllegalArgumentException("a boolean of " + value);
            }
            return value == 1;
          },
          Comparable::compareTo,
          true);

  static final OrderedCodec<UUID> UUID16 =
      new PlainCodec<UUID>(
          (value, out) ->
              out.putLong(value.getMostSignificantBits()).putLong(value.getLeastSignificantBits()),
          in -> new UUID(in.takeLong(), in.takeLong()),
          StandardCodecs::compareUnsigned,
          true);

  static final OrderedCodec<Instant> INSTANT =
      new PlainCodec<Instant>(
          (value, out) ->
              out.putLong(value.getEpochSecond() ^ Long.MIN_VALUE).putInt(value.getNano()),
          in -> Instant.ofEpochSecond(in.takeLong() ^ Long.MIN_VALUE, in.takeInt()),
          Comparable::compareTo,
          true);

  private StandardCodecs() {}

  @SuppressWarnings(
      "EnumOrdinal") // it is the format, as documented: unlike names it keeps an order
  static <E extends Enum<E>> OrderedCodec<E> enumeration(Class<E> type) {
    E[] constants = type.getEnumConstants();
    return new PlainCodec<E>(
        (value, out) -> out.putShort(value.ordinal()),
        in -> {
          int ordinal = in.takeShort();
          if (ordinal >= constants.length) {
            throw new IllegalArgumentException(
                "constant "
                    + ordinal
                    + " of "
                    + type.getName()
                    + ", which has "
                    + constants.length);
          }
          return constants[ordinal];
        },
        Comparable::compareTo,
        true);
  }

  /// The order of UTF-8: that of UTF-16 but for surrogates, which stand for the largest characters.
  private static int compareCodePoints(String a, String b) {
    int common = Math.min(a.length(), b.length());
    for (int i = 0; i < common; i++) {
      char x = a.charAt(i);
      char y = b.charAt(i);
      if (x != y) {
        boolean isLarge = Character.isSurrogate(x);
        return isLarge == Character.isSurrogate(y) ? x - y : isLarge ? 1 : -1;
      }
    }
    return a.length() - b.length();
  }

  private static int compareUnsigned(UUID a, UUID b) {
    int high = Long.compareUnsigned(a.getMostSignificantBits(), b.getMostSignificantBits());
    return high != 0
        ? high
        : Long.compareUnsigned(a.getLeastSignificantBits(), b.getLeastSignificantBits());
  }
}
