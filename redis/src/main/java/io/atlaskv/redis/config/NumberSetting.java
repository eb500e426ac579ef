package io.atlaskv.redis.config;

/// A whole number within bounds: plain, a size in bytes, or a size that may be a share of another.
///
/// A share is kept negative: -5 is `5%`.
public final class NumberSetting extends Setting {
  /// How the number is written.
  enum Unit {
    PLAIN,
    PLAIN_OR_ZERO,
    BYTES,
    BYTES_OR_ZERO,
    BYTES_OR_PERCENT
  }

  private static final int PERCENT_MAX = 100;

  private final Unit unit;
  private final long min;
  private final long max;
  private final long defaultValue;
  private volatile long value;

  NumberSetting(SettingSpec spec, Unit unit, long defaultValue, long min, long max) {
    super(spec);
    this.unit = unit;
    this.min = min;
    this.max = max;
    this.defaultValue = defaultValue;
    value = defaultValue;
  }

  public long value() {
    return value;
  }

  /// The value, clamped to an int.
  public int intValue() {
    return Math.clamp(value, Integer.MIN_VALUE, Integer.MAX_VALUE);
  }

  /// The value in bytes, a share taken of `whole`.
  public long bytesOf(long whole) {
    long current = value;
    return current >= 0 ? current : (long) ((double) whole * -current / PERCENT_MAX);
  }

  @Override
  public String text() {
    return text(value);
  }

  @Override
  public String defaultText() {
    return text(defaultValue);
  }

  private String text(long number) {
    return number < 0 && unit == Unit.BYTES_OR_PERCENT ? -number + "%" : Long.toString(number);
  }

  @Override
  public String allowed() {
    return switch (unit) {
      case PLAIN -> "a number" + range();
      case PLAIN_OR_ZERO -> "0 or a number" + range();
      case BYTES -> "a size" + range();
      case BYTES_OR_ZERO -> "0 or a size" + range();
      case BYTES_OR_PERCENT -> "a size" + range() + ", or 0% to 100%";
    };
  }

  private String range() {
    return (min < 0 && !isPlain() ? "" : " from " + readable(min))
        + (max == Long.MAX_VALUE ? "" : " to " + readable(max));
  }

  private String readable(long bound) {
    return isPlain() ? Long.toString(bound) : MemorySize.format(bound);
  }

  private boolean isPlain() {
    return unit == Unit.PLAIN || unit == Unit.PLAIN_OR_ZERO;
  }

  private boolean isZeroAllowed() {
    return unit == Unit.PLAIN_OR_ZERO || unit == Unit.BYTES_OR_ZERO;
  }

  @Override
  void assign(String text) {
    value = parse(text);
  }

  private long parse(String text) {
    if (unit == Unit.BYTES_OR_PERCENT && text.endsWith("%")) {
      return -percent(text.substring(0, text.length() - 1));
    }
    long number;
    try {
      number = isPlain() ? plain(text) : bytes(text);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException(
          switch (unit) {
            case PLAIN, PLAIN_OR_ZERO -> "argument couldn't be parsed into an integer";
            case BYTES, BYTES_OR_ZERO -> "argument must be a memory value";
            case BYTES_OR_PERCENT -> "argument must be a memory or percent value";
          },
          e);
    }
    if ((number < min || number > max) && !(number == 0 && isZeroAllowed())) {
      throw new IllegalArgumentException(
          (isZeroAllowed() ? "argument must be 0 or between " : "argument must be between ")
              + min
              + " and "
              + max
              + " inclusive");
    }
    return number;
  }

  /// As Redis reads numbers: no plus sign, no leading zero, no blank.
  private static long plain(String text) {
    long number = Long.parseLong(text);
    if (!Long.toString(number).equals(text)) {
      throw new NumberFormatException(text);
    }
    return number;
  }

  /// As Redis reads sizes: nothing is 0.
  private static long bytes(String text) {
    return text.isEmpty() ? 0 : MemorySize.parse(text);
  }

  private static long percent(String digits) {
    long share;
    try {
      share = Long.parseLong(digits);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("argument must be a memory or percent value", e);
    }
    if (share < 0) {
      throw new IllegalArgumentException("argument must be a memory or percent value");
    }
    if (share > PERCENT_MAX) {
      throw new IllegalArgumentException("percentage argument must be less or equal to 100");
    }
    return share;
  }
}
