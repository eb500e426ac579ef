package io.atlaskv.testkit.extreme;

import io.atlaskv.testkit.process.RespReply;
import io.atlaskv.testkit.process.ServerCommand;
import io.atlaskv.testkit.process.ServerProcess;
import io.atlaskv.testkit.process.TemporaryDirectory;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HexFormat;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;

/// Program: runs every command of the server's table with extreme arguments, on it and on
/// redis-server, and compares the replies and what they left behind.
///
/// Arguments: both command lines in one word each (default `./atlaskv server …` and `redis-server
/// …`), and parts of the names of the commands to run. Fails for an internal error, a server that
/// ends, and a difference that [Tolerance] does not list.
public final class ArgumentExtremes {
  private static final String OURS = "./atlaskv server --dir {dir} --port {port}";
  private static final String THEIRS =
      "redis-server --dir {dir} --port {port} --bind 127.0.0.1 --save \"\" --appendonly no";
  private static final Duration DEADLINE = Duration.ofSeconds(60);
  private static final int SHOWN_MAX = 8;

  private final Side ours;
  private final Side theirs;
  private final Map<String, List<String>> differences = new TreeMap<>();
  private int requests;
  private int tolerated;
  private int internalErrors;

  private ArgumentExtremes(Side ours, Side theirs) {
    this.ours = ours;
    this.theirs = theirs;
  }

  /// Entry point.
  public static void main(String[] arguments) {
    var words = List.of(arguments);
    var oursCommand = ServerCommand.of(words.isEmpty() ? OURS : words.get(0));
    var theirsCommand = ServerCommand.of(words.size() < 2 ? THEIRS : words.get(1));
    var wanted = words.subList(Math.min(2, words.size()), words.size());
    try (var directory = TemporaryDirectory.create("extremes");
        var redisDirectory = TemporaryDirectory.create("extremes-redis");
        var ours = new Side(ServerProcess.start(oursCommand, directory.path(), DEADLINE));
        var theirs =
            new Side(ServerProcess.start(theirsCommand, redisDirectory.path(), DEADLINE))) {
      var run = new ArgumentExtremes(ours, theirs);
      run.all(wanted);
      System.exit(run.report() ? 0 : 1);
    }
  }

  private void all(List<String> wanted) {
    var redisForms = CommandDocs.forms(theirs.connection());
    CommandDocs.forms(ours.connection())
        .forEach((name, forms) -> {
          if (wanted.isEmpty() || wanted.stream().anyMatch(name::contains)) {
            boolean isRedis = redisForms.containsKey(name);
            for (var form : redisForms.getOrDefault(name, forms)) {
              command(name, form, isRedis);
            }
          }
        });
  }

  private void command(String name, Form form, boolean isRedis) {
    reset();
    both(name, form.usual(), isRedis);
    both(name, form.usual(), isRedis); // meets what it did itself
    both(name, form.usual().subList(0, form.usual().size() - 1), isRedis);
    both(name, with(form.usual(), "too-many"), isRedis);
    look(name, form, isRedis);
    for (int slot : form.slots()) {
      reset();
      for (var extreme : Fixture.extremes()) {
        both(name, form.with(slot, extreme), isRedis);
      }
      look(name, form, isRedis);
    }
    reset();
    for (var extreme : Fixture.extremes()) {
      both(name, form.withAll(extreme), isRedis);
    }
    look(name, form, isRedis);
  }

  private void reset() {
    ours.reset();
    theirs.reset();
  }

  private void both(String name, List<String> words, boolean isRedis) {
    if (words.isEmpty()) {
      return;
    }
    var tolerance = Tolerance.of(words);
    if (tolerance.isPresent() && tolerance.get().how() == Tolerance.How.NOT_RUN) {
      return;
    }
    requests++;
    var mine = ours.ask(words);
    if (mine instanceof RespReply.Failure(var why) && why.contains("internal error")) {
      internalErrors++;
      note(name, words, mine, "no internal error");
    }
    if (!isRedis) {
      return;
    }
    var his = theirs.ask(words);
    if (mine.equals(his)) {
      return;
    }
    if (tolerance.isPresent() && tolerance.get().accepts(mine, his)) {
      tolerated++;
      return;
    }
    note(name, words, mine, shown(his));
    reset(); // one difference does not lead to more
  }

  /// Compares what a series of commands has left.
  private void look(String name, Form form, boolean isRedis) {
    if (!isRedis) {
      return;
    }
    for (var words : Fixture.look()) {
      var mine = ours.ask(words);
      var his = theirs.ask(words);
      if (!mine.equals(his)) {
        note(name, with(form.usual(), "… then " + words), mine, shown(his));
      }
    }
  }

  private static List<String> with(List<String> words, String more) {
    var longer = new ArrayList<>(words);
    longer.add(more);
    return longer;
  }

  private void note(String name, List<String> words, RespReply mine, String wanted) {
    differences
        .computeIfAbsent(name, _ -> new ArrayList<>())
        .add(
            shown(String.join(" ", words))
                + "\n    ours   "
                + shown(mine)
                + "\n    theirs "
                + wanted);
  }

  private static String shown(RespReply reply) {
    return shown(reply.toString());
  }

  private static String shown(String text) {
    var shown = new StringBuilder();
    for (char c : text.substring(0, Math.min(160, text.length())).toCharArray()) {
      boolean isPrintable = c >= ' ' && c != 0x7f && (c < 0x7f || c > 0xff);
      shown.append(
          isPrintable ? Character.toString(c) : "\\x" + HexFormat.of().toHexDigits((byte) c));
    }
    return shown.toString();
  }

  /// Prints the differences; whether there are none.
  private boolean report() {
    int count = differences.values().stream().mapToInt(List::size).sum();
    differences.forEach((name, found) -> {
      System.out.println(name + ": " + found.size() + " differences");
      found.stream().limit(SHOWN_MAX).forEach(one -> System.out.println("  " + one));
    });
    System.out.println(
        "argument extremes: "
            + requests
            + " requests, "
            + internalErrors
            + " internal errors, "
            + count
            + " differences, "
            + tolerated
            + " tolerated");
    return count == 0;
  }
}
