package io.atlaskv.example.searchindex;

import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.regex.MatchResult;
import java.util.regex.Pattern;

/// Text as words.
final class Words {
  private static final Pattern WORD = Pattern.compile("[\\p{L}\\p{N}]+");

  private Words() {}

  /// The words of a text in lower case, and how often each stands there.
  static Map<String, Integer> count(String text) {
    var counts = new TreeMap<String, Integer>();
    WORD.matcher(text)
        .results()
        .map(MatchResult::group)
        .forEach(word -> counts.merge(normalized(word), 1, Integer::sum));
    return counts;
  }

  static String normalized(String word) {
    return word.toLowerCase(Locale.ROOT);
  }
}
