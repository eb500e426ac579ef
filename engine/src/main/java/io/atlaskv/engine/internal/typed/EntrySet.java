package io.atlaskv.engine.internal.typed;

import java.util.AbstractSet;
import java.util.Iterator;
import java.util.Map;

/// The entries of a map.
final class EntrySet<K, V> extends AbstractSet<Map.Entry<K, V>> {
  private final StoreMap<K, V> map;

  EntrySet(StoreMap<K, V> map) {
    this.map = map;
  }

  @Override
  public Iterator<Map.Entry<K, V>> iterator() {
    return map.entryIterator();
  }

  @Override
  public boolean contains(Object other) {
    return other instanceof Map.Entry<?, ?> entry
        && entry.getKey() != null
        && entry.getValue() != null
        && entry.getValue().equals(map.get(entry.getKey()));
  }

  @Override
  public boolean remove(Object other) {
    return other instanceof Map.Entry<?, ?> entry
        && entry.getKey() != null
        && map.remove(entry.getKey(), entry.getValue());
  }

  @Override
  public boolean isEmpty() {
    return map.isEmpty();
  }

  @Override
  public int size() {
    return map.size();
  }

  @Override
  public void clear() {
    map.clear();
  }
}
