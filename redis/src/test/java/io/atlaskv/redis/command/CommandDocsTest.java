package io.atlaskv.redis.command;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Comparator;
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
    page.append("`RANGE` and its like have [a page of their own](commands/range.md).\n");
    for (Group group : Group.values()) {
      page.append("\n## ").append(group.word()).append("\n\n");
      page.append("| command | arguments | does | time | since |\n|---|---|---|---|---|\n");
      CommandTable.ALL.stream()
          .map(Command::spec)
          .filter(spec -> spec.group() == group)
          .sorted(Comparator.comparing(CommandSpec::name))
          .forEach(spec ->
              page.append("| ")
                  .append(spec.name())
                  .append(" | ")
                  .append(spec.syntax().isEmpty() ? "" : "`" + cell(spec.syntax()) + "`")
                  .append(" | ")
                  .append(cell(spec.summary()))
                  .append(" | ")
                  .append(cell(spec.complexity()))
                  .append(" | ")
                  .append(spec.since())
                  .append(" |\n"));
    }
    return page.toString();
  }

  private static String cell(String text) {
    return text.replace("|", "\\|");
  }
}
