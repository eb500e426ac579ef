package io.atlaskv.bench.engine;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import org.cojen.tupl.Cursor;
import org.cojen.tupl.Database;
import org.cojen.tupl.DatabaseConfig;
import org.cojen.tupl.DurabilityMode;
import org.cojen.tupl.Index;
import org.cojen.tupl.Transaction;

/// Tupl: a B-tree with a redo log and checkpoints, in Java.
final class TuplStore implements BenchStore {
  static final String OPTIONS =
      "Tupl 1.3.11: DurabilityMode.NO_SYNC, fillsync SYNC; cache = block cache + write buffer,"
          + " reads without a transaction; other options default";

  private final Database database;
  private final Index entries;

  private TuplStore(StoreSettings settings) throws IOException {
    long cacheBytes = settings.cacheBytes() + settings.memtableBytes();
    database =
        Database.open(
            new DatabaseConfig()
                .baseFile(settings.directory().resolve("entries").toFile())
                .minCacheSize(cacheBytes)
                .maxCacheSize(cacheBytes)
                .durabilityMode(DurabilityMode.NO_SYNC));
    entries = database.openIndex("entries");
  }

  static BenchStore open(StoreSettings settings) {
    try {
      return new TuplStore(settings);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void put(byte[] key, byte[] value) {
    try {
      entries.store(null, key, value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void putSynced(byte[] key, byte[] value) {
    commit(DurabilityMode.SYNC, List.of(key), List.of(value));
  }

  @Override
  public void putBatch(List<byte[]> keys, List<byte[]> values) {
    commit(DurabilityMode.NO_SYNC, keys, values);
  }

  private void commit(DurabilityMode durability, List<byte[]> keys, List<byte[]> values) {
    try {
      var transaction = database.newTransaction(durability);
      try {
        for (int i = 0; i < keys.size(); i++) {
          entries.store(transaction, keys.get(i), values.get(i));
        }
        transaction.commit();
      } finally {
        transaction.reset();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void delete(byte[] key) {
    try {
      entries.delete(null, key);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public int get(byte[] key, byte[] value) {
    try {
      return BenchStore.copy(entries.load(null, key), value);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public BenchCursor cursor() {
    return new TreeCursor(entries.newCursor(Transaction.BOGUS));
  }

  @Override
  public void flush() {
    try {
      database.checkpoint();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      database.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private record TreeCursor(Cursor cursor) implements BenchCursor {
    @Override
    public void seekToFirst() {
      try {
        cursor.first();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public void seek(byte[] key) {
      try {
        cursor.findGe(key);
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public boolean isValid() {
      return cursor.key() != null;
    }

    @Override
    public void next() {
      try {
        cursor.next();
      } catch (IOException e) {
        throw new UncheckedIOException(e);
      }
    }

    @Override
    public int read(byte[] key, byte[] value) {
      return BenchStore.copy(cursor.key(), key) + BenchStore.copy(cursor.value(), value);
    }

    @Override
    public void close() {
      cursor.reset();
    }
  }
}
