package io.atlaskv.engine.internal.embedded;

import io.atlaskv.engine.api.AsyncStore;
import io.atlaskv.engine.api.BulkLoad;
import io.atlaskv.engine.api.ChangeFeed;
import io.atlaskv.engine.api.ClosedException;
import io.atlaskv.engine.api.Codec;
import io.atlaskv.engine.api.Cursor;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.KeyValueReader;
import io.atlaskv.engine.api.KeyValueStore;
import io.atlaskv.engine.api.Range;
import io.atlaskv.engine.api.RangeQuery;
import io.atlaskv.engine.api.ReadOnlyException;
import io.atlaskv.engine.api.Secondary;
import io.atlaskv.engine.api.Snapshot;
import io.atlaskv.engine.api.Subscription;
import io.atlaskv.engine.api.Transaction;
import io.atlaskv.engine.api.TransactionOptions;
import io.atlaskv.engine.api.TransactionStore;
import java.nio.file.Path;
import java.util.List;
import java.util.NavigableSet;
import java.util.Random;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceArray;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Objects that a store handed out, for all threads: some of each kind, replaced by newer ones as
/// calls return them.
final class HandedOut {
  /// What is called by its public methods. An object counts as the first that it is of.
  static final List<Class<?>> KINDS =
      List.of(
          Db.class,
          Snapshot.class,
          Transaction.class,
          TransactionStore.class,
          KeyValueStore.class,
          KeyValueReader.class,
          RangeQuery.class,
          Cursor.class,
          ChangeFeed.class,
          BulkLoad.class,
          Subscription.class,
          Secondary.class,
          AsyncStore.class,
          ConcurrentNavigableMap.class,
          NavigableSet.class);

  private static final int EACH = 4;

  private final AtomicReferenceArray<Object> objects =
      new AtomicReferenceArray<>(KINDS.size() * EACH);
  private final AtomicInteger next = new AtomicInteger();
  private final Path checkpoints;

  /// @param store with a namespace `one`
  HandedOut(FuzzedStore store, Path checkpoints) {
    this.checkpoints = checkpoints;
    Db db = store.db();
    KeyValueStore namespace = db.namespace("one");
    if (store.state().takesWrites()) {
      addDropped(db);
    }
    for (int i = 0; i < EACH; i++) {
      Snapshot snapshot = db.snapshot();
      var map = db.asMap(Codec.bytes(), Codec.bytes());
      add(db);
      add(snapshot);
      add(namespace);
      add(snapshot.of(namespace));
      Transaction transaction = db.begin(TransactionOptions.DEFAULT);
      add(transaction);
      add(transaction.of(namespace));
      add(i % 2 == 0 ? db.range(Range.all()) : snapshot.range(Range.all()).reverse());
      add(db.range(Range.all()).open());
      addUnlessRefused(
          () -> db.changes(db.statistics().lastSequence() + 1, ChangeFeed.Delivery.WRITTEN));
      addUnlessRefused(i % 2 == 0 ? db::bulkLoad : namespace::bulkLoad);
      add(db.listen(_ -> {}));
      add(db.async());
      add(i % 2 == 0 ? map : map.descendingMap());
      add(map.navigableKeySet());
    }
    store.secondary().ifPresent(this::add);
  }

  /// Handles of a namespace that has been dropped.
  private void addDropped(Db db) {
    KeyValueStore dropped = db.namespace("dropped");
    add(dropped);
    add(dropped.async());
    add(dropped.asMap(Codec.bytes(), Codec.bytes()));
    add(dropped.bulkLoad());
    add(db.begin(TransactionOptions.DEFAULT).of(dropped));
    db.dropNamespace("dropped");
  }

  /// A store that takes no writes does not hand out all.
  private void addUnlessRefused(Supplier<?> maker) {
    try {
      add(maker.get());
    } catch (ReadOnlyException _) {
      // there is none of it
    }
  }

  static boolean hasKind(Object object) {
    return KINDS.stream().anyMatch(kind -> kind.isInstance(object));
  }

  private static int kindOf(Object object) {
    for (int i = 0; i < KINDS.size(); i++) {
      if (KINDS.get(i).isInstance(object)) {
        return i;
      }
    }
    throw new IllegalArgumentException("of no kind: " + object.getClass());
  }

  /// Puts an object in the place of an older one of its kind.
  void add(Object object) {
    objects.set(kindOf(object) * EACH + Math.floorMod(next.getAndIncrement(), EACH), object);
  }

  /// Number of a kind of which there is something.
  int anyKind(Random random) {
    while (true) {
      int kind = random.nextInt(KINDS.size());
      if (find(kind, random) != null) {
        return kind;
      }
    }
  }

  /// One of a kind; there may be few of it at first.
  Object any(int kind, Random random) {
    Object found = find(kind, random);
    if (found == null) {
      throw new IllegalStateException("none of " + KINDS.get(kind));
    }
    return found;
  }

  private @Nullable Object find(int kind, Random random) {
    int from = random.nextInt(EACH);
    for (int i = 0; i < EACH; i++) {
      Object object = objects.get(kind * EACH + (from + i) % EACH);
      if (object != null) {
        return object;
      }
    }
    return null;
  }

  KeyValueStore anyNamespace(Random random) {
    return (KeyValueStore) any(KINDS.indexOf(KeyValueStore.class), random);
  }

  /// A savepoint of some transaction, or of none.
  Transaction.Savepoint anySavepoint(Random random) {
    try {
      return ((Transaction) any(KINDS.indexOf(Transaction.class), random)).savepoint();
    } catch (ClosedException | IllegalStateException _) { // it has ended, or another uses it
      return new Transaction.Savepoint() {};
    }
  }

  Path newCheckpoint() {
    return checkpoints.resolve("c" + next.getAndIncrement());
  }
}
