package io.atlaskv.engine.internal.events;

import io.atlaskv.engine.api.StoreEvent;
import io.atlaskv.engine.internal.compaction.Compaction;
import io.atlaskv.engine.internal.io.Clock;
import io.atlaskv.engine.internal.manifest.VersionEdit;
import org.jspecify.annotations.Nullable;

/// One compaction, from its begin on. One thread at a time.
public final class CompactionSpan {
  private final StoreEvents events;
  private final Clock clock;
  private final Compaction compaction;
  private final long startNanos;
  private final @Nullable CompactionRecording recording =
      Recorder.isOn() ? new CompactionRecording() : null;

  public CompactionSpan(StoreEvents events, Clock clock, Compaction compaction) {
    this.events = events;
    this.clock = clock;
    this.compaction = compaction;
    startNanos = clock.nanoTime();
    if (recording != null) {
      recording.begin();
    }
    if (events.isHeard()) {
      events.tell(
          new StoreEvent.CompactionBegan(
              compaction.level(),
              compaction.outputLevel(),
              compaction.tables().size(),
              compaction.inputBytes(),
              compaction.reason()));
    }
  }

  /// Its outcome is part of the store.
  public void ended(VersionEdit edit, long readBytes, long writtenBytes) {
    if (recording != null) {
      recording.level = compaction.level();
      recording.outputLevel = compaction.outputLevel();
      recording.tables = compaction.inputs().size() + compaction.overlapped().size();
      recording.reason = compaction.reason();
      recording.readBytes = readBytes;
      recording.writtenBytes = writtenBytes;
      recording.commit();
    }
    if (events.isHeard()) {
      TablesCreated.by(edit, events);
      events.tell(
          new StoreEvent.CompactionEnded(
              compaction.level(),
              compaction.outputLevel(),
              readBytes,
              writtenBytes,
              clock.nanoTime() - startNanos));
    }
  }
}
