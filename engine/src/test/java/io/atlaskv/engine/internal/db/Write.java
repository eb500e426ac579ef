package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.api.BulkLoad;
import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.api.CompactionStyle;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.KeyValueStore;
import io.atlaskv.engine.api.NamespaceOptions;
import io.atlaskv.engine.api.Range;
import io.atlaskv.engine.api.WriteBatch;
import java.util.Collections;
import java.util.List;
import java.util.NavigableMap;
import java.util.TreeMap;
import java.util.stream.Stream;

/// One write of a test, which can be done to a store and to its model. Each is one commit, given
/// that the namespaces it names exist.
sealed interface Write {
  /// An hour that is over when a workload begins.
  int OVER = -1;

  /// An hour that does not come while a workload runs.
  int LATER = 100;

  /// Sets a value.
  record Put(String namespace, Bytes key, Bytes value) implements Write {}

  /// Sets a value that expires at an hour of the store's time (`SimStore.hour`).
  record PutExpiring(String namespace, Bytes key, Bytes value, int hour) implements Write {}

  /// Deletes a key.
  record Delete(String namespace, Bytes key) implements Write {}

  /// Deletes a range of keys.
  record DeleteRange(String namespace, Range range) implements Write {}

  /// Several of the above at once.
  record Batch(List<Write> parts) implements Write {
    public Batch {
      parts = List.copyOf(parts);
    }
  }

  /// Loads entries, whose keys are made ascending, as one.
  record Load(String namespace, NavigableMap<Bytes, Bytes> entries) implements Write {
    public Load {
      entries = Collections.unmodifiableNavigableMap(new TreeMap<>(entries));
    }
  }

  /// Makes a namespace.
  record Create(String namespace) implements Write {}

  /// Makes a namespace whose tables are merged in this style, or gives one that is there the style.
  record Style(String namespace, CompactionStyle style) implements Write {}

  /// Drops a namespace.
  record Drop(String namespace) implements Write {}

  static Write put(String key, String value) {
    return new Put(StoreModel.DEFAULT, Bytes.ofUtf8(key), Bytes.ofUtf8(value));
  }

  /// A write of a value that expires.
  ///
  /// @param hour `OVER` or `LATER`
  static Write expiring(String key, String value, int hour) {
    return new PutExpiring(StoreModel.DEFAULT, Bytes.ofUtf8(key), Bytes.ofUtf8(value), hour);
  }

  static Write load(String... keysAndValues) {
    var entries = new TreeMap<Bytes, Bytes>();
    for (int i = 0; i < keysAndValues.length; i += 2) {
      entries.put(Bytes.ofUtf8(keysAndValues[i]), Bytes.ofUtf8(keysAndValues[i + 1]));
    }
    return new Load(StoreModel.DEFAULT, entries);
  }

  static Write delete(String key) {
    return new Delete(StoreModel.DEFAULT, Bytes.ofUtf8(key));
  }

  static Write deleteRange(String lower, String upper) {
    return new DeleteRange(StoreModel.DEFAULT, new Range(Bytes.ofUtf8(lower), Bytes.ofUtf8(upper)));
  }

  static Write batch(Write... parts) {
    return new Batch(List.of(parts));
  }

  /// The same write in another namespace.
  default Write in(String namespace) {
    return switch (this) {
      case Put put -> new Put(namespace, put.key, put.value);
      case PutExpiring put -> new PutExpiring(namespace, put.key, put.value, put.hour);
      case Delete delete -> new Delete(namespace, delete.key);
      case DeleteRange delete -> new DeleteRange(namespace, delete.range);
      case Load load -> new Load(namespace, load.entries);
      case Batch batch -> new Batch(batch.parts.stream().map(part -> part.in(namespace)).toList());
      case Create _, Style _, Drop _ -> throw new IllegalStateException(toString());
    };
  }

  /// Namespaces that must exist before it.
  default Stream<String> needs() {
    return switch (this) {
      case Put put -> Stream.of(put.namespace);
      case PutExpiring put -> Stream.of(put.namespace);
      case Delete delete -> Stream.of(delete.namespace);
      case DeleteRange delete -> Stream.of(delete.namespace);
      case Load load -> Stream.of(load.namespace);
      case Batch batch -> batch.parts.stream().flatMap(Write::needs);
      case Create _, Style _, Drop _ -> Stream.empty();
    };
  }

  /// Does it to a model.
  default void to(StoreModel model) {
    switch (this) {
      case Put put -> model.put(put.namespace, put.key, put.value);
      case PutExpiring put -> model.put(put.namespace, put.key, put.value, put.hour);
      case Delete delete -> model.delete(delete.namespace, delete.key);
      case DeleteRange delete -> model.deleteRange(delete.namespace, delete.range);
      case Load load -> load.entries.forEach((key, value) -> model.put(load.namespace, key, value));
      case Batch batch -> batch.parts.forEach(part -> part.to(model));
      case Create create -> model.create(create.namespace);
      case Style style -> model.create(style.namespace);
      case Drop drop -> model.drop(drop.namespace);
    }
  }

  /// Does it to a store.
  default void to(Db db) {
    switch (this) {
      case Put put -> of(db, put.namespace).put(put.key.toArray(), put.value.toArray());
      case PutExpiring put ->
          of(db, put.namespace)
              .put(put.key.toArray(), put.value.toArray(), SimStore.expiryAtHour(put.hour));
      case Delete delete -> of(db, delete.namespace).delete(delete.key.toArray());
      case DeleteRange delete -> of(db, delete.namespace).deleteRange(delete.range);
      case Load load -> {
        try (BulkLoad begun = of(db, load.namespace).bulkLoad()) {
          load.entries.forEach((key, value) -> begun.put(key.toArray(), value.toArray()));
          begun.commit();
        }
      }
      case Batch batch -> {
        var built = new WriteBatch();
        for (Write part : batch.parts) {
          part.addTo(built, db);
        }
        db.write(built);
      }
      case Create create -> db.namespace(create.namespace);
      case Style style ->
          db.namespace(style.namespace, NamespaceOptions.DEFAULT.withCompaction(style.style));
      case Drop drop -> db.dropNamespace(drop.namespace);
    }
  }

  private void addTo(WriteBatch batch, Db db) {
    switch (this) {
      case Put put -> batch.put(of(db, put.namespace), put.key.toArray(), put.value.toArray());
      case PutExpiring put ->
          batch.put(
              of(db, put.namespace),
              put.key.toArray(),
              put.value.toArray(),
              SimStore.expiryAtHour(put.hour));
      case Delete delete -> batch.delete(of(db, delete.namespace), delete.key.toArray());
      case DeleteRange delete -> batch.deleteRange(of(db, delete.namespace), delete.range);
      case Batch _, Load _, Create _, Style _, Drop _ ->
          throw new IllegalStateException(toString());
    }
  }

  private static KeyValueStore of(Db db, String namespace) {
    return StoreModel.namespace(db, namespace);
  }
}
