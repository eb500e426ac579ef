package io.atlaskv.engine.internal.manifest;

import io.atlaskv.engine.api.CompactionStyle;
import io.atlaskv.engine.internal.base.Varint;
import java.time.Duration;
import java.util.Arrays;

/// Bytes of a compaction style, in the manifest and in the directory of namespaces.
///
/// ```
/// 0                                    leveled
/// 1, tables, bytesMin, bytesMax, age   size-tiered, the age in ms
/// 2, window                            time-windowed, in ms
///
/// all are varints
/// ```
public final class CompactionStyleFormat {
  private static final int LEVELED = 0;
  private static final int SIZE_TIERED = 1;
  private static final int TIME_WINDOWED = 2;
  private static final int FIELDS_MAX = 5;

  private CompactionStyleFormat() {}

  /// The bytes of a style.
  public static byte[] encode(CompactionStyle style) {
    return switch (style) {
      case CompactionStyle.Leveled _ -> bytes(LEVELED);
      case CompactionStyle.SizeTiered(int tables, long min, long max, Duration age) ->
          bytes(SIZE_TIERED, tables, min, max, age.toMillis());
      case CompactionStyle.TimeWindowed(Duration window) -> bytes(TIME_WINDOWED, window.toMillis());
    };
  }

  private static byte[] bytes(long... numbers) {
    byte[] target = new byte[FIELDS_MAX * Varint.LONG_BYTES_MAX];
    int length = 0;
    for (long number : numbers) {
      length += Varint.put(target, length, number);
    }
    return Arrays.copyOf(target, length);
  }

  /// The style in `numbers`, which are those of the content, in order.
  ///
  /// @throws IllegalArgumentException if they are none
  /// @throws ArithmeticException if one is out of range
  public static CompactionStyle decode(long[] numbers) {
    long kind = numbers.length == 0 ? -1 : numbers[0];
    if (kind == LEVELED) {
      return CompactionStyle.LEVELED;
    }
    if (kind == SIZE_TIERED && numbers.length >= 5) {
      return new CompactionStyle.SizeTiered(
          Math.toIntExact(numbers[1]), numbers[2], numbers[3], Duration.ofMillis(numbers[4]));
    }
    if (kind == TIME_WINDOWED && numbers.length >= 2) {
      return new CompactionStyle.TimeWindowed(Duration.ofMillis(numbers[1]));
    }
    throw new IllegalArgumentException("no compaction style: " + Arrays.toString(numbers));
  }
}
