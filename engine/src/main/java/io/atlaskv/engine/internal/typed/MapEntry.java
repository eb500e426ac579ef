package io.atlaskv.engine.internal.typed;

import java.util.Map;
import java.util.Objects;

/// An entry as an iterator met it. Setting its value puts it into the map, even if the key has been
/// removed meanwhile; a value that others set does not show.
final class MapEntry<K, V> implements Map.Entry<K, V> {
  private final StoreMap<K, V> map;
  private final K key;
  private V value;

  MapEntry(StoreMap<K, V> map, K key, V value) {
    this.map = map;
    this.key = key;
    this.value = value;
  }

  @Override
  public K getKey() {
    return key;
  }

  @Override
  public V getValue() {
    return value;
  }

  @Override
  public V setValue(V newValue) {
    map.put(key, newValue);
    V before = value;
    value = newValue;
    return before;
  }

  @Override
  public boolean equals(Object other) {
    return other instanceof Map.Entry<?, ?> that
        && key.equals(that.getKey())
        && value.equals(that.getValue());
  }

  @Override
  public int hashCode() {
    return Objects.hashCode(key) ^ Objects.hashCode(value);
  }

  @Override
  public String toString() {
    return key + "=" + value;
  }
}
