package io.atlaskv.engine.internal.typed;

import io.atlaskv.engine.api.Codec;
import io.atlaskv.engine.api.Cursor;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.KeyValueStore;
import io.atlaskv.engine.api.OrderedCodec;
import java.util.AbstractMap;
import java.util.Collection;
import java.util.Comparator;
import java.util.Iterator;
import java.util.Map;
import java.util.NavigableSet;
import java.util.NoSuchElementException;
import java.util.Objects;
import java.util.Set;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.function.BiFunction;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A namespace, or a part of it, as a map in either direction. Holds nothing: each call goes to the
/// store.
///
/// Invariants:
/// - V1: no cursor is open when a method returns.
/// - V2: a write that depends on a value goes through [TypedStore#update] or [TypedStore#exchange],
///   and nothing else reads before it writes.
public final class StoreMap<K, V> extends AbstractMap<K, V>
    implements ConcurrentNavigableMap<K, V> {
  private final TypedStore<K, V> store;
  private final Span<K> span;
  private final boolean isReverse;

  private StoreMap(TypedStore<K, V> store, Span<K> span, boolean isReverse) {
    this.store = store;
    this.span = span;
    this.isReverse = isReverse;
  }

  /// The whole namespace, in ascending order.
  public static <K, V> StoreMap<K, V> of(
      Db db, KeyValueStore namespace, OrderedCodec<K> keys, Codec<V> values) {
    Objects.requireNonNull(keys, "keys");
    Objects.requireNonNull(values, "values");
    return new StoreMap<>(new TypedStore<>(db, namespace, keys, values), Span.all(keys), false);
  }

  // ---- one key

  /// The key, or null if it is out of this map's range. Nothing is read then, but a closed store
  /// refuses that, too.
  @SuppressWarnings("unchecked") // a codec casts what it encodes, and throws as the interface says
  private @Nullable K own(Object key) {
    Objects.requireNonNull(key, "key");
    K typed = (K) key;
    if (span.contains(typed)) {
      return typed;
    }
    store.requireUsable();
    return null;
  }

  private K requireOwn(K key) {
    Objects.requireNonNull(key, "key");
    if (!span.contains(key)) {
      throw new IllegalArgumentException(key + " is out of the range of this part of a map");
    }
    return key;
  }

  @Override
  public @Nullable V get(Object key) {
    K own = own(key);
    return own == null ? null : store.find(own);
  }

  @Override
  public V getOrDefault(Object key, V defaultValue) {
    V value = get(key);
    return value == null ? defaultValue : value;
  }

  @Override
  public boolean containsKey(Object key) {
    K own = own(key);
    return own != null && store.contains(own);
  }

  @Override
  public @Nullable V put(K key, V value) {
    Objects.requireNonNull(value, "value");
    return store.exchange(requireOwn(key), value);
  }

  @Override
  public @Nullable V remove(Object key) {
    K own = own(key);
    return own == null ? null : store.exchange(own, null);
  }

  @Override
  public @Nullable V putIfAbsent(K key, V value) {
    Objects.requireNonNull(value, "value");
    return store.update(requireOwn(key), old -> old == null ? value : old).before;
  }

  @Override
  public boolean remove(Object key, @Nullable Object value) {
    K own = own(key);
    if (own == null) {
      return false;
    }
    var seen = store.update(own, old -> Objects.equals(value, old) ? null : old);
    return seen.before != null && seen.after == null;
  }

  @Override
  public boolean replace(K key, V oldValue, V newValue) {
    Objects.requireNonNull(oldValue, "oldValue");
    Objects.requireNonNull(newValue, "newValue");
    var seen = store.update(requireOwn(key), old -> oldValue.equals(old) ? newValue : old);
    return oldValue.equals(seen.before);
  }

  @Override
  public @Nullable V replace(K key, V value) {
    Objects.requireNonNull(value, "value");
    return store.update(requireOwn(key), old -> old == null ? null : value).before;
  }

  @Override
  public @Nullable V compute(
      K key, BiFunction<? super K, ? super @Nullable V, ? extends @Nullable V> function) {
    Objects.requireNonNull(function, "function");
    return store.update(requireOwn(key), old -> function.apply(key, old)).after;
  }

  @Override
  public @Nullable V computeIfAbsent(K key, Function<? super K, ? extends @Nullable V> function) {
    Objects.requireNonNull(function, "function");
    V found = store.find(requireOwn(key));
    return found != null
        ? found
        : store.update(key, old -> old == null ? function.apply(key) : old).after;
  }

  @Override
  public @Nullable V computeIfPresent(
      K key, BiFunction<? super K, ? super V, ? extends @Nullable V> function) {
    Objects.requireNonNull(function, "function");
    return store.update(requireOwn(key), old -> old == null ? null : function.apply(key, old))
        .after;
  }

  @Override
  public @Nullable V merge(
      K key, V value, BiFunction<? super V, ? super V, ? extends @Nullable V> function) {
    Objects.requireNonNull(value, "value");
    Objects.requireNonNull(function, "function");
    return store.update(requireOwn(key), old -> old == null ? value : function.apply(old, value))
        .after;
  }

  // ---- all keys

  @Override
  public void putAll(Map<? extends K, ? extends V> entries) {
    for (var entry : entries.entrySet()) {
      requireOwn(entry.getKey());
      Objects.requireNonNull(entry.getValue(), "value");
    }
    store.putAll(entries);
  }

  @Override
  public void replaceAll(BiFunction<? super K, ? super V, ? extends V> function) {
    Objects.requireNonNull(function, "function");
    for (var keys = keyIterator(); keys.hasNext(); ) {
      computeIfPresent(
          keys.next(), (key, value) -> Objects.requireNonNull(function.apply(key, value), "value"));
    }
  }

  @Override
  public void clear() {
    store.store().deleteRange(span.range());
  }

  @Override
  public boolean isEmpty() {
    try (Cursor cursor = store.store().range(span.range()).limit(1).open()) {
      return !cursor.isValid();
    }
  }

  /// Counts all keys.
  @Override
  public int size() {
    long count = 0;
    try (Cursor cursor = store.store().range(span.range()).open()) {
      for (; cursor.isValid(); cursor.next()) {
        count++;
      }
    }
    return (int) Math.min(count, Integer.MAX_VALUE);
  }

  @Override
  public boolean containsValue(Object value) {
    Objects.requireNonNull(value, "value");
    return super.containsValue(value);
  }

  Iterator<K> keyIterator() {
    return new PagedIterator<K, V, K>(store, span.range(), isReverse, false) {
      @Override
      K element(Row<K, V> row) {
        return row.key();
      }
    };
  }

  Iterator<Entry<K, V>> entryIterator() {
    return new PagedIterator<K, V, Entry<K, V>>(store, span.range(), isReverse, true) {
      @Override
      Entry<K, V> element(Row<K, V> row) {
        return new MapEntry<>(StoreMap.this, row.key(), Objects.requireNonNull(row.value()));
      }
    };
  }

  @Override
  public Set<Entry<K, V>> entrySet() {
    return new EntrySet<>(this);
  }

  @Override
  public NavigableSet<K> keySet() {
    return navigableKeySet();
  }

  @Override
  public NavigableSet<K> navigableKeySet() {
    return new KeySet<>(this);
  }

  @Override
  public NavigableSet<K> descendingKeySet() {
    return descendingMap().navigableKeySet();
  }

  @Override
  public Collection<V> values() {
    return new Values<>(this);
  }

  // ---- order

  @Override
  public Comparator<? super K> comparator() {
    Comparator<K> order = store.keys().comparator();
    return isReverse ? order.reversed() : order;
  }

  /// The first entry of a part of the keys, in the direction of `reverse`.
  private @Nullable Entry<K, V> edge(Span<K> part, boolean reverse) {
    var query = store.store().range(part.range());
    try (Cursor cursor = (reverse ? query.reverse() : query).limit(1).open()) {
      return cursor.isValid()
          ? new SimpleImmutableEntry<>(cursor.key(store.keys()), cursor.value(store.values()))
          : null;
    }
  }

  private @Nullable K edgeKey(Span<K> part, boolean reverse) {
    var query = store.store().range(part.range());
    try (Cursor cursor = (reverse ? query.reverse() : query).limit(1).open()) {
      return cursor.isValid() ? cursor.key(store.keys()) : null;
    }
  }

  /// What lies before a key in this map's direction, to be read backwards.
  private Span<K> before(K key, boolean isWith) {
    Objects.requireNonNull(key, "key");
    return isReverse ? span.from(key, isWith) : span.to(key, isWith);
  }

  /// What lies behind a key in this map's direction.
  private Span<K> behind(K key, boolean isWith) {
    Objects.requireNonNull(key, "key");
    return isReverse ? span.to(key, isWith) : span.from(key, isWith);
  }

  @Override
  public @Nullable Entry<K, V> lowerEntry(K key) {
    return edge(before(key, false), !isReverse);
  }

  @Override
  public @Nullable K lowerKey(K key) {
    return edgeKey(before(key, false), !isReverse);
  }

  @Override
  public @Nullable Entry<K, V> floorEntry(K key) {
    return edge(before(key, true), !isReverse);
  }

  @Override
  public @Nullable K floorKey(K key) {
    return edgeKey(before(key, true), !isReverse);
  }

  @Override
  public @Nullable Entry<K, V> ceilingEntry(K key) {
    return edge(behind(key, true), isReverse);
  }

  @Override
  public @Nullable K ceilingKey(K key) {
    return edgeKey(behind(key, true), isReverse);
  }

  @Override
  public @Nullable Entry<K, V> higherEntry(K key) {
    return edge(behind(key, false), isReverse);
  }

  @Override
  public @Nullable K higherKey(K key) {
    return edgeKey(behind(key, false), isReverse);
  }

  @Override
  public @Nullable Entry<K, V> firstEntry() {
    return edge(span, isReverse);
  }

  @Override
  public @Nullable Entry<K, V> lastEntry() {
    return edge(span, !isReverse);
  }

  @Override
  public K firstKey() {
    return requireKey(edgeKey(span, isReverse));
  }

  @Override
  public K lastKey() {
    return requireKey(edgeKey(span, !isReverse));
  }

  private static <K> K requireKey(@Nullable K key) {
    if (key == null) {
      throw new NoSuchElementException();
    }
    return key;
  }

  @Override
  public @Nullable Entry<K, V> pollFirstEntry() {
    return store.takeEdge(span.range(), isReverse);
  }

  @Override
  public @Nullable Entry<K, V> pollLastEntry() {
    return store.takeEdge(span.range(), !isReverse);
  }

  // ---- parts

  @Override
  public ConcurrentNavigableMap<K, V> descendingMap() {
    return new StoreMap<>(store, span, !isReverse);
  }

  @Override
  public ConcurrentNavigableMap<K, V> subMap(
      K fromKey, boolean fromInclusive, K toKey, boolean toInclusive) {
    Objects.requireNonNull(fromKey, "fromKey");
    Objects.requireNonNull(toKey, "toKey");
    return part(fromKey, fromInclusive, toKey, toInclusive);
  }

  @Override
  public ConcurrentNavigableMap<K, V> headMap(K toKey, boolean inclusive) {
    Objects.requireNonNull(toKey, "toKey");
    return part(null, false, toKey, inclusive);
  }

  @Override
  public ConcurrentNavigableMap<K, V> tailMap(K fromKey, boolean inclusive) {
    Objects.requireNonNull(fromKey, "fromKey");
    return part(fromKey, inclusive, null, false);
  }

  private StoreMap<K, V> part(@Nullable K from, boolean hasFrom, @Nullable K to, boolean hasTo) {
    Span<K> part =
        isReverse ? span.part(to, hasTo, from, hasFrom) : span.part(from, hasFrom, to, hasTo);
    return new StoreMap<>(store, part, isReverse);
  }

  @Override
  public ConcurrentNavigableMap<K, V> subMap(K fromKey, K toKey) {
    return subMap(fromKey, true, toKey, false);
  }

  @Override
  public ConcurrentNavigableMap<K, V> headMap(K toKey) {
    return headMap(toKey, false);
  }

  @Override
  public ConcurrentNavigableMap<K, V> tailMap(K fromKey) {
    return tailMap(fromKey, true);
  }
}
