package io.atlaskv.server;

import io.atlaskv.redis.config.LateLogger;
import io.atlaskv.redis.config.Settings;
import io.atlaskv.server.http.HttpDoor;
import java.io.IOException;
import java.lang.System.Logger.Level;
import java.nio.channels.ServerSocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.OptionalInt;
import org.jspecify.annotations.Nullable;

/// The sockets of one server: the Redis one, which it cannot do without, and the others.
final class Doors implements AutoCloseable {
  private static final System.Logger LOGGER = new LateLogger(Doors.class);

  private final Listeners redis;
  private @Nullable ServerSocketChannel binary;
  private @Nullable HttpDoor http;
  private final List<String> warnings = new ArrayList<>();

  private Doors(Listeners redis) {
    this.redis = redis;
  }

  /// Opens what is asked for. The HTTP door answers at once; connections of the others wait until
  /// somebody accepts them.
  ///
  /// @throws IOException if a door that was asked for cannot be opened
  static Doors open(Settings settings, DoorSettings others, HttpDoor.Source source)
      throws IOException {
    var doors = new Doors(Listeners.open(settings.network));
    try {
      if (others.nativePort().isOpen()) {
        doors.openNative(settings.network.bind.value(), others.nativePort());
      }
      if (others.httpPort().isOpen()) {
        doors.openHttp(others.httpBind(), others.httpPort(), source);
      }
      return doors;
    } catch (IOException e) {
      doors.close();
      throw e;
    }
  }

  private void openNative(String bind, DoorPort port) throws IOException {
    try {
      binary = ListeningSocket.open(ListenAddress.candidates(bind), port.number());
    } catch (IOException e) {
      missing("native protocol", port, "--native-port", e);
    }
  }

  private void openHttp(String bind, DoorPort port, HttpDoor.Source source) throws IOException {
    try {
      http = HttpDoor.open(ListeningSocket.address(bind, port.number()), source);
    } catch (IOException e) {
      var named = new IOException(ListeningSocket.failure(bind, port.number(), e), e);
      missing("HTTP", port, "--http-port", named);
    }
  }

  private void missing(String name, DoorPort port, String flag, IOException e) throws IOException {
    if (!port.isOptional()) {
      throw e;
    }
    warnings.add("no " + name + ": " + e.getMessage() + " (" + flag + " chooses another)");
  }

  Listeners redis() {
    return redis;
  }

  /// Null if that door is closed.
  @Nullable ServerSocketChannel binary() {
    return binary;
  }

  OptionalInt nativePort() throws IOException {
    ServerSocketChannel listener = binary;
    return listener == null ? OptionalInt.empty() : OptionalInt.of(ListeningSocket.port(listener));
  }

  OptionalInt httpPort() {
    HttpDoor door = http;
    return door == null ? OptionalInt.empty() : OptionalInt.of(door.port());
  }

  /// Doors that could not be opened though nobody has asked for them, a sentence each.
  List<String> warnings() {
    return List.copyOf(warnings);
  }

  /// Takes no more clients. The HTTP door stays, to say so.
  void closeToClients() throws IOException {
    redis.close();
    ServerSocketChannel listener = binary;
    if (listener != null) {
      listener.close();
    }
  }

  @Override
  public void close() {
    try {
      closeToClients();
    } catch (IOException e) {
      LOGGER.log(Level.DEBUG, "closing the listening sockets", e);
    }
    HttpDoor door = http;
    if (door != null) {
      door.close();
    }
  }
}
