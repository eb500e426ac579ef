package io.atlaskv.redis.command;

import io.atlaskv.redis.config.NumberSetting;
import java.util.ArrayList;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;

/// Moments when something took at least `latency-monitor-threshold`: for each event the last ones,
/// one a second. Any thread may use it.
public final class LatencyMonitor {
  private static final int SAMPLES_MAX = 160;
  private static final long NANOS_PER_MILLI = 1_000_000;

  /// One moment.
  ///
  /// @param seconds since 1970
  /// @param millis how long it took
  public record Sample(long seconds, long millis) {}

  /// What is known of one event.
  ///
  /// @param samples oldest first
  /// @param millisMax longest since the last reset
  public record Event(List<Sample> samples, long millisMax) {
    public Event {
      samples = List.copyOf(samples);
    }
  }

  private final NumberSetting thresholdMillis;
  private final TreeMap<String, Event> events = new TreeMap<>();

  LatencyMonitor(NumberSetting thresholdMillis) {
    this.thresholdMillis = thresholdMillis;
  }

  void command(RegisteredCommand command, long nanos, long nowMillis) {
    long threshold = thresholdMillis.value();
    if (threshold > 0 && nanos >= threshold * NANOS_PER_MILLI) {
      add(
          command.spec.has(Flag.FAST) ? "fast-command" : "command",
          nanos / NANOS_PER_MILLI,
          nowMillis);
    }
  }

  /// Something has taken so long, if that is long enough.
  public void event(String name, long nanos, long nowMillis) {
    long threshold = thresholdMillis.value();
    if (threshold > 0 && nanos >= threshold * NANOS_PER_MILLI) {
      add(name, nanos / NANOS_PER_MILLI, nowMillis);
    }
  }

  private synchronized void add(String name, long millis, long nowMillis) {
    Event old = events.getOrDefault(name, new Event(List.of(), 0));
    var samples = new ArrayList<>(old.samples());
    long seconds = nowMillis / 1000;
    if (!samples.isEmpty() && samples.getLast().seconds() == seconds) {
      long longer = Math.max(millis, samples.removeLast().millis());
      samples.add(new Sample(seconds, longer));
    } else {
      samples.add(new Sample(seconds, millis));
    }
    if (samples.size() > SAMPLES_MAX) {
      samples.removeFirst();
    }
    events.put(name, new Event(samples, Math.max(old.millisMax(), millis)));
  }

  /// All events by name.
  public synchronized SortedMap<String, Event> events() {
    return new TreeMap<>(events);
  }

  /// Forgets an event; false if there was none of that name.
  public synchronized boolean reset(String name) {
    return events.remove(name) != null;
  }
}
