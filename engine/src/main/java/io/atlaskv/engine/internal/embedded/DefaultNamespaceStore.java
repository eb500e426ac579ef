package io.atlaskv.engine.internal.embedded;

import io.atlaskv.engine.api.ApproximateSize;
import io.atlaskv.engine.api.AsyncStore;
import io.atlaskv.engine.api.BulkLoad;
import io.atlaskv.engine.api.Codec;
import io.atlaskv.engine.api.Durability;
import io.atlaskv.engine.api.Expiry;
import io.atlaskv.engine.api.KeyValueStore;
import io.atlaskv.engine.api.NamespaceOptions;
import io.atlaskv.engine.api.OrderedCodec;
import io.atlaskv.engine.api.Range;
import io.atlaskv.engine.api.WriteBatch;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.concurrent.ConcurrentNavigableMap;
import org.jspecify.annotations.Nullable;

/// What spans all namespaces and is itself the default one.
interface DefaultNamespaceStore extends DefaultNamespaceReader, KeyValueStore {
  @Override
  KeyValueStore inDefault();

  @Override
  default String name() {
    return inDefault().name();
  }

  @Override
  default void put(byte[] key, byte[] value) {
    inDefault().put(key, value);
  }

  @Override
  default void put(byte[] key, byte[] value, Durability durability) {
    inDefault().put(key, value, durability);
  }

  @Override
  default void put(byte[] key, byte[] value, Expiry expiry) {
    inDefault().put(key, value, expiry);
  }

  @Override
  default void put(ByteBuffer key, ByteBuffer value) {
    inDefault().put(key, value);
  }

  @Override
  default void put(MemorySegment key, MemorySegment value) {
    inDefault().put(key, value);
  }

  @Override
  default void delete(byte[] key) {
    inDefault().delete(key);
  }

  @Override
  default void delete(byte[] key, Durability durability) {
    inDefault().delete(key, durability);
  }

  @Override
  default void deleteRange(Range range) {
    inDefault().deleteRange(range);
  }

  @Override
  default ApproximateSize approximateSize(Range range) {
    return inDefault().approximateSize(range);
  }

  @Override
  default void compact(Range range) {
    inDefault().compact(range);
  }

  @Override
  default void clear() {
    inDefault().clear();
  }

  @Override
  default void write(WriteBatch batch) {
    inDefault().write(batch);
  }

  @Override
  default void write(WriteBatch batch, Durability durability) {
    inDefault().write(batch, durability);
  }

  @Override
  default byte @Nullable [] update(byte[] key, Change change) {
    return inDefault().update(key, change);
  }

  @Override
  default BulkLoad bulkLoad() {
    return inDefault().bulkLoad();
  }

  @Override
  default <K, V> ConcurrentNavigableMap<K, V> asMap(OrderedCodec<K> keys, Codec<V> values) {
    return inDefault().asMap(keys, values);
  }

  @Override
  default NamespaceOptions options() {
    return inDefault().options();
  }

  @Override
  default AsyncStore async() {
    return inDefault().async();
  }
}
