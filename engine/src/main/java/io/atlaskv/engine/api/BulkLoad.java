package io.atlaskv.engine.api;

/// Loads many sorted entries into a namespace: they go into tables directly, without log and
/// memtable, and become part of the store all at once, by `commit`.
///
/// - Keys come in ascending order, as unsigned bytes, each once.
/// - Until `commit` nobody sees any of them, and a crash leaves none. From its return on all are
///   there, on disk, newer than every write before, whatever the store's durability.
/// - They are no part of the log, nor of what is archived of it. A change feed tells that there was
///   a load (`Change.BulkLoaded`), not of what.
/// - One thread at a time. Must be closed; closed without a commit, or with the store, it is given
///   up.
public interface BulkLoad extends AutoCloseable {
  /// Adds an entry.
  ///
  /// @throws IllegalArgumentException if its key or value is longer than the store's limits, or the
  ///   key not after the one before; the message names the entry's position, and the load goes on
  ///   without it
  /// @throws StorageException if its tables cannot be written: only `close` may follow
  /// @throws IllegalStateException if the load has failed or is committed
  void put(byte[] key, byte[] value);

  /// Adds an entry that expires.
  ///
  /// @throws IllegalArgumentException as above
  /// @throws StorageException as above
  /// @throws IllegalStateException as above
  void put(byte[] key, byte[] value, Expiry expiry);

  /// Makes all entries part of the store. Flushes the memtables, and holds writers up for some
  /// milliseconds at the end. Only `close` may follow.
  ///
  /// @return how many there are
  /// @throws IllegalStateException if the namespace has been dropped, or the load has failed, and
  ///   nothing was loaded
  /// @throws StorageException if the disk is full, and nothing was loaded
  long commit();

  /// Gives up what is not committed, and deletes its files.
  @Override
  void close();
}
