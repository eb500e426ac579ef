package io.atlaskv.server;

import io.atlaskv.engine.api.Options;
import java.nio.file.Path;

/// What a server is started with, checked.
///
/// @param bind address to listen on
/// @param port port to listen on; 0 lets the system choose a free one
/// @param directory where the data is; made if it is missing
/// @param options of the store in it
/// @param loops event loops, 1 to 64; 0 = half of the processors, at least one
public record ServerSettings(String bind, int port, Path directory, Options options, int loops) {
  public static final String BIND_DEFAULT = "127.0.0.1";
  public static final int PORT_DEFAULT = 6379;
  public static final int PORT_MAX = 65_535;

  /// Port 6379 on loopback, data in `./data`.
  public static final ServerSettings DEFAULT =
      new ServerSettings(BIND_DEFAULT, PORT_DEFAULT, Path.of("data"), Options.DEFAULT, 0);

  public static final int LOOPS_MAX = 64;

  public ServerSettings {
    if (loops < 0 || loops > LOOPS_MAX) {
      throw new IllegalArgumentException("loops must be 0 to " + LOOPS_MAX + ", is " + loops);
    }
    if (bind.isBlank()) {
      throw new IllegalArgumentException("bind must be an address, is empty");
    }
    if (port < 0 || port > PORT_MAX) {
      throw new IllegalArgumentException("port must be 0 to " + PORT_MAX + ", is " + port);
    }
  }

  /// Event loops to run.
  int loopsOrDefault() {
    return loops > 0 ? loops : Math.max(1, Runtime.getRuntime().availableProcessors() / 2);
  }
}
