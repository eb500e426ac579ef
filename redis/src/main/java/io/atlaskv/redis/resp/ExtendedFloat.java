package io.atlaskv.redis.resp;

import java.math.BigDecimal;
import java.math.BigInteger;
import java.math.RoundingMode;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/// A number of Redis' `long double` on x86: 64 bits of mantissa, 15 of exponent. INCRBYFLOAT counts
/// in these, and what it answers shows their rounding, so sums are rounded as there: to the
/// nearest, ties to even. Infinities can be read; NaN cannot.
///
/// The value is `mantissa * 2^exponent`.
public final class ExtendedFloat {
  public static final ExtendedFloat ZERO = new ExtendedFloat(BigInteger.ZERO, 0, 0);

  /// Longest text that is read.
  public static final int TEXT_BYTES_MAX = 5 * 1024 - 1;

  private static final int MANTISSA_BITS = 64;
  private static final int EXPONENT_MIN = -16445; // of the last bit of the smallest number
  private static final int BITS_END = 16384; // 2^16384 is the first that is too large
  private static final int DECIMAL_EXPONENT_MAX = 5_000;
  private static final int DIGITS_AFTER_POINT = 17;
  private static final int NO_DIGITS_BELOW = -256; // 2^-256 has 77 zeroes behind the point
  private static final Pattern DECIMAL =
      Pattern.compile("([+-]?)(?=\\.?[0-9])([0-9]*)\\.?([0-9]*)(?:[eE]([+-]?[0-9]+))?");
  private static final Pattern HEXADECIMAL =
      Pattern.compile(
          "([+-]?)0[xX](?=\\.?[0-9a-fA-F])([0-9a-fA-F]*)\\.?([0-9a-fA-F]*)(?:[pP]([+-]?[0-9]+))?");
  private static final Pattern INFINITE = Pattern.compile("([+-]?)inf(inity)?");

  private final BigInteger mantissa;
  private final int exponent;
  private final int infinity; // sign, or 0 for finite numbers

  private ExtendedFloat(BigInteger mantissa, int exponent, int infinity) {
    this.mantissa = mantissa;
    this.exponent = exponent;
    this.infinity = infinity;
  }

  /// Reads what `strtold` reads, hexadecimal too; null for what is no number, has something before
  /// or behind it, or is too large or too small.
  public static @Nullable ExtendedFloat parse(String text) {
    if (text.isEmpty() || text.length() > TEXT_BYTES_MAX) {
      return null;
    }
    Matcher infinite = INFINITE.matcher(text.toLowerCase(Locale.ROOT));
    if (infinite.matches()) {
      return infinite(sign(infinite));
    }
    Matcher hexadecimal = HEXADECIMAL.matcher(text);
    if (hexadecimal.matches()) {
      return parse(hexadecimal, 16);
    }
    Matcher decimal = DECIMAL.matcher(text);
    return decimal.matches() ? parse(decimal, 10) : null;
  }

  private static @Nullable ExtendedFloat parse(Matcher parts, int radix) {
    var digits = new BigInteger(parts.group(2) + parts.group(3), radix);
    if (digits.signum() == 0) {
      return ZERO;
    }
    BigInteger given = parts.group(4) == null ? BigInteger.ZERO : new BigInteger(parts.group(4));
    int fractionDigits = parts.group(3).length();
    BigInteger signed = sign(parts) < 0 ? digits.negate() : digits;
    ExtendedFloat value;
    if (radix == 16) {
      BigInteger power = given.subtract(BigInteger.valueOf(4L * fractionDigits));
      long magnitude = clamped(power.add(BigInteger.valueOf(digits.bitLength())));
      if (magnitude > BITS_END || magnitude < EXPONENT_MIN) {
        return null;
      }
      value = rounded(signed, power.intValueExact(), false);
    } else {
      BigInteger power = given.subtract(BigInteger.valueOf(fractionDigits));
      long magnitude = clamped(power.add(BigInteger.valueOf(parts.group(2).length())));
      magnitude += fractionDigits;
      if (Math.abs(magnitude) > DECIMAL_EXPONENT_MAX + TEXT_BYTES_MAX) {
        return null;
      }
      value = ofDecimal(signed, power.intValueExact());
    }
    return value.infinity != 0 || value.mantissa.signum() == 0 ? null : value;
  }

