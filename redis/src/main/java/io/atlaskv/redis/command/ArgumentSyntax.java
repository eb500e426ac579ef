package io.atlaskv.redis.command;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/// Reads the documented syntax of a command into its arguments: `key value [NX | XX] [EX seconds]`.
///
/// ```
/// sequence = item ...          alternatives = sequence [| sequence ...]
/// item = word                  a value; its type follows from its name
///      | WORD                  a word to be said
///      | WORD word ...         a word in front of a value, or of several
///      | WORD <alternatives>   a word in front of a choice
///      | <alternatives>        a choice
///      | [alternatives]        may be left out
///      | [alternatives ...]    may be left out, or repeated
///      | item [item ...]       as `key [key ...]`: what stands before may be repeated
/// ```
final class ArgumentSyntax {
  private static final Pattern SYMBOL = Pattern.compile("[\\[\\]<>|]|[^\\s\\[\\]<>|]+");
  private static final Pattern WORD = Pattern.compile("[A-Z][A-Z0-9-]*");
  private static final String REPEATED = "...";
  private static final Set<String> KEYS =
      Set.of("key", "source", "destination", "newkey", "destkey", "key1", "key2");
  private static final Map<String, Argument.Type> TYPES =
      Map.of(
          "pattern", Argument.Type.PATTERN,
          "unix-time-seconds", Argument.Type.UNIX_TIME,
          "unix-time-milliseconds", Argument.Type.UNIX_TIME);
  private static final Set<String> INTEGERS =
      Set.of(
          "bit",
          "client-id",
          "count",
          "cursor",
          "db",
          "decrement",
          "destination-db",
          "end",
          "increment",
          "index",
          "index1",
          "index2",
          "milliseconds",
          "min-match-len",
          "numlocal",
          "numreplicas",
          "offset",
          "port",
          "protover",
          "seconds",
          "start",
          "timeout",
          "version");

  /// An item and the symbols it was read from.
  private record Item(Argument argument, List<String> symbols) {}

  private final CommandSpec spec;
  private final List<String> symbols = new ArrayList<>();
  private int at;
  private int keys;

  private ArgumentSyntax(CommandSpec spec) {
    this.spec = spec;
    Matcher matcher = SYMBOL.matcher(spec.doc().syntax());
    while (matcher.find()) {
      symbols.add(matcher.group());
    }
  }

  /// The arguments of a command.
  static List<Argument> of(CommandSpec spec) {
    var syntax = new ArgumentSyntax(spec);
    List<List<Argument>> alternatives = syntax.alternatives();
    if (syntax.at < syntax.symbols.size()) {
      throw new IllegalArgumentException("syntax of " + spec.name() + " ends before its end");
    }
    return alternatives.size() == 1 ? alternatives.getFirst() : List.of(choice(alternatives));
  }

  private String next() {
    return at < symbols.size() ? symbols.get(at) : "";
  }

  private List<List<Argument>> alternatives() {
    var all = new ArrayList<List<Argument>>();
    all.add(sequence());
    while (next().equals("|")) {
      at++;
      all.add(sequence());
    }
    return all;
  }

  /// Items up to the end of a group or of an alternative.
  private List<Argument> sequence() {
    var items = new ArrayList<Item>();
    while (!next().isEmpty() && !next().equals(REPEATED) && !isEnd(next())) {
      int start = at;
      if (next().equals("[") && repeat(items)) {
        continue;
      }
      Argument argument = item();
      items.add(new Item(argument, symbols.subList(start, at)));
    }
    return new ArrayList<>(items.stream().map(Item::argument).toList());
  }

  private static boolean isEnd(String symbol) {
    return symbol.equals("|") || symbol.equals("]") || symbol.equals(">");
  }

  private Argument item() {
    String symbol = symbols.get(at++);
    if (symbol.equals("[")) {
      Argument group = group(alternatives());
      if (next().equals(REPEATED)) {
        at++;
        group = group.multiple(false);
      }
      close("]");
      return group.optional();
    }
    if (symbol.equals("<")) {
      Argument choice = choice(alternatives());
      close(">");
      return choice;
    }
    if (!isWord(symbol)) {
      return value(symbol);
    }
    if (next().equals("<")) {
      return item().withToken(symbol);
    }
    var values = new ArrayList<Argument>();
    while (isValue(next())) {
      values.add(value(symbols.get(at++)));
    }
    return values.isEmpty() ? Argument.word(symbol) : group(List.of(values)).withToken(symbol);
  }

  private void close(String symbol) {
    if (!next().equals(symbol)) {
      throw new IllegalArgumentException("syntax of " + spec.name() + " lacks a " + symbol);
    }
    at++;
  }

  private boolean isWord(String symbol) {
    return WORD.matcher(symbol).matches();
  }

  private boolean isValue(String symbol) {
    return !symbol.isEmpty()
        && !symbol.equals(REPEATED)
        && !symbol.equals("[")
        && !symbol.equals("<")
        && !isEnd(symbol)
        && !isWord(symbol);
  }

  /// `[... ...]` that repeats the symbols just read makes the items of these multiple.
  private boolean repeat(List<Item> items) {
    int end = symbols.subList(at, symbols.size()).indexOf("]") + at;
    if (end < at || !symbols.get(end - 1).equals(REPEATED)) {
      return false;
    }
    List<String> repeated = symbols.subList(at + 1, end - 1);
    int from = items.size();
    var before = new ArrayList<String>();
    while (from > 0 && before.size() < repeated.size()) {
      before.addAll(0, items.get(--from).symbols());
    }
    int rest = before.size() - repeated.size();
    if (rest < 0 || !before.subList(rest, before.size()).equals(repeated)) {
      return false;
    }
    List<Item> last = items.subList(from, items.size());
    Argument group = group(List.of(last.stream().map(Item::argument).toList()));
    boolean hasToken = !group.token().isEmpty() && isWord(repeated.getFirst());
    last.clear();
    at = end + 1;
    items.add(new Item(group.multiple(hasToken), before));
    return true;
  }

  private static Argument group(List<List<Argument>> alternatives) {
    if (alternatives.size() > 1) {
      return choice(alternatives);
    }
    List<Argument> only = alternatives.getFirst();
    return only.size() == 1 ? only.getFirst() : Argument.group(Argument.Type.BLOCK, only);
  }

  private static Argument choice(List<List<Argument>> alternatives) {
    return Argument.group(
        Argument.Type.ONEOF, alternatives.stream().map(one -> group(List.of(one))).toList());
  }

  private Argument value(String name) {
    int specs = spec.keySpecs().size();
    if (KEYS.contains(name) && specs > 0) {
      return Argument.leaf(name, Argument.Type.KEY, Math.min(keys++, specs - 1));
    }
    return Argument.leaf(name, typeOf(name), -1);
  }

  private Argument.Type typeOf(String name) {
    boolean isBound = spec.group() == Group.RANGE && (name.equals("start") || name.equals("end"));
    boolean isBits = spec.group() == Group.BITMAP && name.equals("value");
    if (spec.name().equals("INCRBYFLOAT")) {
      return Argument.Type.DOUBLE;
    }
    Argument.Type type = TYPES.get(name);
    if (type == null) {
      boolean isInteger = (INTEGERS.contains(name) && !isBound) || isBits;
      type = isInteger ? Argument.Type.INTEGER : Argument.Type.STRING;
    }
    return type;
  }
}
