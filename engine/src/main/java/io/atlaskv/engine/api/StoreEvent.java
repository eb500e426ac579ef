package io.atlaskv.engine.api;

/// What a store tells those who listen to it ([Db#listen]). Files are named as in its directory.
public sealed interface StoreEvent {

  /// A memtable is about to be written to a table. If that fails it begins again later, and only
  /// what succeeds ends.
  ///
  /// @param memtableBytes memory of the memtable
  /// @param entries its keys
  record FlushBegan(long memtableBytes, long entries) implements StoreEvent {}

  /// The table of a memtable is part of the store, durably so.
  ///
  /// @param memtableBytes memory of the memtable
  /// @param entries its keys
  /// @param tableBytes bytes of the tables written, 0 if nothing was left to write
  /// @param nanos since it began
  record FlushEnded(long memtableBytes, long entries, long tableBytes, long nanos)
      implements StoreEvent {}

  /// Tables are about to be merged, moved or dropped. What fails does not end.
  ///
  /// @param level of the tables
  /// @param outputLevel where their entries go
  /// @param tables how many, those of `outputLevel` that they overlap included
  /// @param bytes of these
  /// @param reason why these and why now
  record CompactionBegan(int level, int outputLevel, int tables, long bytes, String reason)
      implements StoreEvent {}

  /// The outcome of a compaction is part of the store, durably so.
  ///
  /// @param level of the tables
  /// @param outputLevel where their entries went
  /// @param readBytes bytes of the tables merged; 0 if they were moved or dropped as they are
  /// @param writtenBytes bytes of the tables written
  /// @param nanos since it began
  record CompactionEnded(int level, int outputLevel, long readBytes, long writtenBytes, long nanos)
      implements StoreEvent {}

  /// A table was written and is part of the store.
  ///
  /// @param file its name
  /// @param level where it is
  /// @param bytes of the file
  /// @param entries versions of keys in it
  record TableCreated(String file, int level, long bytes, long entries) implements StoreEvent {}

  /// A table that nothing needs any more was deleted.
  ///
  /// @param file its name
  record TableDeleted(String file) implements StoreEvent {}

  /// The log was synced.
  ///
  /// @param durableSequence everything up to it is on disk
  /// @param nanos how long the operating system took
  record Synced(long durableSequence, long nanos) implements StoreEvent {}

  /// A writer was put off, or had to wait.
  ///
  /// @param cause why
  /// @param nanos for how long
  record Stalled(Cause cause, long nanos) implements StoreEvent {
    /// Why a writer does not go on at once.
    public enum Cause {
      /// Flushes and compactions are behind; the more so, the longer.
      DELAY,
      /// No memtable or no segment of the log is free: the writer waits until one is.
      NO_ROOM
    }
  }

  /// A user's filter threw, for the first time since the store was opened. The value stays.
  ///
  /// @param namespace its name
  /// @param failure what it threw
  record CompactionFilterFailed(String namespace, Throwable failure) implements StoreEvent {}

  /// Listeners were slower than the store; so many events that would stand here are not told.
  ///
  /// @param events their number
  record Missed(long events) implements StoreEvent {}
}