  private static long clamped(BigInteger value) {
    return value.bitLength() < Integer.SIZE ? value.longValueExact() : Integer.MAX_VALUE;
  }

  private static int sign(Matcher parts) {
    return parts.group(1).equals("-") ? -1 : 1;
  }

  /// `digits * 10^power`.
  private static ExtendedFloat ofDecimal(BigInteger digits, int power) {
    if (power >= 0) {
      return rounded(digits.multiply(BigInteger.TEN.pow(power)), 0, false);
    }
    BigInteger divisor = BigInteger.TEN.pow(-power);
    int shift = MANTISSA_BITS + 2 + divisor.bitLength() - digits.bitLength();
    BigInteger dividend = digits;
    if (shift > 0) {
      dividend = digits.shiftLeft(shift);
    } else {
      shift = 0;
    }
    BigInteger[] parts = dividend.divideAndRemainder(divisor);
    return rounded(parts[0], -shift, parts[1].signum() != 0);
  }

  /// The nearest number to `value * 2^power`; `hasMore` says that the true value is a little
  /// farther from zero.
  private static ExtendedFloat rounded(BigInteger value, int power, boolean hasMore) {
    BigInteger magnitude = value.abs();
    int dropped = Math.max(magnitude.bitLength() - MANTISSA_BITS, EXPONENT_MIN - power);
    BigInteger kept = magnitude;
    int exponent = power;
    if (dropped > 0) {
      kept = magnitude.shiftRight(dropped);
      exponent = power + dropped;
      boolean isHalf = magnitude.testBit(dropped - 1);
      boolean isMoreThanHalf = hasMore || magnitude.getLowestSetBit() < dropped - 1;
      if (isHalf && (isMoreThanHalf || kept.testBit(0))) {
        kept = kept.add(BigInteger.ONE);
      }
    }
    if (kept.signum() != 0 && kept.bitLength() + exponent > BITS_END) {
      return infinite(value.signum());
    }
    return new ExtendedFloat(value.signum() < 0 ? kept.negate() : kept, exponent, 0);
  }

  private static ExtendedFloat infinite(int sign) {
    return new ExtendedFloat(BigInteger.ZERO, 0, sign);
  }

  /// The sum, rounded. Infinite if it is too large or a summand is infinite.
  public ExtendedFloat plus(ExtendedFloat other) {
    if (infinity != 0 || other.infinity != 0) {
      return infinite(infinity != 0 ? infinity : other.infinity);
    }
    int lower = Math.min(exponent, other.exponent);
    BigInteger sum =
        mantissa.shiftLeft(exponent - lower).add(other.mantissa.shiftLeft(other.exponent - lower));
    return rounded(sum, lower, false);
  }

  public boolean isFinite() {
    return infinity == 0;
  }

  /// The number as people write it: up to 17 digits behind the point, no zeroes at the end. Only
  /// for finite ones.
  public String text() {
    if (mantissa.bitLength() + exponent < NO_DIGITS_BELOW) {
      return "0";
    }
    BigDecimal exact =
        exponent >= 0
            ? new BigDecimal(mantissa.shiftLeft(exponent))
            : new BigDecimal(mantissa).divide(new BigDecimal(BigInteger.TWO.pow(-exponent)));
    BigDecimal shown = exact.setScale(DIGITS_AFTER_POINT, RoundingMode.HALF_EVEN);
    return shown.signum() == 0 ? "0" : shown.stripTrailingZeros().toPlainString();
  }
}
