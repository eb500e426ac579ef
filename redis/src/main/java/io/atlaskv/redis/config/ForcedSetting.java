package io.atlaskv.redis.config;

/// A setting of Redis that can have one value here.
public final class ForcedSetting extends Setting {
  private final String value;
  private final String reason;
  private final boolean isTolerant;

  private ForcedSetting(SettingSpec spec, String value, String reason, boolean isTolerant) {
    super(spec);
    this.value = value;
    this.reason = reason;
    this.isTolerant = isTolerant;
  }

  /// A redis.conf that says something else is warned about, with the reason.
  static ForcedSetting tolerant(SettingSpec spec, String value, String reason) {
    return new ForcedSetting(spec, value, reason, true);
  }

  /// Whoever wants something else must not be served: the server does not start.
  static ForcedSetting strict(SettingSpec spec, String value, String reason) {
    return new ForcedSetting(spec, value, reason, false);
  }

  @Override
  public String text() {
    return value;
  }

  @Override
  public String defaultText() {
    return value;
  }

  @Override
  public String allowed() {
    return value.isEmpty() ? "nothing" : value;
  }

  @Override
  void assign(String text) {
    if (text.equalsIgnoreCase(value)) {
      return;
    }
    if (isTolerant) {
      throw new UnavailableException(reason);
    }
    throw new IllegalArgumentException(reason);
  }
}
