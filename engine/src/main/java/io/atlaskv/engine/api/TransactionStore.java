package io.atlaskv.engine.api;

import org.jspecify.annotations.Nullable;

/// One namespace as a transaction sees it: as of the transaction's moment, with the transaction's
/// own writes. Keys and values are copied when they are written. Not thread-safe. After the end of
/// the transaction every method throws [ClosedException].
///
/// Cursors and streams of [#range] see own writes, later ones too as far as they have not passed
/// them, and end with the transaction. [#explain] tells of the store without own writes, and what
/// it looks at does not count as read.
public interface TransactionStore extends KeyValueReader {

  /// The value of a key, or null when there is none; the commit fails if the key changes before it,
  /// under [Isolation#SNAPSHOT] too. A pessimistic transaction locks the key as for a write.
  byte @Nullable [] getForUpdate(byte[] key);

  /// Sets the value of a key.
  ///
  /// @throws IllegalArgumentException when key or value is longer than the store's limits, or the
  ///   writes of the transaction are more bytes than a batch may have
  void put(byte[] key, byte[] value);

  /// Sets the value of a key, which nobody sees any more once it has expired; of this transaction's
  /// own it is seen to the commit. `Expiry.after` counts from this call.
  ///
  /// @throws IllegalArgumentException as for [#put(byte[], byte[])]
  void put(byte[] key, byte[] value, Expiry expiry);

  /// Deletes a key; a key that does not exist is no error.
  void delete(byte[] key);

  /// Deletes all keys of a range in one record, whatever their number. What is in it is neither
  /// read nor locked.
  void deleteRange(Range range);
}
