package io.atlaskv.engine.internal.events;

import jdk.jfr.Label;
import jdk.jfr.Name;

/// A sync of the log, for the flight recorder.
@Name("io.atlaskv.Sync")
@Label("Log Sync")
final class SyncRecording extends Recording {
  @Label("Durable Sequence")
  long durableSequence;
}
