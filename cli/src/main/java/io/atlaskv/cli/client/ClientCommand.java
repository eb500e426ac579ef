package io.atlaskv.cli.client;

import java.io.IOException;
import java.util.ArrayList;
import java.util.List;

/// A command that talks to a running server.
abstract class ClientCommand {
  static final String HOST = "--host";
  static final String PORT = "--port";
  static final String PASSWORD = "--password";
  static final String DB = "--db";
  static final String JSON = "--json";
  static final String NATIVE = "--native";

  private static final Flag NATIVE_FLAG =
      Flag.bare(NATIVE, "through the native port instead of the Redis one");

  private static final int PORT_DEFAULT = 6379;
  private static final int NATIVE_PORT_DEFAULT = 6380;
  private static final int PORT_MAX = 65_535;
  private static final int DATABASE_MAX = 1_000_000;
  private static final String PASSWORD_VARIABLE = "ATLASKVCLI_AUTH";

  private final String name;
  private final String words;
  private final String summary;

  ClientCommand(String name, String words, String summary) {
    this.name = name;
    this.words = words;
    this.summary = summary;
  }

  final String name() {
    return name;
  }

  /// Flags beside those of all client commands.
  List<Flag> flags() {
    return List.of();
  }

  /// Whether the native door can do it.
  boolean isNative() {
    return false;
  }

  /// Whether words that look like flags belong to the server.
  boolean endsFlagsAtWord() {
    return false;
  }

  /// Longest wait for an answer; 0 = for ever.
  int timeoutMillis() {
    return 30_000;
  }

  /// Does it; returns the exit code.
  abstract int run(Arguments arguments, Terminal terminal)
      throws IOException, RefusedException, MisuseException;

  final List<Flag> allFlags() {
    var flags = new ArrayList<Flag>();
    flags.add(new Flag(HOST, "HOST", "server to talk to [127.0.0.1]"));
    flags.add(
        new Flag(
            PORT, "PORT", isNative() ? "its port [6379; 6380 with --native]" : "its port [6379]"));
    flags.add(
        new Flag(PASSWORD, "WORD", "password; better in the environment: " + PASSWORD_VARIABLE));
    flags.add(new Flag(DB, "N", "number of the database [0]"));
    flags.add(Flag.bare(JSON, "answer in JSON, one value a line"));
    if (isNative()) {
      flags.add(NATIVE_FLAG);
    }
    flags.addAll(flags());
    return flags;
  }

  final String help() {
    List<Flag> flags = allFlags();
    int width = flags.stream().mapToInt(flag -> flag.usage().length()).max().orElse(0);
    var text = new StringBuilder("Usage: atlaskv " + name + " [FLAG]... " + words + "\n");
    text.append(summary).append("\n\n");
    for (Flag flag : flags) {
      text.append("  ").append(flag.usage()).repeat(' ', width - flag.usage().length() + 2);
      text.append(flag.description()).append('\n');
    }
    text.append("\nExit codes: 0 done, 1 not there or refused, 2 not understood, 3 no server.\n");
    return text.toString();
  }

  final Endpoint endpoint(Arguments arguments) throws MisuseException {
    boolean isNative = arguments.has(NATIVE);
    String given = arguments.value(PASSWORD);
    String inherited = System.getenv(PASSWORD_VARIABLE);
    String password = given != null ? given : inherited == null || isNative ? "" : inherited;
    int database = arguments.number(DB, 0, 0, DATABASE_MAX);
    if (isNative && !password.isEmpty()) {
      throw new MisuseException("the native protocol has no passwords yet: leave out --native");
    }
    if (isNative && database != 0) {
      throw new MisuseException("the native protocol knows database 0 only: leave out --native");
    }
    String host = arguments.value(HOST);
    int port = isNative ? NATIVE_PORT_DEFAULT : PORT_DEFAULT;
    return new Endpoint(
        host == null ? "127.0.0.1" : host,
        arguments.number(PORT, port, 1, PORT_MAX),
        password,
        database,
        timeoutMillis());
  }

  /// Keys by the door that was chosen.
  final KeyClient connect(Arguments arguments)
      throws IOException, RefusedException, MisuseException {
    Endpoint endpoint = endpoint(arguments);
    return arguments.has(NATIVE)
        ? new NativeKeyClient(endpoint)
        : new RedisKeyClient(RespClient.open(endpoint));
  }

  /// Throws unless there are so many words.
  final void require(Arguments arguments, int min, int max) throws MisuseException {
    int count = arguments.words().size();
    if (count < min || count > max) {
      throw new MisuseException(
          count < min ? "expected: " + words : "too many words, expected: " + words);
    }
  }
}
