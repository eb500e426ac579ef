package io.atlaskv.cli.tools;

import io.atlaskv.cli.client.Arguments;
import io.atlaskv.cli.client.Json;
import io.atlaskv.cli.client.MisuseException;
import io.atlaskv.cli.client.RawArguments;
import io.atlaskv.cli.client.Terminal;
import io.atlaskv.engine.api.AtlasException;
import io.atlaskv.engine.api.CorruptionException;
import io.atlaskv.engine.api.UnsupportedFormatException;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Runs the commands that work on the files of a store, and turns what goes wrong into one line and
/// an exit code.
public final class ToolMain {
  static final int EXIT_SOUND = 0;
  static final int EXIT_DAMAGED = 1;
  static final int EXIT_MISUSE = 2;

  /// No store there, somebody has it open, or the system refuses.
  static final int EXIT_UNREADABLE = 3;

  /// What the overview says of these commands.
  public static final String OVERVIEW =
      """
        inspect   prints what the files of a data directory say: manifest, wal or sst
        verify    reads a whole data directory and tells what is damaged
        repair    makes a damaged data directory one that opens, tells what is lost
        backup    create, list, verify or delete backups of a data directory
        restore   makes a data directory of a backup, as of any moment
        stats     prints how much lies in each level of a data directory
        compact   merges all tables of a data directory
        doctor    looks at machine, data directory and settings
      """;

  static final List<Tool> TOOLS =
      List.of(
          new InspectManifestTool(),
          new InspectWalTool(),
          new InspectSstTool(),
          new VerifyTool(),
          new RepairTool(),
          new BackupCreateTool(),
          new BackupListTool(),
          new BackupVerifyTool(),
          new BackupDeleteTool(),
          new RestoreTool(),
          new StatsTool(),
          new CompactTool(),
          new DoctorTool());

  private ToolMain() {}

  /// Runs a command of this process; returns its exit code.
  public static int run(List<String> line) {
    return run(RawArguments.of(line), Terminal.ofProcess());
  }

  /// @param line the command's name and its arguments
  static int run(List<String> line, Terminal terminal) {
    Tool tool = find(line);
    try {
      if (tool == null) {
        return overview(line, terminal);
      }
      List<String> arguments = line.subList(tool.name().split(" ").length, line.size());
      return run(tool, arguments, terminal);
    } catch (IOException e) {
      terminal.err().println("atlaskv " + line.getFirst() + ": " + e.getMessage());
      return EXIT_UNREADABLE;
    }
  }

  private static @Nullable Tool find(List<String> line) {
    for (Tool tool : TOOLS) {
      List<String> name = List.of(tool.name().split(" "));
      if (line.size() >= name.size() && line.subList(0, name.size()).equals(name)) {
        return tool;
      }
    }
    return null;
  }

  private static int run(Tool tool, List<String> arguments, Terminal terminal) throws IOException {
    String title = "atlaskv " + tool.name();
    boolean isJson = arguments.contains(Tool.JSON);
    try {
      if (arguments.contains("--help") || arguments.contains("-h")) {
        terminal.print(tool.help());
        return EXIT_SOUND;
      }
      return tool.run(Arguments.read(tool.allFlags(), arguments, false), terminal);
    } catch (MisuseException e) {
      terminal.err().println(title + ": " + e.sentence() + " (see " + title + " --help)");
      return EXIT_MISUSE;
    } catch (UncheckedIOException e) { // the reader of our output has gone
      throw new IOException(e.getMessage(), e);
    } catch (AtlasException e) {
      String text = String.valueOf(e.getMessage());
      terminal
          .err()
          .println(isJson ? Json.object().field("error", text).end() : title + ": " + text);
      boolean isDamage =
          e instanceof CorruptionException || e instanceof UnsupportedFormatException;
      return isDamage ? EXIT_DAMAGED : EXIT_UNREADABLE;
    } finally {
      terminal.out().flush();
    }
  }

  /// Of a command that has several forms, when none of them was given.
  private static int overview(List<String> line, Terminal terminal) throws IOException {
    String name = line.getFirst();
    var text = new StringBuilder("Usage: atlaskv " + name + " WHAT [FLAG]... WORD\n\n");
    for (Tool tool : TOOLS) {
      if (tool.name().startsWith(name + " ")) {
        text.append("  ").append(tool.name()).repeat(' ', 20 - tool.name().length());
        text.append(tool.summary()).append('\n');
      }
    }
    if (line.contains("--help") || line.contains("-h")) {
      terminal.print(text.toString());
      terminal.out().flush();
      return EXIT_SOUND;
    }
    String given = line.size() == 1 ? "of what?" : "unknown: '" + line.get(1) + "'";
    terminal.err().println("atlaskv " + name + ": " + given + " (see atlaskv " + name + " --help)");
    return EXIT_MISUSE;
  }
}
