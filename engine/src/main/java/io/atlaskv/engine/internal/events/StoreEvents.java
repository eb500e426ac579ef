package io.atlaskv.engine.internal.events;

import io.atlaskv.engine.api.ClosedException;
import io.atlaskv.engine.api.StoreEvent;
import io.atlaskv.engine.api.Subscription;
import io.atlaskv.engine.internal.io.Scheduler;
import java.util.ArrayDeque;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Brings events to listeners, one at a time, in the order told, on a lane that nothing else uses.
///
/// Invariants:
/// - E1: whoever tells an event never waits for a listener.
/// - E2: what a listener throws reaches nobody but the log, once for each listener.
/// - E3: no more than `WAITING_MAX` events wait; where others are missing, `Missed` says how many.
public final class StoreEvents {
  static final int WAITING_MAX = 1024;

  private final Scheduler scheduler;
  private final CopyOnWriteArrayList<Listener> listeners = new CopyOnWriteArrayList<>();
  private final Queue<StoreEvent> waiting = new ArrayDeque<>(); // guarded by this
  private long missed; // guarded by this
  private boolean isQueued; // guarded by this

  public StoreEvents(Scheduler scheduler) {
    this.scheduler = scheduler;
  }

  /// Adds a listener, for all that is told from now on.
  public Subscription listen(Consumer<? super StoreEvent> action) {
    var listener = new Listener(action);
    listeners.add(listener);
    return () -> listeners.remove(listener);
  }

  /// Whether there is a listener; if not, an event need not be made.
  public boolean isHeard() {
    return !listeners.isEmpty();
  }

  /// Has an event told soon.
  public void tell(StoreEvent event) {
    if (!isHeard()) {
      return;
    }
    synchronized (this) {
      if (waiting.size() >= WAITING_MAX) {
        missed++;
        return;
      }
      addMissed();
      waiting.add(event);
      if (isQueued) {
        return;
      }
      isQueued = true;
    }
    try {
      scheduler.submit(Scheduler.Lane.EVENTS, this::tellNext);
    } catch (ClosedException _) {
      // closed since: nobody listens to what is left
    }
  }

  private boolean tellNext() {
    StoreEvent event = next();
    if (event == null) {
      return false;
    }
    for (Listener listener : listeners) {
      listener.tell(event);
    }
    return true;
  }

  private synchronized @Nullable StoreEvent next() {
    StoreEvent event = waiting.poll();
    if (event == null) {
      addMissed();
      event = waiting.poll();
    }
    isQueued = event != null;
    return event;
  }

  /// Puts in their place those that were missed, which are older than what comes now.
  private void addMissed() {
    if (missed > 0) {
      waiting.add(new StoreEvent.Missed(missed));
      missed = 0;
    }
  }

  /// A listener, contained.
  private static final class Listener {
    private final Consumer<? super StoreEvent> action;
    private final AtomicBoolean hasFailed = new AtomicBoolean();

    Listener(Consumer<? super StoreEvent> action) {
      this.action = action;
    }

    void tell(StoreEvent event) {
      try {
        action.accept(event);
      } catch (Throwable e) { // E2: whatever it is, it is the listener's
        if (hasFailed.compareAndSet(false, true)) {
          System.getLogger(StoreEvents.class.getName())
              .log(System.Logger.Level.WARNING, "a listener failed at " + event, e);
        }
      }
    }
  }
}
