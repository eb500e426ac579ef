package io.atlaskv.redis.config;

import java.util.Locale;

/// How much a client may leave unread (`client-output-buffer-limit`), by class.
///
/// @param normal clients that ask
/// @param replica servers that follow this one
/// @param pubsub clients that listen to channels
public record OutputLimits(Limit normal, Limit replica, Limit pubsub) {
  private static final int WORDS_PER_CLASS = 4;
  private static final long MIB = 1024 * 1024;

  /// Redis' defaults.
  public static final OutputLimits DEFAULT =
      new OutputLimits(
          new Limit(0, 0, 0), new Limit(256 * MIB, 64 * MIB, 60), new Limit(32 * MIB, 8 * MIB, 60));

  /// As Redis writes it; classes that are not named keep what they had.
  static final ValueSetting.Form<OutputLimits> FORM =
      new ValueSetting.Form<>(
          "class hard-limit soft-limit soft-seconds [class ...]",
          OutputLimits::parse,
          OutputLimits::text);

  /// Of one class.
  ///
  /// @param hardBytes with more it is closed at once; 0 = no limit
  /// @param softBytes with more for `softSeconds` without a break it is closed; 0 = no limit
  public record Limit(long hardBytes, long softBytes, int softSeconds) {
    private String text() {
      return hardBytes + " " + softBytes + " " + softSeconds;
    }
  }

  private static OutputLimits parse(String text, OutputLimits old) {
    String[] words = text.strip().split("\\s+", -1);
    if (words.length % WORDS_PER_CLASS != 0) {
      throw new IllegalArgumentException(
          "Wrong number of arguments in buffer limit configuration.");
    }
    OutputLimits limits = old;
    for (int i = 0; i < words.length; i += WORDS_PER_CLASS) {
      String name = words[i].toLowerCase(Locale.ROOT);
      if (!name.matches("normal|slave|replica|pubsub")) {
        throw new IllegalArgumentException(
            "Invalid client class specified in buffer limit configuration.");
      }
      Limit limit = parse(words[i + 1], words[i + 2], words[i + 3]);
      limits =
          switch (name) {
            case "normal" -> new OutputLimits(limit, limits.replica, limits.pubsub);
            case "pubsub" -> new OutputLimits(limits.normal, limits.replica, limit);
            default -> new OutputLimits(limits.normal, limit, limits.pubsub);
          };
    }
    return limits;
  }

  private static Limit parse(String hard, String soft, String seconds) {
    try {
      int softSeconds = Integer.parseInt(seconds);
      if (softSeconds >= 0) {
        return new Limit(MemorySize.parse(hard), MemorySize.parse(soft), softSeconds);
      }
    } catch (IllegalArgumentException _) {
      // answered below
    }
    throw new IllegalArgumentException(
        "Error in hard, soft or soft_seconds setting in buffer limit configuration.");
  }

  private String text() {
    return "normal " + normal.text() + " slave " + replica.text() + " pubsub " + pubsub.text();
  }
}
