package io.atlaskv.engine.internal.events;

import io.atlaskv.engine.api.StoreEvent.Stalled;
import io.atlaskv.engine.internal.io.Clock;
import java.util.concurrent.atomic.AtomicLong;

/// Stalls of writers, and their sum. Any thread.
public final class StallSpans {
  private final StoreEvents events;
  private final Clock clock;
  private final AtomicLong nanos = new AtomicLong();

  public StallSpans(StoreEvents events, Clock clock) {
    this.events = events;
    this.clock = clock;
  }

  /// Time that writers were delayed or waited.
  public long nanos() {
    return nanos.get();
  }

  /// A writer will wait for so long.
  public void delayed(long delayNanos) {
    end(new StallRecording(), Stalled.Cause.DELAY, delayNanos);
  }

  /// Runs what waits for room.
  public void during(Runnable wait) {
    var recording = new StallRecording();
    recording.begin();
    long startNanos = clock.nanoTime();
    wait.run();
    end(recording, Stalled.Cause.NO_ROOM, clock.nanoTime() - startNanos);
  }

  private void end(StallRecording recording, Stalled.Cause cause, long length) {
    nanos.addAndGet(length);
    recording.cause = cause.name();
    recording.nanos = length;
    recording.commit();
    if (events.isHeard()) {
      events.tell(new Stalled(cause, length));
    }
  }
}
