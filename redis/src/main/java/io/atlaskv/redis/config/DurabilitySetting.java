package io.atlaskv.redis.config;

import io.atlaskv.engine.api.Durability;

/// When a write is on disk. It answers to two names, `durability` in our words and `appendfsync` in
/// those of Redis, as far as Redis has one: an interval of anything but a second keeps ours.
public final class DurabilitySetting extends Setting {
  static final String APPENDFSYNC = "appendfsync";

  private volatile Durability value = Durability.DEFAULT;

  DurabilitySetting(SettingSpec spec) {
    super(spec);
  }

  public Durability value() {
    return value;
  }

  @Override
  public String text() {
    return value.toString();
  }

  @Override
  String textAs(String name) {
    Durability current = value;
    if (!name.equals(APPENDFSYNC)) {
      return current.toString();
    }
    return switch (current.mode()) {
      case ALWAYS -> "always";
      case OS -> "no";
      case INTERVAL -> current.interval().toMillis() == 1000 ? "everysec" : current.toString();
    };
  }

  @Override
  public String defaultText() {
    return Durability.DEFAULT.toString();
  }

  @Override
  public String allowed() {
    return "always, everysec, no, os, interval:1ms to interval:3600s";
  }

  @Override
  void assign(String text) {
    try {
      value = Durability.parse(text);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "argument(s) must be one of the following: " + allowed(), e);
    }
  }
}
