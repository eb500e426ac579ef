package io.atlaskv.testkit.extreme;

import io.atlaskv.testkit.process.RespConnection;
import io.atlaskv.testkit.process.RespReply;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.SequencedMap;
import java.util.TreeMap;

/// What `COMMAND DOCS` says of arguments, unfolded into forms: the shortest one, and one for each
/// option, each alternative and each repetition.
final class CommandDocs {
  private static final Form EMPTY = new Form(List.of());
  private static final String FAR_AWAY = "1000000"; // nothing expires while it is looked at
  private static final RespReply NOTHING = new RespReply.Many(List.of());

  private CommandDocs() {}

  /// Forms of all commands and subcommands of a server, by full name (`config|get`).
  static SequencedMap<String, List<Form>> forms(RespConnection server) {
    var forms = new TreeMap<String, List<Form>>();
    entries(server.call("COMMAND", "DOCS")).forEach((name, docs) -> addForms(name, docs, forms));
    return forms;
  }

  private static void addForms(String name, RespReply docs, Map<String, List<Form>> forms) {
    var fields = entries(docs);
    var subcommands = fields.get("subcommands");
    if (subcommands != null) {
      entries(subcommands).forEach((child, childDocs) -> addForms(child, childDocs, forms));
    }
    var words = List.of(name.split("\\|", -1)).stream().map(Form::literal).toList();
    var start = words.stream().reduce(EMPTY, Form::then);
    var arguments = fields.getOrDefault("arguments", NOTHING);
    forms.put(name, sequences(arguments).stream().map(start::then).distinct().toList());
  }

  /// Ways to write arguments that follow each other: all but one of them in their first way.
  private static List<Form> sequences(RespReply arguments) {
    var ways = elements(arguments).stream().map(one -> ways(entries(one))).toList();
    var sequences = new ArrayList<Form>();
    sequences.add(sequence(ways, 0, 0));
    for (int varied = 0; varied < ways.size(); varied++) {
      for (int way = 1; way < ways.get(varied).size(); way++) {
        sequences.add(sequence(ways, varied, way));
      }
    }
    return sequences;
  }

  private static Form sequence(List<List<Form>> ways, int varied, int way) {
    var form = EMPTY;
    for (int i = 0; i < ways.size(); i++) {
      form = form.then(ways.get(i).get(i == varied ? way : 0));
    }
    return form;
  }

  /// Ways to write one argument; the first one is to leave it out, if it may be.
  private static List<Form> ways(Map<String, RespReply> argument) {
    var flags = texts(argument.getOrDefault("flags", NOTHING));
    var token = text(argument.getOrDefault("token", new RespReply.Bulk("")));
    var ways = new ArrayList<Form>();
    if (flags.contains("optional")) {
      ways.add(EMPTY);
    }
    for (var value : values(argument)) {
      var once = token.isEmpty() ? value : Form.literal(token).then(value);
      ways.add(once);
      if (flags.contains("multiple")) {
        ways.add(once.then(flags.contains("multiple_token") ? once : value));
      }
    }
    return ways;
  }

  private static List<Form> values(Map<String, RespReply> argument) {
    var children = argument.getOrDefault("arguments", NOTHING);
    return switch (text(argument.getOrDefault("type", NOTHING))) {
      case "pure-token" -> List.of(EMPTY);
      case "oneof" ->
          elements(children).stream()
              .flatMap(child -> ways(entries(child)).stream())
              .filter(way -> !way.words().isEmpty())
              .toList();
      case "block" -> sequences(children);
      case "key" -> List.of(Form.slot(Fixture.STRING_KEY), Form.slot(Fixture.NUMBER_KEY));
      case "integer" -> List.of(Form.slot(isTime(argument) ? FAR_AWAY : "1"));
      case "unix-time" -> List.of(Form.slot("1"));
      case "double" -> List.of(Form.slot("1.5"));
      case "pattern" -> List.of(Form.slot("*"));
      default -> List.of(Form.slot("v"));
    };
  }

  private static boolean isTime(Map<String, RespReply> argument) {
    return text(argument.getOrDefault("name", NOTHING)).endsWith("seconds");
  }

  private static SequencedMap<String, RespReply> entries(RespReply flatMap) {
    var entries = new LinkedHashMap<String, RespReply>();
    var elements = elements(flatMap);
    for (int i = 0; i + 1 < elements.size(); i += 2) {
      entries.put(text(elements.get(i)), elements.get(i + 1));
    }
    return entries;
  }

  private static List<String> texts(RespReply many) {
    return elements(many).stream().map(CommandDocs::text).toList();
  }

  private static List<RespReply> elements(RespReply reply) {
    if (reply instanceof RespReply.Many(var elements)) {
      return elements;
    }
    throw new IllegalArgumentException("no array in COMMAND DOCS, but " + reply);
  }

  private static String text(RespReply reply) {
    return switch (reply) {
      case RespReply.Bulk(var bytes) -> bytes;
      case RespReply.Status(var status) -> status;
      default -> throw new IllegalArgumentException("no text in COMMAND DOCS, but " + reply);
    };
  }
}
