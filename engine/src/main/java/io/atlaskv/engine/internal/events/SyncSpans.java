package io.atlaskv.engine.internal.events;

import io.atlaskv.engine.api.Stage;
import io.atlaskv.engine.api.StoreEvent;
import io.atlaskv.engine.internal.io.StageTimes;
import io.atlaskv.engine.internal.wal.SyncWatch;
import org.jspecify.annotations.Nullable;

/// Syncs of the log, each from its begin to its end.
public final class SyncSpans implements SyncWatch {
  private final StoreEvents events;
  private final StageTimes times;
  private @Nullable SyncRecording recording;
  private long startNanos;

  public SyncSpans(StoreEvents events, StageTimes times) {
    this.events = events;
    this.times = times;
  }

  @Override
  public void began() {
    SyncRecording event = Recorder.isOn() ? new SyncRecording() : null;
    if (event != null) {
      event.begin();
    }
    recording = event;
    startNanos = times.start();
  }

  @Override
  public void ended(long durableSequence) {
    SyncRecording event = recording;
    if (event != null) {
      event.durableSequence = durableSequence;
      event.commit();
    }
    long now = times.record(Stage.LOG_SYNC, startNanos);
    if (events.isHeard()) {
      events.tell(new StoreEvent.Synced(durableSequence, now - startNanos));
    }
  }
}
