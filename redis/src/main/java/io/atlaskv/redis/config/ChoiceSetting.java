package io.atlaskv.redis.config;

import java.util.List;
import java.util.Locale;

/// One word of a list, which is an enum: `ALLKEYS_LRU` is written `allkeys-lru`.
public final class ChoiceSetting<E extends Enum<E>> extends Setting {
  private final List<E> choices;
  private final E defaultValue;
  private volatile E value;

  ChoiceSetting(SettingSpec spec, E defaultValue) {
    super(spec);
    choices = List.of(defaultValue.getDeclaringClass().getEnumConstants());
    this.defaultValue = defaultValue;
    value = defaultValue;
  }

  public E value() {
    return value;
  }

  @Override
  public String text() {
    return word(value);
  }

  @Override
  public String defaultText() {
    return word(defaultValue);
  }

  @Override
  public String allowed() {
    return String.join(", ", choices.stream().map(ChoiceSetting::word).toList());
  }

  @Override
  void assign(String text) {
    for (E choice : choices) {
      if (word(choice).equalsIgnoreCase(text)) {
        value = choice;
        return;
      }
    }
    throw new IllegalArgumentException("argument(s) must be one of the following: " + allowed());
  }

  private static String word(Enum<?> choice) {
    return choice.name().toLowerCase(Locale.ROOT).replace('_', '-');
  }
}
