package io.atlaskv.cli.client;

import java.util.Base64;
import java.util.HexFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Writes JSON, one value a line. Bytes that are UTF-8 become a string, others are said in base64,
/// under another name, so that nobody takes the one for the other.
public final class Json {
  private static final String BASE64_SUFFIX = "Base64";

  private final StringBuilder text = new StringBuilder();

  /// An object: `field` for each of its members, then `end`.
  public static Json object() {
    var json = new Json();
    json.text.append('{');
    return json;
  }

  public Json field(String name, boolean value) {
    name(name).text.append(value);
    return this;
  }

  public Json field(String name, long value) {
    name(name).text.append(value);
    return this;
  }

  public Json field(String name, String value) {
    name(name).string(value);
    return this;
  }

  /// `name` with a string, or `nameBase64`.
  public Json field(String name, Bytes value) {
    String string = value.text();
    if (string != null) {
      return field(name, string);
    }
    return field(name + BASE64_SUFFIX, Base64.getEncoder().encodeToString(value.array()));
  }

  public Json nothing(String name) {
    name(name).text.append("null");
    return this;
  }

  public String end() {
    return text.append('}').toString();
  }

  /// A reply: error and bytes that are no text are objects of one member, `error` and `base64`.
  static String of(Reply reply) {
    var json = new Json();
    json.reply(reply);
    return json.text.toString();
  }

  private void reply(Reply reply) {
    switch (reply) {
      case Reply.Status status -> string(status.text());
      case Reply.Failure failure -> text.append(object().field("error", failure.text()).end());
      case Reply.Int number -> text.append(number.value());
      case Reply.Decimal decimal -> decimal(decimal.digits());
      case Reply.Bool bool -> text.append(bool.value());
      case Reply.Bulk bulk -> bytes(bulk.bytes());
      case Reply.Many many -> array(many.elements());
      case Reply.Pairs pairs -> pairs(pairs.elements());
      case Reply.Nil _ -> text.append("null");
    }
  }

  /// JSON has no infinity.
  private void decimal(String digits) {
    if (digits.matches("-?(0|[1-9][0-9]*)(\\.[0-9]+)?([eE][-+]?[0-9]+)?")) {
      text.append(digits);
    } else {
      string(digits);
    }
  }

  private void bytes(Bytes bytes) {
    String string = bytes.text();
    if (string == null) {
      String base64 = Base64.getEncoder().encodeToString(bytes.array());
      text.append(object().field("base64", base64).end());
    } else {
      string(string);
    }
  }

  private void array(List<Reply> elements) {
    text.append('[');
    for (int i = 0; i < elements.size(); i++) {
      text.append(i == 0 ? "" : ",");
      reply(elements.get(i));
    }
    text.append(']');
  }

  /// An object where all keys are text, else an array of pairs.
  private void pairs(List<Reply> elements) {
    boolean isObject = true;
    for (int i = 0; i < elements.size(); i += 2) {
      isObject &= keyOf(elements.get(i)) != null;
    }
    text.append(isObject ? '{' : '[');
    for (int i = 0; i < elements.size(); i += 2) {
      text.append(i == 0 ? "" : ",");
      String key = keyOf(elements.get(i));
      if (isObject && key != null) {
        string(key);
        text.append(':');
        reply(elements.get(i + 1));
      } else {
        array(elements.subList(i, i + 2));
      }
    }
    text.append(isObject ? '}' : ']');
  }

  private static @Nullable String keyOf(Reply key) {
    return switch (key) {
      case Reply.Status status -> status.text();
      case Reply.Bulk bulk -> bulk.bytes().text();
      default -> null;
    };
  }

  private Json name(String name) {
    text.append(text.length() == 1 ? "" : ",");
    string(name);
    text.append(':');
    return this;
  }

  private void string(String value) {
    text.append('"');
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      switch (c) {
        case '"', '\\' -> text.append('\\').append(c);
        case '\n' -> text.append("\\n");
        case '\r' -> text.append("\\r");
        case '\t' -> text.append("\\t");
        default -> {
          if (c < ' ' || c == 0x7f) {
            text.append("\\u").append(HexFormat.of().toHexDigits(c));
          } else {
            text.append(c);
          }
        }
      }
    }
    text.append('"');
  }
}
