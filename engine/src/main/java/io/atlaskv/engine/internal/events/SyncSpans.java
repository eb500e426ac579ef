package io.atlaskv.engine.internal.events;

import io.atlaskv.engine.api.StoreEvent;
import io.atlaskv.engine.internal.io.Clock;
import io.atlaskv.engine.internal.wal.SyncWatch;

/// Syncs of the log, each from its begin to its end.
public final class SyncSpans implements SyncWatch {
  private final StoreEvents events;
  private final Clock clock;
  private SyncRecording recording = new SyncRecording();
  private long startNanos;

  public SyncSpans(StoreEvents events, Clock clock) {
    this.events = events;
    this.clock = clock;
  }

  @Override
  public void began() {
    recording = new SyncRecording();
    recording.begin();
    startNanos = clock.nanoTime();
  }

  @Override
  public void ended(long durableSequence) {
    recording.durableSequence = durableSequence;
    recording.commit();
    if (events.isHeard()) {
      events.tell(new StoreEvent.Synced(durableSequence, clock.nanoTime() - startNanos));
    }
  }
}
