package io.atlaskv.engine.internal.typed;

import io.atlaskv.engine.api.ByteWriter;
import io.atlaskv.engine.api.Codec;
import io.atlaskv.engine.api.Cursor;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.KeyValueStore;
import io.atlaskv.engine.api.OrderedCodec;
import io.atlaskv.engine.api.Range;
import io.atlaskv.engine.api.TransactionOptions;
import io.atlaskv.engine.api.TransactionStore;
import io.atlaskv.engine.api.WriteBatch;
import java.util.AbstractMap.SimpleImmutableEntry;
import java.util.Map;
import java.util.Map.Entry;
import org.jspecify.annotations.Nullable;

/// A namespace with the codecs of its keys and values: all that a map does with a single key.
///
/// Whatever reads a value and writes by it goes through [KeyValueStore#update], or a transaction
/// where it depends on other keys being absent, and so is atomic against every writer of the store.
///
/// @param db whose namespace it is
record TypedStore<K, V>(Db db, KeyValueStore store, OrderedCodec<K> keys, Codec<V> values) {
  private static final int BATCH_ENTRIES = 1_000;
  private static final int BATCH_BYTES = 1 << 20;
  private static final TransactionOptions UNTIL_DONE =
      TransactionOptions.DEFAULT.withTriesMax(TransactionOptions.TRIES_LIMIT);

  /// Makes a new value of an old one; null is no value. May be called more than once.
  interface Remapping<V> {
    @Nullable V of(@Nullable V old);
  }

  /// What one update found and left.
  static final class Seen<V> {
    @Nullable V before;
    @Nullable V after;
  }

  byte[] bytes(K key) {
    return keys.toBytes(key);
  }

  /// Throws what every call throws when the store is closed or the namespace dropped.
  void requireUsable() {
    var _ = store.options();
  }

  @Nullable V find(K key) {
    return store.get(bytes(key), values);
  }

  boolean contains(K key) {
    return store.contains(bytes(key));
  }

  void delete(K key) {
    store.delete(bytes(key));
  }

  /// Sets or deletes; returns the old value.
  @Nullable V exchange(K key, @Nullable V value) {
    byte @Nullable [] bytes = value == null ? null : values.toBytes(value);
    var seen = new Seen<V>();
    store.update(
        bytes(key),
        old -> {
          seen.before = old == null ? null : values.fromBytes(old);
          return bytes;
        });
    return seen.before;
  }

  /// Replaces a value by what `remapping` makes of it; both sides of it are in the answer.
  Seen<V> update(K key, Remapping<V> remapping) {
    var seen = new Seen<V>();
    store.update(
        bytes(key),
        old -> {
          V before = old == null ? null : values.fromBytes(old);
          V after = remapping.of(before);
          seen.before = before;
          seen.after = after;
          return after == null ? null : values.toBytes(after);
        });
    return seen;
  }

  /// Takes out the first or last entry of a range. That there is none nearer to the edge is part of
  /// the step: an entry put there meanwhile, and before this one went, would have had to be taken.
  @Nullable Entry<K, V> takeEdge(Range range, boolean reverse) {
    return db.transactResult(UNTIL_DONE, tx -> takeEdge(tx.of(store), range, reverse));
  }

  private @Nullable Entry<K, V> takeEdge(TransactionStore entries, Range range, boolean reverse) {
    var query = entries.range(range);
    try (Cursor cursor = (reverse ? query.reverse() : query).limit(1).open()) {
      if (!cursor.isValid()) {
        return null;
      }
      var taken = new SimpleImmutableEntry<>(cursor.key(keys), cursor.value(values));
      entries.delete(cursor.key());
      return taken;
    }
  }

  /// Sets all, in batches.
  void putAll(Map<? extends K, ? extends V> entries) {
    var batch = new WriteBatch();
    var out = new ByteWriter();
    for (var entry : entries.entrySet()) {
      values.encode(entry.getValue(), out);
      batch.put(bytes(entry.getKey()), out.toArray());
      out.clear();
      if (batch.count() == BATCH_ENTRIES || batch.bytes() >= BATCH_BYTES) {
        store.write(batch);
        batch.clear();
      }
    }
    store.write(batch);
  }
}
