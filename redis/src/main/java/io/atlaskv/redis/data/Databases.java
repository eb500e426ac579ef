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

  static final int NONE = 0;

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

  /// Keys of a database, those included that have expired and are not deleted yet.
  public long keys(int number) {
    return store.counter(namespaces.get(number), Keyspace.KEYS);
  }

  /// Keys of a database that expire.
  public long expiring(int number) {
    return store.counter(namespaces.get(number), Keyspace.EXPIRING);
  }

  /// Bytes of the keys and values of all databases, as clients see them.
  public long bytes() {
    long bytes = 0;
    for (int number = 0; number < COUNT; number++) {
      bytes += store.counter(namespaces.get(number), Keyspace.BYTES);
    }
    return bytes;
  }

  long counter(int namespace, int counterId) {
    return store.counter(namespace, counterId);
  }

  /// A namespace that was never given out; `NONE` = no room now.
  int reserve() {
    return store.reserveNamespace();
  }

  /// A database lives in another namespace from now on (D1).
  void moved(int number, int namespace) {
    namespaces.set(number, namespace);
  }

  private void assign(int number, Batch batch) {
    int namespace = reserve();
    if (namespace == NONE) {
      throw new IllegalStateException("no room in the log of a store that was just opened");
    }
    namespaces.set(number, namespace);
    record(number, namespace, batch);
  }

  static void record(int number, int namespace, Batch batch) {
    int at = batch.putShort(DatabaseFormat.key(number), DatabaseFormat.VALUE_BYTES);
    DatabaseFormat.write(batch.segment(), at, namespace);
  }
}
