package io.atlaskv.engine.internal.typed;

import com.google.common.collect.testing.SampleElements;
import com.google.common.collect.testing.TestSortedMapGenerator;
import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.api.Codec;
import io.atlaskv.engine.api.Db;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Map.Entry;
import java.util.SortedMap;
import java.util.function.Supplier;

/// Maps from raw bytes to raw bytes for Guava's tests, with keys that are prefixes of others and on
/// both sides of the sign of a byte. Each map is a namespace of its own.
final class BytesMapGenerator implements TestSortedMapGenerator<Bytes, Bytes> {
  private final Supplier<Db> store;
  private int maps;

  /// @param store asked at each map
  BytesMapGenerator(Supplier<Db> store) {
    this.store = store;
  }

  private static Bytes bytes(int... values) {
    byte[] bytes = new byte[values.length];
    for (int i = 0; i < bytes.length; i++) {
      bytes[i] = (byte) values[i];
    }
    return Bytes.of(bytes);
  }

  private static Entry<Bytes, Bytes> entry(Bytes key, int value) {
    return Map.entry(key, bytes(value));
  }

  @Override
  public SortedMap<Bytes, Bytes> create(Object... elements) {
    var map = store.get().namespace("bytes" + maps++).asMap(Codec.bytes(), Codec.bytes());
    for (Object element : elements) {
      var entry = (Entry<?, ?>) element;
      map.put((Bytes) entry.getKey(), (Bytes) entry.getValue());
    }
    return map;
  }

  @Override
  public SampleElements<Entry<Bytes, Bytes>> samples() {
    return new SampleElements<>(
        entry(bytes(1), 1),
        entry(bytes(1, 0), 2),
        entry(bytes(1, 0xff), 3),
        entry(bytes(0x7f), 4),
        entry(bytes(0x80), 5));
  }

  @Override
  public Entry<Bytes, Bytes> belowSamplesLesser() {
    return entry(Bytes.EMPTY, 6);
  }

  @Override
  public Entry<Bytes, Bytes> belowSamplesGreater() {
    return entry(bytes(0, 0xff), 7);
  }

  @Override
  public Entry<Bytes, Bytes> aboveSamplesLesser() {
    return entry(bytes(0x80, 0), 8);
  }

  @Override
  public Entry<Bytes, Bytes> aboveSamplesGreater() {
    return entry(bytes(0xff, 0xff), 9);
  }

  @Override
  public Iterable<Entry<Bytes, Bytes>> order(List<Entry<Bytes, Bytes>> insertionOrder) {
    var sorted = new ArrayList<>(insertionOrder); // Guava turns it round in place
    sorted.sort(Entry.comparingByKey());
    return sorted;
  }

  @SuppressWarnings({"unchecked", "rawtypes"}) // arrays of a generic type
  @Override
  public Entry<Bytes, Bytes>[] createArray(int length) {
    return (Entry<Bytes, Bytes>[]) new Entry[length];
  }

  @Override
  public Bytes[] createKeyArray(int length) {
    return new Bytes[length];
  }

  @Override
  public Bytes[] createValueArray(int length) {
    return new Bytes[length];
  }
}
