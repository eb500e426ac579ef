package io.atlaskv.cli.config;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Words of a line of a redis.conf: separated by blanks, quoted with `"` (escapes as in C, `\x41`)
/// or `'` (only `\'`). As Redis' `sdssplitargs`.
final class Words {
  private final String line;
  private int at;

  private Words(String line) {
    this.line = line;
  }

  /// The words of a line; null if a quote is not closed, or something follows one at once.
  static @Nullable List<String> split(String line) {
    return new Words(line).split();
  }

  /// The word between `"`, escaped so that `split` gives it again.
  static String quote(String word) {
    var quoted = new StringBuilder("\"");
    for (int i = 0; i < word.length(); i++) {
      char c = word.charAt(i);
      switch (c) {
        case '\\', '"' -> quoted.append('\\').append(c);
        case '\n' -> quoted.append("\\n");
        case '\r' -> quoted.append("\\r");
        case '\t' -> quoted.append("\\t");
        case '\b' -> quoted.append("\\b");
        case '\007' -> quoted.append("\\a");
        default -> {
          if (c < ' ' || c == 0x7f) {
            quoted.append(String.format(Locale.ROOT, "\\x%02x", (int) c));
          } else {
            quoted.append(c);
          }
        }
      }
    }
    return quoted.append('"').toString();
  }

  /// The word, quoted if it has to be.
  static String quoteIfNeeded(String word) {
    boolean isPlain = !word.isEmpty() && word.charAt(0) != '#';
    for (int i = 0; i < word.length() && isPlain; i++) {
      char c = word.charAt(i);
      isPlain = c > ' ' && c != '"' && c != '\'' && c != '\\' && c != 0x7f;
    }
    return isPlain ? word : quote(word);
  }

  private @Nullable List<String> split() {
    var words = new ArrayList<String>();
    while (true) {
      while (at < line.length() && isBlank(line.charAt(at))) {
        at++;
      }
      if (at == line.length()) {
        return words;
      }
      String word = word();
      if (word == null) {
        return null;
      }
      words.add(word);
    }
  }

  private @Nullable String word() {
    var word = new StringBuilder();
    while (at < line.length() && !isBlank(line.charAt(at))) {
      char c = line.charAt(at);
      if (c == '"' || c == '\'') {
        at++;
        if (!quoted(c, word) || (at < line.length() && !isBlank(line.charAt(at)))) {
          return null;
        }
        return word.toString();
      }
      word.append(c);
      at++;
    }
    return word.toString();
  }

  /// Reads up to the closing quote, and over it; false if there is none.
  private boolean quoted(char quote, StringBuilder word) {
    while (at < line.length()) {
      char c = line.charAt(at++);
      if (c == quote) {
        return true;
      }
      if (c != '\\' || at == line.length()) {
        word.append(c);
      } else if (quote == '"') {
        escaped(word);
      } else if (line.charAt(at) == '\'') {
        word.append('\'');
        at++;
      } else {
        word.append(c);
      }
    }
    return false;
  }

  private void escaped(StringBuilder word) {
    char c = line.charAt(at++);
    if (c == 'x' && at + 1 < line.length()) {
      int high = Character.digit(line.charAt(at), 16);
      int low = Character.digit(line.charAt(at + 1), 16);
      if (high >= 0 && low >= 0) {
        word.append((char) (16 * high + low));
        at += 2;
        return;
      }
    }
    word.append(
        switch (c) {
          case 'n' -> '\n';
          case 'r' -> '\r';
          case 't' -> '\t';
          case 'b' -> '\b';
          case 'a' -> '\007';
          default -> c;
        });
  }

  private static boolean isBlank(char c) {
    return c == ' ' || (c >= '\t' && c <= '\r') || c == 0;
  }
}
