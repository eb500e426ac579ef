package io.atlaskv.redis.data;

import io.atlaskv.redis.store.Batch;
import io.atlaskv.redis.store.OverlayBatch;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The numbered databases as one command sees them: with what its batch changes, which the others
/// see when `commit` has told them.
public final class DatabaseView {
  private static final int UNCHANGED = 0;

  private final Databases databases;
  private final int[] namespaces = new int[Databases.COUNT];
  private final List<Databases.Move> moves = new ArrayList<>(0);
  private @Nullable OverlayBatch overlay;

  public DatabaseView(Databases databases) {
    this.databases = databases;
  }

  /// From now on the counters show what this batch adds to them; null = none does.
  public void over(@Nullable OverlayBatch batch) {
    overlay = batch;
  }

  /// Where a database lives.
  public int namespace(int number) {
    return isChanged() && namespaces[number] != UNCHANGED
        ? namespaces[number]
        : databases.namespace(number);
  }

  /// The database in a namespace; -1 if there is none.
  public int numberOf(int namespace) {
    for (int number = 0; number < Databases.COUNT; number++) {
      if (namespace(number) == namespace) {
        return number;
      }
    }
    return -1;
  }

  /// Keys of a database, those included that have expired and are not deleted yet.
  public long keys(int number) {
    return counter(namespace(number), Keyspace.KEYS);
  }

  /// Keys of a database that expire.
  public long expiring(int number) {
    return counter(namespace(number), Keyspace.EXPIRING);
  }

  private long counter(int namespace, int counterId) {
    long stored = databases.counter(namespace, counterId);
    return overlay == null ? stored : stored + overlay.counted(namespace, counterId);
  }

  /// Puts into `batch` what empties a database: it moves to a fresh namespace, and a range
  /// tombstone covers the old one. False: no room now, nothing was done. The caller holds all
  /// latches.
  public boolean flush(int number, Batch batch) {
    long keys = keys(number);
    if (keys == 0) {
      return true;
    }
    int namespace = databases.reserve();
    if (namespace == Databases.NONE) {
      return false;
    }
    int old = namespace(number);
    batch.count(old, Keyspace.EXPIRING, -expiring(number));
    batch.count(old, Keyspace.KEYS, -keys);
    batch.deleteRange(RowKey.namespace(old), RowKey.namespace(old + 1));
    move(number, namespace, true, batch);
    return true;
  }

  /// Puts into `batch` what exchanges two databases. The caller holds all latches.
  public void swap(int one, int other, Batch batch) {
    int namespace = namespace(one);
    move(one, namespace(other), false, batch);
    move(other, namespace, false, batch);
  }

  private void move(int number, int namespace, boolean isReserved, Batch batch) {
    Databases.record(number, namespace, batch);
    namespaces[number] = namespace;
    moves.add(new Databases.Move(number, namespace, isReserved));
  }

  /// True if databases have moved.
  public boolean isChanged() {
    return !moves.isEmpty();
  }

  /// The batch was committed: all see where the databases are now. The caller holds all latches.
  public void commit() {
    databases.moved(moves);
    forget();
  }

  /// The changes are not committed.
  public void clear() {
    if (isChanged()) {
      databases.dropped(moves);
      forget();
    }
  }

  private void forget() {
    Arrays.fill(namespaces, UNCHANGED);
    moves.clear();
  }
}
