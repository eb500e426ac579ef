package io.atlaskv.cli.client;

import java.io.IOException;

/// `atlaskv ping`.
final class PingCommand extends ClientCommand {
  private static final double NANOS_PER_MICRO = 1e3;

  PingCommand() {
    super("ping", "", "Prints PONG if the server answers.");
  }

  @Override
  boolean isNative() {
    return true;
  }

  @Override
  int run(Arguments arguments, Terminal terminal)
      throws IOException, RefusedException, MisuseException {
    require(arguments, 0, 0);
    long micros;
    try (KeyClient client = connect(arguments)) {
      long start = System.nanoTime();
      client.ping();
      micros = Math.round((System.nanoTime() - start) / NANOS_PER_MICRO);
    }
    terminal.println(
        arguments.has(JSON)
            ? Json.object().field("pong", true).field("micros", micros).end()
            : "PONG");
    return ClientMain.EXIT_OK;
  }
}
