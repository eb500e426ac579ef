package io.atlaskv.server;

import io.atlaskv.redis.config.NumberSetting;
import io.atlaskv.redis.config.Origin;
import io.atlaskv.redis.config.Settings;

/// The doors beside the Redis one.
///
/// @param nativePort of the binary protocol, on the address of the Redis door
/// @param httpPort of health, readiness and metrics
/// @param httpBind address of the HTTP door: it asks for no password, so it has its own
record DoorSettings(DoorPort nativePort, DoorPort httpPort, String httpBind) {
  /// A port that was given is asked for. One that was not is open where people look for it if
  /// nothing was said of ports at all, so that many servers can run side by side.
  static DoorSettings of(Settings settings) {
    boolean isPlain = isDefault(settings.network.port);
    return new DoorSettings(
        port(settings.network.nativePort, isPlain),
        port(settings.network.httpPort, isPlain),
        settings.network.httpBind.value());
  }

  private static DoorPort port(NumberSetting port, boolean isPlain) {
    if (isDefault(port)) {
      return isPlain ? DoorPort.optional(port.intValue()) : DoorPort.CLOSED;
    }
    return port.value() < 0 ? DoorPort.CLOSED : DoorPort.required(port.intValue());
  }

  private static boolean isDefault(NumberSetting port) {
    return port.origin().door() == Origin.Door.DEFAULT;
  }

  public DoorSettings {
    if (httpBind.isBlank()) {
      throw new IllegalArgumentException("http-bind must be an address, is empty");
    }
  }
}
