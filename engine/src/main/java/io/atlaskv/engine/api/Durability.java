package io.atlaskv.engine.api;

import java.time.Duration;
import java.util.Locale;

/// What a power cut or a crash of the operating system may lose. A kill of the process never loses
/// an acknowledged write.
///
/// @param mode when the log is synced
/// @param interval time between syncs of [Mode#INTERVAL], 1 ms to 1 hour; zero for the others
public record Durability(Mode mode, Duration interval) {

  /// When the log is synced to disk.
  public enum Mode {
    /// Before a write returns, shared by all writers that wait.
    ALWAYS,
    /// In the background, once an interval.
    INTERVAL,
    /// Whenever the operating system does.
    OS
  }

  // Before the constants below, whose constructor reads them.
  private static final Duration INTERVAL_MIN = Duration.ofMillis(1);
  private static final Duration INTERVAL_MAX = Duration.ofHours(1);

  /// Nothing acknowledged is lost.
  public static final Durability ALWAYS = new Durability(Mode.ALWAYS, Duration.ZERO);

  /// Another name of [#ALWAYS], for single writes: this one is on disk when it returns.
  public static final Durability SYNCED = ALWAYS;

  /// At most what the operating system had not yet written, usually 30 s.
  public static final Durability OS = new Durability(Mode.OS, Duration.ZERO);

  /// The default: at most the last 100 ms.
  public static final Durability DEFAULT = interval(Duration.ofMillis(100));

  public Durability {
    boolean isInterval = mode == Mode.INTERVAL;
    if (isInterval
        && (interval.compareTo(INTERVAL_MIN) < 0 || interval.compareTo(INTERVAL_MAX) > 0)) {
      throw new IllegalArgumentException("durability interval must be 1ms to 1h, is " + interval);
    }
    if (!isInterval && !interval.isZero()) {
      throw new IllegalArgumentException(
          "durability " + mode + " has no interval, got " + interval);
    }
  }

  /// At most the writes of the last `interval`, 1 ms to 1 hour.
  public static Durability interval(Duration interval) {
    return new Durability(Mode.INTERVAL, interval);
  }

  /// Reads `always`, `os`, `interval:100ms`, or Redis' names `everysec` (an interval of 1 s) and
  /// `no` (the same as `os`).
  ///
  /// @throws IllegalArgumentException naming the value and what is allowed
  public static Durability parse(String text) {
    String lower = text.strip().toLowerCase(Locale.ROOT);
    return switch (lower) {
      case "always" -> ALWAYS;
      case "os", "no" -> OS;
      case "interval" -> DEFAULT;
      case "everysec" -> interval(Duration.ofSeconds(1));
      default -> {
        if (!lower.startsWith("interval:")) {
          throw unknown(text);
        }
        yield interval(parseDuration(text, lower.substring("interval:".length())));
      }
    };
  }

  private static Duration parseDuration(String whole, String text) {
    boolean isMillis = text.endsWith("ms");
    boolean isSeconds = !isMillis && text.endsWith("s");
    String digits = text.substring(0, text.length() - (isMillis ? 2 : isSeconds ? 1 : 0));
    if (digits.isEmpty() || digits.length() > 9 || !digits.chars().allMatch(Character::isDigit)) {
      throw unknown(whole);
    }
    long amount = Long.parseLong(digits);
    return isSeconds ? Duration.ofSeconds(amount) : Duration.ofMillis(amount);
  }

  private static IllegalArgumentException unknown(String text) {
    return new IllegalArgumentException(
        "durability must be always, interval:<n>ms, interval:<n>s, everysec, os or no, is '"
            + text
            + "'");
  }

  @Override
  public String toString() {
    return switch (mode) {
      case ALWAYS -> "always";
      case OS -> "os";
      case INTERVAL -> "interval:" + interval.toMillis() + "ms";
    };
  }
}
