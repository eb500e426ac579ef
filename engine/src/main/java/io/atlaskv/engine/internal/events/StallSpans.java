package io.atlaskv.engine.internal.events;

import io.atlaskv.engine.api.StoreEvent.Stalled;
import io.atlaskv.engine.internal.io.Clock;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

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
    end(Recorder.isOn() ? new StallRecording() : null, Stalled.Cause.DELAY, delayNanos);
  }

  /// Runs what waits for room.
  public void during(Runnable wait) {
    StallRecording recording = Recorder.isOn() ? new StallRecording() : null;
    if (recording != null) {
      recording.begin();
    }
    long startNanos = clock.nanoTime();
    wait.run();
    end(recording, Stalled.Cause.NO_ROOM, clock.nanoTime() - startNanos);
  }

  private void end(@Nullable StallRecording recording, Stalled.Cause cause, long length) {
    nanos.addAndGet(length);
    if (recording != null) {
      recording.cause = cause.name();
      recording.nanos = length;
      recording.commit();
    }
    if (events.isHeard()) {
      events.tell(new Stalled(cause, length));
    }
  }
}
