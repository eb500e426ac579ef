package io.atlaskv.cli;

import io.atlaskv.cli.client.ClientMain;
import io.atlaskv.cli.tools.ToolMain;
import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import java.util.List;

/// Entry point: finds the command and runs it.
public final class Main {
  static final int EXIT_FAILED = 1;
  static final int EXIT_USAGE = 2;

  private static final String HELP =
      """
      Usage: atlaskv COMMAND [FLAG]... [WORD]...
      Durable ordered key-value store.

      Commands:
        server    serves a data directory
      """
          + ClientMain.OVERVIEW
          + ToolMain.OVERVIEW
          + """

          Each of them says more: atlaskv COMMAND --help

            --help, -h      shows this
            --version, -V   shows the version
          """;

  private Main() {}

  public static void main(String[] args) {
    var out = new PrintWriter(System.out, true, StandardCharsets.UTF_8);
    var err = new PrintWriter(System.err, true, StandardCharsets.UTF_8);
    System.exit(run(List.of(args), out, err));
  }

  /// Runs one command line and returns the exit code: 0 done, 1 failed, 2 not understood.
  static int run(List<String> arguments, PrintWriter out, PrintWriter err) {
    String first = arguments.isEmpty() ? "" : arguments.getFirst();
    return switch (first) {
      case "server" -> server(arguments.subList(1, arguments.size()), out, err);
      case "get", "put", "del", "scan", "ping", "cli" ->
          ClientMain.run(first, arguments.subList(1, arguments.size()));
      case "inspect", "verify", "repair", "backup", "restore", "stats", "compact", "doctor" ->
          ToolMain.run(arguments);
      case "--help", "-h" -> print(HELP, out);
      case "--version", "-V" -> print(version() + "\n", out);
      case "" -> mistake("atlaskv", "which command?", err);
      default ->
          mistake(
              "atlaskv",
              "unknown " + (first.startsWith("-") ? "flag" : "command") + " '" + first + "'",
              err);
    };
  }

  private static int server(List<String> arguments, PrintWriter out, PrintWriter err) {
    if (arguments.contains("--help") || arguments.contains("-h")) {
      return print(ServerCommand.help(), out);
    }
    return ServerCommand.serve(arguments, System.getenv(), out, err);
  }

  /// The version in the jar's manifest; "development" when run from class folders.
  static String version() {
    String version = Main.class.getPackage().getImplementationVersion();
    return "AtlasKV " + (version == null ? "development" : version);
  }

  private static int print(String text, PrintWriter out) {
    out.print(text);
    out.flush();
    return 0;
  }

  /// One sentence, not the whole help, which would bury it.
  private static int mistake(String command, String sentence, PrintWriter err) {
    err.println(command + ": " + sentence + " (see " + command + " --help)");
    return EXIT_USAGE;
  }
}
