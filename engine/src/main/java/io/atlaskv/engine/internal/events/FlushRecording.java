package io.atlaskv.engine.internal.events;

import jdk.jfr.DataAmount;
import jdk.jfr.Label;
import jdk.jfr.Name;

/// A flush, for the flight recorder.
@Name("io.atlaskv.Flush")
@Label("Flush")
final class FlushRecording extends Recording {
  @Label("Memtable Size")
  @DataAmount
  long memtableBytes;

  @Label("Entries")
  long entries;

  @Label("Table Size")
  @DataAmount
  long tableBytes;
}
