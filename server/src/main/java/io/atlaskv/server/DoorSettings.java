package io.atlaskv.server;

/// The doors beside the Redis one.
///
/// @param nativePort of the binary protocol, on the address of the Redis door
/// @param httpPort of health, readiness and metrics
/// @param httpBind address of the HTTP door: it asks for no password, so it has its own
public record DoorSettings(DoorPort nativePort, DoorPort httpPort, String httpBind) {
  public static final int NATIVE_PORT_DEFAULT = 6380;
  public static final int HTTP_PORT_DEFAULT = 6381;
  public static final String HTTP_BIND_DEFAULT = "127.0.0.1";

  /// No other door.
  public static final DoorSettings NONE =
      new DoorSettings(DoorPort.CLOSED, DoorPort.CLOSED, HTTP_BIND_DEFAULT);

  /// All doors where people look for them: for a start that says nothing of ports.
  public static final DoorSettings DEFAULT =
      new DoorSettings(
          DoorPort.optional(NATIVE_PORT_DEFAULT),
          DoorPort.optional(HTTP_PORT_DEFAULT),
          HTTP_BIND_DEFAULT);

  public DoorSettings {
    if (httpBind.isBlank()) {
      throw new IllegalArgumentException("http-bind must be an address, is empty");
    }
  }
}
