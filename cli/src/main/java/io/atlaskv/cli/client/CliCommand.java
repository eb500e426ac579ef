package io.atlaskv.cli.client;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// `atlaskv cli`: Redis' commands, one from the arguments, many from a pipe, or from a person.
final class CliCommand extends ClientCommand {
  private static final String RAW = "--raw";
  private static final String NO_RAW = "--no-raw";

  CliCommand() {
    super(
        "cli",
        "[COMMAND [WORD]...]",
        """
        Runs one of Redis' commands, or, without one, those of standard input line by line; on a
        terminal it is a shell with history and completion.\
        """);
  }

  @Override
  List<Flag> flags() {
    return List.of(
        Flag.bare(RAW, "replies as in a pipe: bytes without quotes and types"),
        Flag.bare(NO_RAW, "replies as on a terminal"));
  }

  @Override
  boolean endsFlagsAtWord() {
    return true;
  }

  @Override
  int timeoutMillis() {
    return 0; // commands may wait for long
  }

  @Override
  int run(Arguments arguments, Terminal terminal)
      throws IOException, RefusedException, MisuseException {
    ReplyForm form = form(arguments, terminal);
    try (var session = new CliSession(endpoint(arguments), form, terminal)) {
      if (!arguments.words().isEmpty()) {
        session.connect();
        return code(session.run(arguments.words().stream().map(Bytes::of).toList()));
      }
      return terminal.isInteractive() ? Shell.run(session, terminal) : lines(session, terminal);
    }
  }

  private static ReplyForm form(Arguments arguments, Terminal terminal) throws MisuseException {
    boolean isRaw = arguments.has(RAW);
    boolean isForPeople = arguments.has(NO_RAW);
    boolean isJson = arguments.has(JSON);
    if ((isRaw && isForPeople) || (isJson && (isRaw || isForPeople))) {
      throw new MisuseException("one of --json, --raw and --no-raw");
    }
    if (isJson) {
      return ReplyForm.JSON;
    }
    return isForPeople || (terminal.isInteractive() && !isRaw) ? ReplyForm.PEOPLE : ReplyForm.RAW;
  }

  /// Every line is run; the exit code says whether one of them was refused.
  private static int lines(CliSession session, Terminal terminal)
      throws IOException, RefusedException {
    session.connect();
    var reader = new BufferedReader(new InputStreamReader(terminal.in(), StandardCharsets.UTF_8));
    boolean isClean = true;
    for (String line = reader.readLine(); line != null; line = reader.readLine()) {
      List<Bytes> words = TypedLine.split(line);
      if (words == null) {
        terminal.err().println("atlaskv cli: unbalanced quotes: " + line);
        isClean = false;
      } else if (!words.isEmpty()) {
        isClean &= session.run(words);
      }
    }
    return code(isClean);
  }

  private static int code(boolean isClean) {
    return isClean ? ClientMain.EXIT_OK : ClientMain.EXIT_NEGATIVE;
  }
}
