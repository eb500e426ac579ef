package io.atlaskv.bench.transaction;

/// A store with one kind of transactions, for any number of threads with a client each. No write
/// waits for a disk.
interface TransactionalStore extends AutoCloseable {
  /// What one thread does with it.
  interface Client extends AutoCloseable {
    /// Puts one key, outside of transactions.
    void put(byte[] key, byte[] value);

    /// Puts all keys at once, outside of transactions.
    void putBatch(byte[][] keys, byte[] value);

    /// Puts all keys in a transaction, again until it is committed.
    ///
    /// @return how often it ran
    int transactPuts(byte[][] keys, byte[] value);

    /// Reads and puts one key after the other in a transaction that no writer of them may come
    /// between, again until it is committed.
    ///
    /// @param thought what the transaction does between its last put and its commit
    /// @return how often it ran
    int transactUpdates(byte[][] keys, byte[] value, Runnable thought);

    @Override
    void close();
  }

  Client client();

  @Override
  void close();
}
