package io.atlaskv.engine.internal.events;

import jdk.jfr.FlightRecorder;

/// Whether the JDK's flight recorder may want events.
final class Recorder {
  private Recorder() {}

  /// False until it was started. Who makes an event, or only names its class in a lambda, before
  /// that starts half of it, which takes longer than to open a store.
  static boolean isOn() {
    return FlightRecorder.isInitialized();
  }
}
