package io.atlaskv.cli.client;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// `atlaskv scan [PREFIX]`: reads pages of RANGE until there is none left.
final class ScanCommand extends ClientCommand {
  private static final String START = "--start";
  private static final String END = "--end";
  private static final String LIMIT = "--limit";
  private static final String REVERSE = "--reverse";
  private static final String VALUES = "--values";
  private static final int PAGE_KEYS = 1_000;
  private static final int NO_LIMIT = 0;

  ScanCommand() {
    super("scan", "[PREFIX]", "Prints keys in their order, one a line: all, or those of a range.");
  }

  @Override
  List<Flag> flags() {
    return List.of(
        new Flag(START, "KEY", "from this key on"),
        new Flag(END, "KEY", "up to this key, without it"),
        new Flag(LIMIT, "N", "so many keys at most"),
        Flag.bare(REVERSE, "from the end"),
        Flag.bare(VALUES, "with values, after a tab"));
  }

  @Override
  int run(Arguments arguments, Terminal terminal)
      throws IOException, RefusedException, MisuseException {
    require(arguments, 0, 1);
    var query = new ArrayList<Bytes>();
    query.add(Bytes.of("RANGE"));
    query.addAll(bounds(arguments));
    boolean hasValues = arguments.has(VALUES);
    if (arguments.has(REVERSE)) {
      query.add(Bytes.of("REV"));
    }
    if (hasValues) {
      query.add(Bytes.of("WITHVALUES"));
    }
    int left = arguments.number(LIMIT, NO_LIMIT, 1, 999_999_999);
    try (RespClient client = RespClient.open(endpoint(arguments))) {
      @Nullable Bytes after = null;
      do {
        int page = left == NO_LIMIT ? PAGE_KEYS : Math.min(PAGE_KEYS, left);
        Page answer = page(client, query, page, after);
        int printed = print(answer.entries(), hasValues, arguments.has(JSON), terminal);
        terminal.out().flush();
        after = answer.next();
        if (left != NO_LIMIT) {
          left -= printed;
          if (left == 0) {
            break;
          }
        }
      } while (after != null);
    }
    return ClientMain.EXIT_OK;
  }

  private static List<Bytes> bounds(Arguments arguments) throws MisuseException {
    String start = arguments.value(START);
    String end = arguments.value(END);
    boolean isRange = start != null || end != null;
    if (!arguments.words().isEmpty()) {
      if (isRange) {
        throw new MisuseException("either a prefix or --start and --end");
      }
      return List.of(Bytes.of("PREFIX"), Bytes.of(arguments.words().getFirst()));
    }
    return List.of(
        Bytes.of(start == null ? "-" : "[" + start), Bytes.of(end == null ? "+" : "(" + end));
  }

  /// @param entries keys, or keys and values by turns
  /// @param next where to go on; null at the end
  private record Page(List<Reply> entries, @Nullable Bytes next) {}

  private static Page page(RespClient client, List<Bytes> query, int keys, @Nullable Bytes after)
      throws IOException, RefusedException {
    var words = new ArrayList<>(query);
    words.add(Bytes.of("LIMIT"));
    words.add(Bytes.of(Integer.toString(keys)));
    if (after != null) {
      words.add(Bytes.of("AFTER"));
      words.add(after);
    }
    Reply reply = RespClient.refuse(client.call(words));
    if (reply instanceof Reply.Many many
        && many.elements().size() == 2
        && many.elements().get(1) instanceof Reply.Many entries) {
      Bytes next = many.elements().getFirst() instanceof Reply.Bulk bulk ? bulk.bytes() : null;
      return new Page(entries.elements(), next);
    }
    throw new IOException("not the answer of RANGE: is this AtlasKV?");
  }

  /// Returns how many keys that were.
  private static int print(
      List<Reply> entries, boolean hasValues, boolean isJson, Terminal terminal)
      throws IOException {
    int step = hasValues ? 2 : 1;
    for (int i = 0; i < entries.size(); i += step) {
      Bytes key = bytes(entries.get(i));
      Bytes value = hasValues ? bytes(entries.get(i + 1)) : null;
      if (key != null && isJson) {
        terminal.println(json(key, value, hasValues));
      } else if (key != null) {
        terminal.printKey(key);
        if (value != null) {
          terminal.print("\t");
          terminal.printKey(value);
        }
        terminal.print("\n");
      }
    }
    return entries.size() / step;
  }

  private static String json(Bytes key, @Nullable Bytes value, boolean hasValues) {
    Json json = Json.object().field("key", key);
    if (value != null) {
      json.field("value", value);
    } else if (hasValues) { // a key that holds no string
      json.nothing("value");
    }
    return json.end();
  }

  private static @Nullable Bytes bytes(Reply reply) {
    return reply instanceof Reply.Bulk bulk ? bulk.bytes() : null;
  }
}
