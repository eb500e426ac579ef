package io.atlaskv.engine.internal.events;

import io.atlaskv.engine.api.Stage;
import io.atlaskv.engine.api.StoreEvent;
import io.atlaskv.engine.internal.io.StageTimes;
import io.atlaskv.engine.internal.wal.SyncWatch;

/// Syncs of the log, each from its begin to its end.
public final class SyncSpans implements SyncWatch {
  private final StoreEvents events;
  private final StageTimes times;
  private SyncRecording recording = new SyncRecording();
  private long startNanos;

  public SyncSpans(StoreEvents events, StageTimes times) {
    this.events = events;
    this.times = times;
  }

  @Override
  public void began() {
    recording = new SyncRecording();
    recording.begin();
    startNanos = times.start();
  }

  @Override
  public void ended(long durableSequence) {
    recording.durableSequence = durableSequence;
    recording.commit();
    long now = times.record(Stage.LOG_SYNC, startNanos);
    if (events.isHeard()) {
      events.tell(new StoreEvent.Synced(durableSequence, now - startNanos));
    }
  }
}
