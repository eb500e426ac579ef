package io.atlaskv.redis.data;

import io.atlaskv.engine.internal.base.Lookup;
import io.atlaskv.redis.store.Batch;
import io.atlaskv.redis.store.Reader;
import io.atlaskv.redis.store.Store;
import io.atlaskv.redis.store.Written;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerArray;

/// The numbered databases and the namespaces they live in.
///
/// Invariants:
/// - D1: the namespace of a database changes only under all latches, with the record of it, so a
///   command that holds a latch sees one namespace from its first read to its commit.
/// - D2: namespaces are never reused: what a flushed database held can never come back.
/// - D3: the store counts the writes to exactly the namespaces in which a database lives, and to
///   those a command has reserved and not yet committed to.
public final class Databases {
  /// Number of databases.
  public static final int COUNT = 16;

  static final int NONE = 0;

  /// A database goes to another namespace.
  ///
  /// @param isReserved whether the namespace was reserved for it; else another one lived there
  record Move(int database, int namespace, boolean isReserved) {}

  private final Store store;
  private final AtomicIntegerArray namespaces = new AtomicIntegerArray(COUNT);
  private final Written[] before = new Written[COUNT]; // in earlier namespaces; guarded by this

  private Databases(Store store) {
    this.store = store;
    Arrays.fill(before, Written.NONE);
  }

  /// Reads the records, and makes those that are missing. May block.
  public static Databases open(Store store) {
    var databases = new Databases(store);
    Reader reader = store.newReader(true);
    var lookup = new Lookup();
    try (Batch batch = store.newBatch()) {
      for (int number = 0; number < COUNT; number++) {
        byte[] key = DatabaseFormat.key(number);
        if (reader.get(key, 0, key.length, lookup) == Reader.FOUND) {
          int namespace =
              DatabaseFormat.namespace(lookup.segment(), lookup.offset(), lookup.length());
          databases.namespaces.set(number, namespace);
          store.countWrites(namespace);
        } else {
          databases.assign(number, batch);
        }
      }
      lookup.release();
      reader.reset();
      if (!batch.isEmpty()) {
        store.commit(batch);
      }
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

  /// Bytes of the keys and values of a database, as clients see them.
  public long bytes(int number) {
    return store.counter(namespaces.get(number), Keyspace.BYTES);
  }

  /// Bytes of the keys and values of all databases, as clients see them.
  public long bytes() {
    long bytes = 0;
    for (int number = 0; number < COUNT; number++) {
      bytes += bytes(number);
    }
    return bytes;
  }

  /// Bytes of tables that fall to a database, about.
  public long tableBytes(int number) {
    return store.tableBytes(namespaces.get(number));
  }

  /// What was written to a database since the store was opened, whatever it lived in.
  public synchronized Written written(int number) {
    return before[number].plus(store.written(namespaces.get(number)));
  }

  long counter(int namespace, int counterId) {
    return store.counter(namespace, counterId);
  }

  /// A namespace that was never given out; `NONE` = no room now.
  int reserve() {
    int namespace = store.reserveNamespace();
    if (namespace != NONE) {
      store.countWrites(namespace);
    }
    return namespace;
  }

  /// Databases live in other namespaces from now on (D1), after these moves. What was written to
  /// each stays its own.
  synchronized void moved(List<Move> moves) {
    int[] now = new int[COUNT];
    Arrays.setAll(now, namespaces::get);
    var left = new HashSet<Integer>();
    for (Move move : moves) {
      int number = move.database();
      left.add(now[number]);
      before[number] = before[number].plus(store.written(now[number]));
      if (!move.isReserved()) {
        before[number] = before[number].minus(store.written(move.namespace()));
      }
      now[number] = move.namespace();
    }
    for (int number = 0; number < COUNT; number++) {
      namespaces.set(number, now[number]);
      left.remove(now[number]);
    }
    left.forEach(store::forgetWrites);
  }

  /// Moves that were not committed: what was reserved for them is not used (D3).
  void dropped(List<Move> moves) {
    for (Move move : moves) {
      if (move.isReserved()) {
        store.forgetWrites(move.namespace());
      }
    }
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
