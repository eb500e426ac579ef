package io.atlaskv.redis.config;

import java.util.function.BiFunction;
import java.util.function.Function;

/// Text, or anything that is more than a number or a word: it has a reader and a writer.
public final class ValueSetting<T> extends Setting {
  /// How a type is written.
  ///
  /// @param allowed what may be given, for people
  /// @param reader takes the text and the value so far; throws IllegalArgumentException
  /// @param writer says the value; the reader gives it again (C1)
  public record Form<T>(
      String allowed, BiFunction<String, T, T> reader, Function<T, String> writer) {}

  /// Any text.
  public static final Form<String> TEXT = new Form<>("text", (text, _) -> text, text -> text);

  /// Where something is; nothing, as from a variable that is not set, would be the working
  /// directory.
  public static final Form<String> PATH =
      new Form<>("a path", (text, _) -> requireNonEmpty(text), text -> text);

  private static String requireNonEmpty(String text) {
    if (text.isEmpty()) {
      throw new IllegalArgumentException("argument must not be empty");
    }
    return text;
  }

  private final Form<T> form;
  private final T defaultValue;
  private volatile T value;

  ValueSetting(SettingSpec spec, Form<T> form, T defaultValue) {
    super(spec);
    this.form = form;
    this.defaultValue = defaultValue;
    value = defaultValue;
  }

  public T value() {
    return value;
  }

  @Override
  public String text() {
    return form.writer().apply(value);
  }

  @Override
  public String defaultText() {
    return form.writer().apply(defaultValue);
  }

  @Override
  public String allowed() {
    return form.allowed();
  }

  @Override
  void assign(String text) {
    value = form.reader().apply(text, value);
  }
}
