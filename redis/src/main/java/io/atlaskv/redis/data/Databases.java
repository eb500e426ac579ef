package io.atlaskv.redis.data;

import io.atlaskv.engine.internal.base.Lookup;
import io.atlaskv.redis.store.Batch;
import io.atlaskv.redis.store.Reader;
import io.atlaskv.redis.store.Store;
import java.util.concurrent.atomic.AtomicIntegerArray;

/// The numbered databases and the namespaces they live in.
///
/// Invariants:
/// - D1: the namespace of a database changes only under all latches, with the record of it, so a
///   command that holds a latch sees one namespace from its first read to its commit.
/// - D2: namespaces are never reused: what a flushed database held can never come back.
public final class Databases {
  /// Number of databases.
  public static final int COUNT = 16;

  private static final int NONE = 0;

  private final Store store;
  private final AtomicIntegerArray namespaces = new AtomicIntegerArray(COUNT);

  private Databases(Store store) {
    this.store = store;
  }

  /// Reads the records, and makes those that are missing. May block.
  public static Databases open(Store store) {
    var databases = new Databases(store);
    Reader reader = store.newReader(true);
    var lookup = new Lookup();
    Batch batch = store.newBatch();
    for (int number = 0; number < COUNT; number++) {
      byte[] key = DatabaseFormat.key(number);
      if (reader.get(key, 0, key.length, lookup) == Reader.FOUND) {
        databases.namespaces.set(
            number, DatabaseFormat.namespace(lookup.segment(), lookup.offset(), lookup.length()));
      } else {
        databases.assign(number, batch);
      }
    }
    lookup.release();
    reader.reset();
    if (!batch.isEmpty()) {
      store.commit(batch);
    }
    return databases;
  }

  /// Where a database lives.
  public int namespace(int number) {
    return namespaces.get(number);
  }

  /// The database in a namespace; -1 if there is none.
  public int numberOf(int namespace) {
    for (int number = 0; number < COUNT; number++) {
      if (namespaces.get(number) == namespace) {
        return number;
      }
    }
    return -1;
  }

  /// Keys of a database, those included that have expired and are not deleted yet.
  public long keys(int number) {
    return store.counter(namespaces.get(number), Keyspace.KEYS);
  }

  /// Keys of a database that expire.
  public long expiring(int number) {
    return store.counter(namespaces.get(number), Keyspace.EXPIRING);
  }

  /// Puts into `batch` what empties a database, and returns its new namespace, to be set by `moved`
  /// when the batch is committed; 0 = no room, nothing was done. The caller holds all latches.
  public int flush(int number, Batch batch) {
    int namespace = store.reserveNamespace();
    if (namespace == NONE) {
      return NONE;
    }
    int old = namespaces.get(number);
    batch.deleteRange(RowKey.namespace(old), RowKey.namespace(old + 1));
    batch.count(old, Keyspace.KEYS, -store.counter(old, Keyspace.KEYS));
    batch.count(old, Keyspace.EXPIRING, -store.counter(old, Keyspace.EXPIRING));
    record(number, namespace, batch);
    return namespace;
  }

  /// A flush of this database was committed.
  public void moved(int number, int namespace) {
    namespaces.set(number, namespace);
  }

  private void assign(int number, Batch batch) {
    int namespace = store.reserveNamespace();
    if (namespace == NONE) {
      throw new IllegalStateException("no room in the log of a store that was just opened");
    }
    namespaces.set(number, namespace);
    record(number, namespace, batch);
  }

  private static void record(int number, int namespace, Batch batch) {
    byte[] key = DatabaseFormat.key(number);
    int at = batch.put(key, 0, key.length, DatabaseFormat.VALUE_BYTES);
    DatabaseFormat.write(batch.segment(), at, namespace);
  }
}
