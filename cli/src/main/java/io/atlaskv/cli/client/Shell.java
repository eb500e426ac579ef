package io.atlaskv.cli.client;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jline.reader.EndOfFileException;
import org.jline.reader.LineReader;
import org.jline.reader.LineReaderBuilder;
import org.jline.reader.UserInterruptException;
import org.jline.terminal.Terminal.Signal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.InfoCmp.Capability;

/// The shell: line editing, history in `~/.atlaskv_history`, completion of the names of commands.
/// Only this class and `CommandCompleter` use JLine, so only the shell loads it.
final class Shell {
  private static final String HISTORY_FILE = ".atlaskv_history";
  private static final Set<String> ENDS = Set.of("exit", "quit");

  private final CliSession session;
  private final Terminal out;
  private final org.jline.terminal.Terminal terminal;
  private final LineReader reader;

  private Shell(CliSession session, Terminal out, org.jline.terminal.Terminal terminal) {
    this.session = session;
    this.out = out;
    this.terminal = terminal;
    reader =
        LineReaderBuilder.builder()
            .terminal(terminal)
            .appName("atlaskv")
            .completer(new CommandCompleter(session))
            .parser(new WordParser())
            .history(new DiscreetHistory())
            .variable(
                LineReader.HISTORY_FILE, Path.of(System.getProperty("user.home"), HISTORY_FILE))
            .option(LineReader.Option.DISABLE_EVENT_EXPANSION, true)
            .build();
  }

  /// Runs until the person leaves; returns the exit code.
  static int run(CliSession session, Terminal out) throws IOException {
    try (org.jline.terminal.Terminal terminal = TerminalBuilder.builder().system(true).build()) {
      new Shell(session, out, terminal).run();
      return ClientMain.EXIT_OK;
    }
  }

  private void run() throws IOException {
    tryTo(session::connect);
    while (true) {
      String line;
      try {
        line = reader.readLine(session.prompt());
      } catch (UserInterruptException e) { // Ctrl-C clears the line, and leaves an empty one
        if (e.getPartialLine().isEmpty()) {
          return;
        }
        continue;
      } catch (EndOfFileException _) { // Ctrl-D
        return;
      }
      List<Bytes> words = TypedLine.split(line);
      if (words == null) {
        out.println("Invalid argument(s)");
      } else if (!words.isEmpty() && !obey(words)) {
        return;
      }
      out.out().flush();
    }
  }

  /// False: the person wants to leave.
  private boolean obey(List<Bytes> words) throws IOException {
    String name = String.valueOf(words.getFirst().text()).toLowerCase(Locale.ROOT);
    if (ENDS.contains(name)) {
      return false;
    }
    if (name.equals("clear")) {
      terminal.puts(Capability.clear_screen);
      terminal.flush();
      return true;
    }
    // Ctrl-C ends a command that never ends by itself: its connection goes.
    var before = terminal.handle(Signal.INT, _ -> interrupt());
    try {
      tryTo(() -> session.run(words));
    } finally {
      terminal.handle(Signal.INT, before);
    }
    return true;
  }

  private void interrupt() {
    try {
      session.disconnect();
    } catch (IOException e) {
      out.err().println(e.getMessage());
    }
  }

  private interface Attempt {
    void run() throws IOException, RefusedException;
  }

  private void tryTo(Attempt attempt) throws IOException {
    try {
      attempt.run();
    } catch (RefusedException e) {
      out.println("(error) " + e.text());
    } catch (IOException e) {
      out.println(ClientMain.sentence(e));
    }
  }
}
