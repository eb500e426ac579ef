package io.atlaskv.redis.config;

import java.util.Locale;

/// `yes` or `no`.
public final class BooleanSetting extends Setting {
  private final boolean isOnByDefault;
  private volatile boolean isOn;

  BooleanSetting(SettingSpec spec, boolean isOnByDefault) {
    super(spec);
    this.isOnByDefault = isOnByDefault;
    isOn = isOnByDefault;
  }

  public boolean isOn() {
    return isOn;
  }

  @Override
  public String text() {
    return word(isOn);
  }

  @Override
  public String defaultText() {
    return word(isOnByDefault);
  }

  @Override
  public String allowed() {
    return "yes, no";
  }

  @Override
  void assign(String text) {
    isOn =
        switch (text.toLowerCase(Locale.ROOT)) {
          case "yes" -> true;
          case "no" -> false;
          default -> throw new IllegalArgumentException("argument must be 'yes' or 'no'");
        };
  }

  private static String word(boolean value) {
    return value ? "yes" : "no";
  }
}
