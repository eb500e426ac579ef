package io.atlaskv.bench.engine;

import java.util.Locale;
import java.util.Optional;

/// A figure that is no cost per operation, such as space. Travels as a line of text.
record Fact(String name, double value) {
  private static final String MARK = "FACT";

  String line() {
    return String.format(Locale.ROOT, "%s %s %f", MARK, name, value);
  }

  static Optional<Fact> parse(String line) {
    var words = line.split(" ", -1);
    return words.length == 3 && words[0].equals(MARK)
        ? Optional.of(new Fact(words[1], Double.parseDouble(words[2])))
        : Optional.empty();
  }
}
