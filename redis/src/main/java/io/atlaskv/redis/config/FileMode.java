package io.atlaskv.redis.config;

/// Permissions of a file as `chmod` takes them in numbers.
final class FileMode {
  private static final int OCTAL = 8;
  private static final int MODE_MAX = 0777;

  /// Octal digits, kept as they are.
  static final ValueSetting.Form<String> FORM =
      new ValueSetting.Form<>("octal permissions, 0 to 777", (text, _) -> read(text), text -> text);

  private FileMode() {}

  private static String read(String text) {
    int mode;
    try {
      mode = Integer.parseInt(text, OCTAL);
    } catch (NumberFormatException e) {
      throw new IllegalArgumentException("argument couldn't be parsed as an octal number", e);
    }
    if (mode < 0 || mode > MODE_MAX) {
      throw new IllegalArgumentException("argument must be between 0 and 777 inclusive");
    }
    return text;
  }
}
