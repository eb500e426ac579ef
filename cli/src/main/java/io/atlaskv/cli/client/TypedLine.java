package io.atlaskv.cli.client;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Splits a typed line into words as redis-cli does: in double quotes `\n`, `\xff` and their like
/// are unescaped, in single quotes only `\'`; a closing quote ends a word.
final class TypedLine {
  private final byte[] line;
  private final ArrayList<Bytes> words = new ArrayList<>();
  private int at;

  private TypedLine(String line) {
    this.line = line.getBytes(StandardCharsets.UTF_8);
  }

  /// The words; null if the quotes are not balanced.
  static @Nullable List<Bytes> split(String line) {
    var splitter = new TypedLine(line);
    return splitter.split() ? splitter.words : null;
  }

  private boolean split() {
    while (true) {
      while (at < line.length && isBlank(line[at])) {
        at++;
      }
      if (at == line.length) {
        return true;
      }
      var word = new ByteArrayOutputStream();
      while (at < line.length && !isBlank(line[at])) {
        byte c = line[at++];
        if (c == '"' || c == '\'') {
          if (!quoted(c, word) || (at < line.length && !isBlank(line[at]))) {
            return false;
          }
          break;
        }
        word.write(c);
      }
      words.add(Bytes.of(word.toByteArray()));
    }
  }

  /// False: the quote is not closed.
  private boolean quoted(byte quote, ByteArrayOutputStream word) {
    while (at < line.length) {
      byte c = line[at++];
      if (c == quote) {
        return true;
      }
      if (c != '\\' || at == line.length) {
        word.write(c);
      } else if (quote == '"') {
        escaped(word);
      } else if (line[at] == '\'') {
        word.write(line[at++]);
      } else {
        word.write(c);
      }
    }
    return false;
  }

  private void escaped(ByteArrayOutputStream word) {
    byte c = line[at++];
    if (c == 'x' && at + 1 < line.length && hex(line[at]) >= 0 && hex(line[at + 1]) >= 0) {
      word.write(hex(line[at]) << 4 | hex(line[at + 1]));
      at += 2;
      return;
    }
    word.write(
        switch (c) {
          case 'n' -> '\n';
          case 'r' -> '\r';
          case 't' -> '\t';
          case 'b' -> '\b';
          case 'a' -> 7;
          default -> c;
        });
  }

  private static int hex(byte c) {
    return Character.digit(c, 16);
  }

  private static boolean isBlank(byte c) {
    return c == ' ' || (c >= '\t' && c <= '\r');
  }
}
