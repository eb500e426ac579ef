package io.atlaskv.engine.internal.io;

/// Runs background tasks on lanes. Any thread, steps included, may submit; no method but `close`
/// waits.
///
/// A step may end while the scheduler closes, and ask for what comes next: that is dropped without
/// a word, like all that is queued, so that the step completes what it is about.
public interface Scheduler extends AutoCloseable {
  /// Kinds of work; one lane never waits for another.
  enum Lane {
    /// Syncs of the log.
    SYNC,
    /// Preparation and recycling of log segments: writers may wait for it.
    LOG,
    /// Files that are no longer needed are closed and deleted. To delete a table takes up to 30 ms,
    /// and a large merge leaves dozens: nobody may wait behind them.
    CLEANUP,
    /// Memory for memtables ahead of writers, what comes back of those that are in tables, and
    /// memtables that a reader wants in order.
    MEMORY,
    /// Memtables to tables; while a store is opened, the log to memtables.
    FLUSH,
    /// Table merges.
    COMPACTION,
    /// Block fetches for parked reads, and reads that block.
    FETCH,
    /// What listeners of the store are told.
    EVENTS
  }

  /// Runs a task as soon as the lane has a thread for it. Tasks of a lane begin in order of
  /// submission, and those of a lane with one thread run one after the other.
  ///
  /// @throws io.atlaskv.engine.api.ClosedException after `close`, unless a step asks
  void submit(Lane lane, Task task);

  /// Runs a task once `delayNanos` have passed.
  ///
  /// @throws io.atlaskv.engine.api.ClosedException after `close`, unless a step asks
  Cancellable schedule(Lane lane, long delayNanos, Task task);

  /// Waits for running steps; begins no others, drops what is queued. Whoever needs a task to end
  /// waits for it before.
  @Override
  void close();
}
