package io.atlaskv.engine.internal.events;

import jdk.jfr.DataAmount;
import jdk.jfr.Label;
import jdk.jfr.Name;
import org.jspecify.annotations.Nullable;

/// A compaction, for the flight recorder.
@Name("io.atlaskv.Compaction")
@Label("Compaction")
final class CompactionRecording extends Recording {
  @Label("Level")
  int level;

  @Label("Output Level")
  int outputLevel;

  @Label("Tables")
  int tables;

  @Label("Reason")
  @Nullable String reason;

  @Label("Bytes Read")
  @DataAmount
  long readBytes;

  @Label("Bytes Written")
  @DataAmount
  long writtenBytes;
}
