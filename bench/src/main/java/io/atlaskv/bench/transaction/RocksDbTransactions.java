package io.atlaskv.bench.transaction;

import java.nio.file.Path;
import org.jspecify.annotations.Nullable;
import org.rocksdb.OptimisticTransactionDB;
import org.rocksdb.Options;
import org.rocksdb.ReadOptions;
import org.rocksdb.RocksDB;
import org.rocksdb.RocksDBException;
import org.rocksdb.Status;
import org.rocksdb.Transaction;
import org.rocksdb.TransactionDB;
import org.rocksdb.TransactionDBOptions;
import org.rocksdb.TransactionOptions;
import org.rocksdb.WriteBatch;
import org.rocksdb.WriteOptions;

/// RocksDB through its Java binding: `OptimisticTransactionDB` or `TransactionDB`, with the options
/// of their own that make them comparable: deadlocks are found, reads are `getForUpdate`. One
/// transaction object is used again by each client, as its documentation advises.
final class RocksDbTransactions implements TransactionalStore {
  static {
    RocksDB.loadLibrary();
  }

  private final Options options = new Options().setCreateIfMissing(true);
  private final TransactionDBOptions lockOptions = new TransactionDBOptions();
  private final TransactionOptions pessimistic = new TransactionOptions().setDeadlockDetect(true);
  private final WriteOptions unsynced = new WriteOptions();
  private final ReadOptions read = new ReadOptions();
  private final RocksDB db;

  RocksDbTransactions(Path directory, boolean isOptimistic) throws RocksDBException {
    db =
        isOptimistic
            ? OptimisticTransactionDB.open(options, directory.toString())
            : TransactionDB.open(options, lockOptions, directory.toString());
  }

  private Transaction begin(@Nullable Transaction old) {
    if (db instanceof OptimisticTransactionDB optimistic) {
      return old == null
          ? optimistic.beginTransaction(unsynced)
          : optimistic.beginTransaction(unsynced, old);
    }
    var locking = (TransactionDB) db;
    return old == null
        ? locking.beginTransaction(unsynced, pessimistic)
        : locking.beginTransaction(unsynced, pessimistic, old);
  }

  @Override
  public Client client() {
    return new RocksDbClient();
  }

  @Override
  public void close() {
    db.close();
    read.close();
    unsynced.close();
    pessimistic.close();
    lockOptions.close();
    options.close();
  }

  private final class RocksDbClient implements Client {
    private @Nullable Transaction transaction;

    @Override
    public void put(byte[] key, byte[] value) {
      try {
        db.put(unsynced, key, value);
      } catch (RocksDBException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void putBatch(byte[][] keys, byte[] value) {
      try (var batch = new WriteBatch()) {
        for (byte[] key : keys) {
          batch.put(key, value);
        }
        db.write(unsynced, batch);
      } catch (RocksDBException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public int transactPuts(byte[][] keys, byte[] value) {
      return transact(keys, value, false, () -> {});
    }

    @Override
    public int transactUpdates(byte[][] keys, byte[] value, Runnable thought) {
      return transact(keys, value, true, thought);
    }

    private int transact(byte[][] keys, byte[] value, boolean reads, Runnable thought) {
      for (int tries = 1; ; tries++) {
        Transaction running = begin(transaction);
        transaction = running;
        try {
          for (byte[] key : keys) {
            if (reads) {
              running.getForUpdate(read, key, true);
            }
            running.put(key, value);
          }
          thought.run();
          running.commit();
          return tries;
        } catch (RocksDBException e) {
          rollBack(running, e);
        }
      }
    }

    private void rollBack(Transaction failed, RocksDBException reason) {
      Status status = reason.getStatus();
      Status.Code code = status == null ? Status.Code.Undefined : status.getCode();
      if (code != Status.Code.Busy
          && code != Status.Code.TryAgain
          && code != Status.Code.TimedOut) {
        throw new IllegalStateException(reason);
      }
      try {
        failed.rollback();
      } catch (RocksDBException e) {
        throw new IllegalStateException(e);
      }
    }

    @Override
    public void close() {
      if (transaction != null) {
        transaction.close();
      }
    }
  }
}
