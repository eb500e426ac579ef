package io.atlaskv.cli.client;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.util.List;

/// Runs the commands that talk to a server, and turns what goes wrong into one line and an exit
/// code.
public final class ClientMain {
  static final int EXIT_OK = 0;

  /// Not there, or refused by the server.
  static final int EXIT_NEGATIVE = 1;

  static final int EXIT_MISUSE = 2;

  /// No server there, or it went away.
  static final int EXIT_UNREACHABLE = 3;

  /// What the overview says of these commands.
  public static final String OVERVIEW =
      """
        get       prints the value of a key
        put       sets the value of a key
        del       deletes keys
        scan      prints keys in their order
        ping      asks a server whether it is there
        cli       talks to a server in Redis' commands: one, a file of them, or a shell
      """;

  private ClientMain() {}

  /// Runs a command of this process; returns its exit code.
  public static int run(String name, List<String> arguments) {
    return run(name, RawArguments.of(arguments), Terminal.ofProcess());
  }

  static int run(String name, List<String> arguments, Terminal terminal) {
    ClientCommand command =
        switch (name) {
          case "get" -> new GetCommand();
          case "put" -> new PutCommand();
          case "del" -> new DelCommand();
          case "scan" -> new ScanCommand();
          case "ping" -> new PingCommand();
          case "cli" -> new CliCommand();
          default -> throw new IllegalArgumentException("no client command: " + name);
        };
    String title = "atlaskv " + name;
    boolean isJson = false;
    try {
      if (isHelpAsked(arguments, command)) {
        terminal.print(command.help());
        terminal.out().flush();
        return EXIT_OK;
      }
      Arguments read = Arguments.read(command.allFlags(), arguments, command.endsFlagsAtWord());
      isJson = read.has(ClientCommand.JSON);
      int code = command.run(read, terminal);
      terminal.out().flush();
      return code;
    } catch (MisuseException e) {
      terminal.err().println(title + ": " + e.sentence() + " (see " + title + " --help)");
      return EXIT_MISUSE;
    } catch (RefusedException e) {
      terminal.err().println(isJson ? error(e.text()) : title + ": " + e.text());
      return EXIT_NEGATIVE;
    } catch (IOException e) {
      terminal.err().println(isJson ? error(sentence(e)) : title + ": " + sentence(e));
      return EXIT_UNREACHABLE;
    }
  }

  private static boolean isHelpAsked(List<String> arguments, ClientCommand command) {
    for (String argument : arguments) {
      if (argument.equals("--help") || argument.equals("-h")) {
        return true;
      }
      if (argument.equals("--") || (command.endsFlagsAtWord() && !argument.startsWith("-"))) {
        return false;
      }
    }
    return false;
  }

  static String sentence(IOException e) {
    return switch (e) {
      case SocketTimeoutException _ -> "the server does not answer";
      case EOFException _ -> "the server has closed the connection";
      default -> String.valueOf(e.getMessage());
    };
  }

  private static String error(String text) {
    return Json.object().field("error", text).end();
  }
}
