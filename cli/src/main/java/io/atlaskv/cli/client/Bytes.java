package io.atlaskv.cli.client;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.HexFormat;
import org.jspecify.annotations.Nullable;

/// A key or a value: any bytes, often text.
public final class Bytes {
  private final byte[] content;

  private Bytes(byte[] content) {
    this.content = content;
  }

  /// Takes the array over.
  public static Bytes of(byte[] content) {
    return new Bytes(content);
  }

  public static Bytes of(String text) {
    return new Bytes(text.getBytes(StandardCharsets.UTF_8));
  }

  /// Not to be written to.
  byte[] array() {
    return content;
  }

  int length() {
    return content.length;
  }

  /// As text; null if it is not well-formed UTF-8.
  @Nullable String text() {
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(content)).toString();
    } catch (CharacterCodingException _) {
      return null;
    }
  }

  /// True if a terminal can show it as it is.
  boolean isPrintable() {
    String text = text();
    return text != null && text.codePoints().noneMatch(Character::isISOControl);
  }

  /// In quotes, as redis-cli writes it: printable ASCII as it is, the rest escaped.
  public String quoted() {
    var text = new StringBuilder("\"");
    for (byte b : content) {
      switch (b) {
        case '\\', '"' -> text.append('\\').append((char) b);
        case '\n' -> text.append("\\n");
        case '\r' -> text.append("\\r");
        case '\t' -> text.append("\\t");
        case 7 -> text.append("\\a");
        case '\b' -> text.append("\\b");
        default -> {
          if (b >= ' ' && b <= '~') {
            text.append((char) b);
          } else {
            text.append("\\x").append(HexFormat.of().toHexDigits(b));
          }
        }
      }
    }
    return text.append('"').toString();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Bytes bytes && Arrays.equals(content, bytes.content);
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(content);
  }

  @Override
  public String toString() {
    return quoted();
  }
}
