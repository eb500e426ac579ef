package io.atlaskv.bench.transaction;

import io.atlaskv.engine.AtlasKv;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.Durability;
import io.atlaskv.engine.api.Locking;
import io.atlaskv.engine.api.Options;
import io.atlaskv.engine.api.TransactionOptions;
import io.atlaskv.engine.api.WriteBatch;
import java.nio.file.Path;

/// AtlasKV, serializable.
final class AtlasKvTransactions implements TransactionalStore {
  private static final int TRIES_MAX = 1_000_000;

  private final Db db;
  private final TransactionOptions options;

  AtlasKvTransactions(Path directory, Locking locking) {
    db = AtlasKv.open(directory, Options.DEFAULT.withDurability(Durability.OS));
    options = TransactionOptions.DEFAULT.withLocking(locking).withTriesMax(TRIES_MAX);
  }

  @Override
  public Client client() {
    return new AtlasKvClient();
  }

  @Override
  public void close() {
    db.close();
  }

  private final class AtlasKvClient implements Client {
    private int tries;

    @Override
    public void put(byte[] key, byte[] value) {
      db.put(key, value);
    }

    @Override
    public void putBatch(byte[][] keys, byte[] value) {
      var batch = new WriteBatch();
      for (byte[] key : keys) {
        batch.put(key, value);
      }
      db.write(batch);
    }

    @Override
    public int transactPuts(byte[][] keys, byte[] value) {
      return transact(keys, value, false, () -> {});
    }

    @Override
    public int transactUpdates(byte[][] keys, byte[] value, Runnable thought) {
      return transact(keys, value, true, thought);
    }

    private int transact(byte[][] keys, byte[] value, boolean readsBefore, Runnable thought) {
      tries = 0;
      db.transact(
          options,
          transaction -> {
            tries++;
            for (byte[] key : keys) {
              if (readsBefore) {
                transaction.getForUpdate(key);
              }
              transaction.put(key, value);
            }
            thought.run();
          });
      return tries;
    }

    @Override
    public void close() {
      // nothing of its own
    }
  }
}
