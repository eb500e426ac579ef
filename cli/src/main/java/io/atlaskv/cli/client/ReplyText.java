package io.atlaskv.cli.client;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Replies as redis-cli shows them: for people on a terminal, raw for programs in a pipe.
final class ReplyText {
  private ReplyText() {}

  /// With types, quotes and numbers of elements; ends with a line end.
  static String forPeople(Reply reply) {
    var text = new StringBuilder();
    people(reply, "", text);
    return text.toString();
  }

  private static void people(Reply reply, String indent, StringBuilder text) {
    switch (reply) {
      case Reply.Status status -> text.append(status.text()).append('\n');
      case Reply.Failure failure -> text.append("(error) ").append(failure.text()).append('\n');
      case Reply.Int number -> text.append("(integer) ").append(number.value()).append('\n');
      case Reply.Decimal decimal -> text.append("(double) ").append(decimal.digits()).append('\n');
      case Reply.Bool bool -> text.append(bool.value() ? "(true)\n" : "(false)\n");
      case Reply.Bulk bulk -> text.append(bulk.bytes().quoted()).append('\n');
      case Reply.Nil _ -> text.append("(nil)\n");
      case Reply.Many many -> many(many.elements(), indent, text);
      case Reply.Pairs pairs -> pairs(pairs.elements(), indent, text);
    }
  }

  private static void many(List<Reply> elements, String indent, StringBuilder text) {
    if (elements.isEmpty()) {
      text.append("(empty array)\n");
      return;
    }
    int width = Integer.toString(elements.size()).length();
    for (int i = 0; i < elements.size(); i++) {
      String number = Integer.toString(i + 1);
      text.append(i == 0 ? "" : indent).repeat(' ', width - number.length());
      text.append(number).append(") ");
      people(elements.get(i), indent + " ".repeat(width + 2), text);
    }
  }

  private static void pairs(List<Reply> elements, String indent, StringBuilder text) {
    if (elements.isEmpty()) {
      text.append("(empty hash)\n");
      return;
    }
    int width = Integer.toString(elements.size() / 2).length();
    for (int i = 0; i < elements.size(); i += 2) {
      String number = Integer.toString(i / 2 + 1);
      text.append(i == 0 ? "" : indent).repeat(' ', width - number.length());
      text.append(number).append("# ");
      String deeper = indent + " ".repeat(width + 2);
      var key = new StringBuilder();
      people(elements.get(i), deeper, key);
      text.append(key.toString().stripTrailing()).append(" => ");
      people(elements.get(i + 1), deeper, text);
    }
  }

  /// Bytes as they are, a line for each value; null is an empty line.
  static byte[] raw(Reply reply) {
    var bytes = new ByteArrayOutputStream();
    raw(reply, bytes);
    bytes.write('\n');
    return bytes.toByteArray();
  }

  private static void raw(Reply reply, ByteArrayOutputStream bytes) {
    switch (reply) {
      case Reply.Status status -> line(status.text(), bytes);
      case Reply.Failure failure -> line(failure.text(), bytes);
      case Reply.Int number -> line(Long.toString(number.value()), bytes);
      case Reply.Decimal decimal -> line(decimal.digits(), bytes);
      case Reply.Bool bool -> line(bool.value() ? "true" : "false", bytes);
      case Reply.Bulk bulk -> bytes.writeBytes(bulk.bytes().array());
      case Reply.Many many -> lines(many.elements(), bytes);
      case Reply.Pairs pairs -> lines(pairs.elements(), bytes);
      case Reply.Nil _ -> {}
    }
  }

  private static void lines(List<Reply> elements, ByteArrayOutputStream bytes) {
    for (int i = 0; i < elements.size(); i++) {
      if (i > 0) {
        bytes.write('\n');
      }
      raw(elements.get(i), bytes);
    }
  }

  private static void line(String text, ByteArrayOutputStream bytes) {
    bytes.writeBytes(text.getBytes(StandardCharsets.UTF_8));
  }
}
