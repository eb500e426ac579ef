package io.atlaskv.redis.command;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/// Arguments of COMMAND DOCS against those of redis-server 7.0.15, written as `[TOKEN
/// type:name@key-spec...]`; names of groups left out, they are ours.
class CommandArgumentsTest {
  private static final Path GOLDEN = Path.of("src/test/resources/golden/arguments.txt");

  private final CommandTable table = new CommandTable(CommandTable.ALL);

  @Test
  void argumentsAreThoseOfRedis() throws IOException {
    var ours = new TreeMap<String, String>();
    collect(table.all(), ours);
    var text = new StringBuilder();
    for (String line : Files.readAllLines(GOLDEN)) {
      String command = line.substring(0, line.indexOf(' '));
      boolean isComment = command.equals("#");
      text.append(isComment ? line : command + " " + ours.get(command)).append('\n');
    }
    if (Boolean.getBoolean("atlaskv.golden.rewrite")) {
      Files.writeString(GOLDEN, text.toString());
    }
    assertEquals(Files.readString(GOLDEN), text.toString());
  }

  @Test
  void wordsBeforeChoicesAndRepeatedGroups() {
    assertEquals("[LIMIT string:a]", syntax("[LIMIT a]"));
    assertEquals("string:a (string:b|WORD)", syntax("a <b | WORD>"));
    assertEquals("(string:a|WORD string:b)", syntax("a | WORD b"));
    assertEquals("[TYPE (A|B)]", syntax("[TYPE <A | B>]"));
    assertEquals("(string:a string:b)...", syntax("a b [a b ...]"));
    assertEquals("string:a string:b...", syntax("a b [b ...]"));
    assertEquals("PREFIX string:a...+", syntax("PREFIX a [PREFIX a ...]"));
    assertEquals("[PREFIX string:a...]", syntax("[PREFIX a [a ...]]"));
  }

  @Test
  void aSyntaxThatIsNoneIsRefused() {
    for (String wrong : List.of("[a", "a]", "<a | b", "a >", "[a ... b]")) {
      assertThrows(IllegalArgumentException.class, () -> syntax(wrong), wrong);
    }
  }

  private static String syntax(String text) {
    CommandSpec spec =
        CommandSpec.of("TEST", -1, Group.STRING).doc("1.0.0", "O(1)", text, "Tests.");
    return written(ArgumentSyntax.of(spec), " ");
  }

  private static void collect(List<RegisteredCommand> commands, Map<String, String> all) {
    for (RegisteredCommand command : commands) {
      all.put(command.lowerName(), written(ArgumentSyntax.of(command.spec()), " "));
      collect(command.subcommands(), all);
    }
  }

  private static String written(List<Argument> arguments, String between) {
    return arguments.stream()
        .map(CommandArgumentsTest::written)
        .collect(Collectors.joining(between));
  }

  private static String written(Argument argument) {
    String text =
        switch (argument.type()) {
          case ONEOF -> "(" + written(argument.arguments(), "|") + ")";
          case BLOCK -> "(" + written(argument.arguments(), " ") + ")";
          case PURE_TOKEN -> "";
          default ->
              argument.type().word()
                  + ":"
                  + argument.name()
                  + (argument.keySpec() < 0 ? "" : "@" + argument.keySpec());
        };
    if (!argument.token().isEmpty()) {
      text = argument.token() + (text.isEmpty() ? "" : " " + text);
    }
    text += (argument.isMultiple() ? "..." : "") + (argument.isTokenRepeated() ? "+" : "");
    return argument.isOptional() ? "[" + text + "]" : text;
  }
}
