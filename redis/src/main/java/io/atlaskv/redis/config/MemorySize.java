package io.atlaskv.redis.config;

import java.util.List;
import java.util.Locale;

/// Sizes in Redis' units: `1k` is 1,000 bytes and `1kb` 1,024; so with `m` and `g`; `b` is one.
public final class MemorySize {
  private static final long THOUSAND = 1000;
  private static final long KIB = 1024;
  private static final List<String> UNITS = List.of("", "kb", "mb", "gb");

  private MemorySize() {}

  /// Reads a size.
  ///
  /// @throws NumberFormatException if it is not one, or one that no long holds
  public static long parse(String text) {
    int digits = 0;
    while (digits < text.length() && text.charAt(digits) >= '0' && text.charAt(digits) <= '9') {
      digits++;
    }
    long number = Long.parseLong(text.substring(0, digits));
    long unit =
        switch (text.substring(digits).toLowerCase(Locale.ROOT)) {
          case "", "b" -> 1;
          case "k" -> THOUSAND;
          case "kb" -> KIB;
          case "m" -> THOUSAND * THOUSAND;
          case "mb" -> KIB * KIB;
          case "g" -> THOUSAND * THOUSAND * THOUSAND;
          case "gb" -> KIB * KIB * KIB;
          default -> throw new NumberFormatException("unknown unit in '" + text + "'");
        };
    if (number > Long.MAX_VALUE / unit) {
      throw new NumberFormatException("'" + text + "' is too large");
    }
    return number * unit;
  }

  /// The shortest form in units of 1024 that is exact.
  public static String format(long bytes) {
    long number = bytes;
    int unit = 0;
    while (number != 0 && number % KIB == 0 && unit < UNITS.size() - 1) {
      number /= KIB;
      unit++;
    }
    return number + UNITS.get(unit);
  }
}
