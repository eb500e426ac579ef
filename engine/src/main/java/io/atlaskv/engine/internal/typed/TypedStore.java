package io.atlaskv.engine.internal.typed;

import io.atlaskv.engine.api.ByteWriter;
import io.atlaskv.engine.api.Codec;
import io.atlaskv.engine.api.KeyValueStore;
import io.atlaskv.engine.api.OrderedCodec;
import io.atlaskv.engine.api.WriteBatch;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// A namespace with the codecs of its keys and values: all that a map does with a single key.
///
/// Whatever reads a value and writes by it goes through [KeyValueStore#update], and so is atomic
/// against every writer of the store.
record TypedStore<K, V>(KeyValueStore store, OrderedCodec<K> keys, Codec<V> values) {
  private static final int BATCH_ENTRIES = 1_000;
  private static final int BATCH_BYTES = 1 << 20;

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
