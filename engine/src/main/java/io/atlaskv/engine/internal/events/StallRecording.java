package io.atlaskv.engine.internal.events;

import jdk.jfr.Label;
import jdk.jfr.Name;
import jdk.jfr.Timespan;
import org.jspecify.annotations.Nullable;

/// A stall, for the flight recorder. A delay is recorded when it is decided on: it has no duration.
@Name("io.atlaskv.Stall")
@Label("Write Stall")
final class StallRecording extends Recording {
  @Label("Cause")
  @Nullable String cause;

  @Label("Length")
  @Timespan
  long nanos;
}
