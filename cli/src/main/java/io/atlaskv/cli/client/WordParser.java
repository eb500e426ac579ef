package io.atlaskv.cli.client;

import java.util.List;
import org.jline.reader.CompletingParsedLine;
import org.jline.reader.ParsedLine;
import org.jline.reader.Parser;

/// Finds the word under the cursor for completion, which never needs quotes here. What a line
/// means, `TypedLine` says.
final class WordParser implements Parser {
  private record Words(String line, int cursor, List<String> words)
      implements CompletingParsedLine {
    @Override
    public String word() {
      return words.getLast();
    }

    @Override
    public int wordIndex() {
      return words.size() - 1;
    }

    @Override
    public int wordCursor() {
      return word().length();
    }

    @Override
    public CharSequence escape(CharSequence candidate, boolean isComplete) {
      return candidate;
    }

    @Override
    public int rawWordCursor() {
      return word().length();
    }

    @Override
    public int rawWordLength() {
      return word().length();
    }
  }

  @Override
  public ParsedLine parse(String line, int cursor, ParseContext context) {
    return new Words(line, cursor, List.of(line.substring(0, cursor).split(" +", -1)));
  }
}
