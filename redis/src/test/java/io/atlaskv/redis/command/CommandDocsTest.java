package io.atlaskv.redis.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;

/// `docs/commands.md` is made from the table: `-Datlaskv.golden.rewrite=true` writes it.
class CommandDocsTest {
  private static final Path PAGE = Path.of("../docs/commands.md");

  @Test
  void thePageSaysWhatTheTableSays() throws IOException {
    String page = render();
    if (Boolean.getBoolean("atlaskv.golden.rewrite")) {
      Files.writeString(PAGE, page);
    }
    assertEquals(page, Files.readString(PAGE));
  }

  private static String render() {
    var page = new StringBuilder("# Commands\n\n");
    page.append("Made from the command table by `CommandDocsTest`; replies are Redis 7.2's. ");
    page.append(
        "`RANGE` and its like have [a page of their own](commands/range.md),"
            + " and so have [`SAVE` and its like](commands/snapshots.md), [eviction](commands/eviction.md),"
            + " [limits](commands/limits.md) and"
            + " [`DEBUG`](commands/debug.md).\n");
    for (Group group : Group.values()) {
      var rows = new TreeMap<String, CommandSpec>();
      CommandTable.ALL.forEach(command -> collect("", command, group, rows));
      if (!rows.isEmpty()) {
        page.append("\n## ").append(group.word()).append("\n\n");
        page.append("| command | arguments | does | time | since |\n|---|---|---|---|---|\n");
        rows.forEach((name, spec) -> page.append(row(name, spec.doc())));
      }
    }
    return page.toString();
  }

  /// Subcommands stand for their container, unless that is a command of its own.
  private static void collect(
      String prefix, Command command, Group group, Map<String, CommandSpec> rows) {
    CommandSpec spec = command.spec();
    String name = prefix + spec.name();
    if (spec.group() == group && !(command instanceof ContainerCommand)) {
      rows.put(name, spec);
    }
    command.subcommands().forEach(sub -> collect(name + " ", sub, group, rows));
  }

  private static String row(String name, CommandDoc doc) {
    String syntax = doc.syntax().isEmpty() ? "" : "`" + cell(doc.syntax()) + "`";
    return "| %s | %s | %s | %s | %s |\n"
        .formatted(name, syntax, cell(doc.summary()), cell(doc.complexity()), doc.since());
  }

  private static String cell(String text) {
    return text.replace("|", "\\|");
  }
}
