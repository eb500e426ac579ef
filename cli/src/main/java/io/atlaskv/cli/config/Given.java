package io.atlaskv.cli.config;

import io.atlaskv.redis.config.Origin;
import java.util.List;

/// One setting as it was given.
///
/// @param name as written, in lower case
/// @param words of the value
/// @param origin where it was given
record Given(String name, List<String> words, Origin origin) {
  Given {
    words = List.copyOf(words);
  }

  /// The value as one text.
  String text() {
    return String.join(" ", words);
  }

  @Override
  public String toString() {
    var text = new StringBuilder("'").append(name);
    words.forEach(word -> text.append(' ').append(Words.quote(word)));
    return text.append('\'').toString();
  }
}
