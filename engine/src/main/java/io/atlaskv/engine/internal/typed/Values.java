package io.atlaskv.engine.internal.typed;

import java.util.AbstractCollection;
import java.util.Iterator;
import java.util.Map;

/// The values of a map, in the order of their keys.
final class Values<K, V> extends AbstractCollection<V> {
  private final StoreMap<K, V> map;

  Values(StoreMap<K, V> map) {
    this.map = map;
  }

  @Override
  public Iterator<V> iterator() {
    Iterator<Map.Entry<K, V>> entries = map.entryIterator();
    return new Iterator<>() {
      @Override
      public boolean hasNext() {
        return entries.hasNext();
      }

      @Override
      public V next() {
        return entries.next().getValue();
      }

      @Override
      public void remove() {
        entries.remove();
      }
    };
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
