package io.atlaskv.engine.internal.compaction;

/// How fast flushes take in what writers fill memtables with, and how much writers must be slowed
/// down to that while as many memtables wait as may: so that they find the active one with room
/// when the flush ends, instead of filling it at full speed and then standing still. Any thread.
///
/// Nobody knows how far a flush is, as most of its time may go into one sync. So a writer gets half
/// of the pace of the last ones, and less the fuller the active memtable is: it is full only when a
/// flush takes many times what the last ones took. As soon as one ends nobody is slowed down, and
/// what was lost is made up for.
public final class FlushPace {
  private static final double NEWEST_WEIGHT = 0.25;
  private static final double PATIENCE = 2;

  /// A writer always gets this part.
  private static final double ROOM_MIN = 0.01;

  private static final double NANOS_PER_BYTE_MAX = 1_000;

  private volatile double nanosPerByte; // 0: not yet known; written by one thread at a time

  /// Notes that a flush of so many bytes of memtable has taken so long.
  public void flushed(long bytes, long nanos) {
    double newest = (double) nanos / Math.max(1, bytes);
    double before = nanosPerByte;
    nanosPerByte = before == 0 ? newest : before + NEWEST_WEIGHT * (newest - before);
  }

  /// Delay for each byte written while no further memtable may be sealed, in nanoseconds; 0 before
  /// the first flush.
  ///
  /// @param used how much of the active memtable is used, or of the writer's part of it
  /// @param part the writer's part of it
  public double nanosPerByte(double used, double part) {
    double delay = nanosPerByte * PATIENCE / part / Math.max(ROOM_MIN, 1 - used);
    return Math.min(NANOS_PER_BYTE_MAX, delay);
  }
}
