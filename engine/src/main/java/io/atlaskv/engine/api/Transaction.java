package io.atlaskv.engine.api;

/// Reads and writes of any namespaces that take effect together, as if nobody else had been there,
/// or not at all ([Isolation]). Reads and writes of the `default` namespace directly, of others
/// through [#of]. Used by one thread at a time; must be committed or closed.
///
/// It sees the store as of its first read, or under [Isolation#SNAPSHOT] as of its first operation,
/// and its own writes, which nobody else sees before they are committed. Until its end it keeps old
/// versions from being compacted away, as a snapshot does.
///
/// A pessimistic transaction locks each key it writes or reads for update, and under
/// [Isolation#SERIALIZABLE] shared each key that it reads one by one, to its end. Ranges are not
/// locked: those scanned are checked at the commit. Writes outside of transactions and optimistic
/// transactions take no notice of locks; they make the commit fail where they did harm.
public interface Transaction extends TransactionStore, AutoCloseable {

  /// A state of the transaction's writes, to go back to. Of no use to other transactions.
  interface Savepoint {}

  /// Another namespace of the same store within this transaction.
  TransactionStore of(KeyValueStore namespace);

  /// What the transaction has written so far.
  Savepoint savepoint();

  /// Takes back all writes since a savepoint; later savepoints are of no use from then on. What was
  /// read stays read, what was locked stays locked.
  ///
  /// @throws IllegalArgumentException if the savepoint is not of this transaction, or was made
  ///   after one that the transaction has gone back to
  void rollbackTo(Savepoint savepoint);

  /// Makes all writes take effect, as one batch, and ends the transaction. Returns when they are as
  /// durable as asked. A transaction without writes has nothing to do and never fails.
  ///
  /// @throws ConflictException if another was faster; the transaction has ended then, without
  ///   effect
  /// @throws IllegalStateException if a namespace that it wrote to has been dropped; likewise
  void commit();

  /// Ends the transaction without effect.
  void rollback();

  /// As [#rollback], unless it has ended: then it does nothing.
  @Override
  void close();
}
