package io.atlaskv.engine.internal.embedded;

import io.atlaskv.engine.api.Codec;
import io.atlaskv.engine.api.Explanation;
import io.atlaskv.engine.api.KeyValueReader;
import io.atlaskv.engine.api.Range;
import io.atlaskv.engine.api.RangeQuery;
import java.lang.foreign.MemorySegment;
import java.time.Instant;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What spans all namespaces and reads the default one directly.
interface DefaultNamespaceReader extends KeyValueReader {
  /// The default namespace.
  KeyValueReader inDefault();

  @Override
  default byte @Nullable [] get(byte[] key) {
    return inDefault().get(key);
  }

  @Override
  default List<byte @Nullable []> getAll(List<byte[]> keys) {
    return inDefault().getAll(keys);
  }

  @Override
  default long get(byte[] key, MemorySegment target) {
    return inDefault().get(key, target);
  }

  @Override
  default <T> @Nullable T get(byte[] key, Codec<T> codec) {
    return inDefault().get(key, codec);
  }

  @Override
  default boolean contains(byte[] key) {
    return inDefault().contains(key);
  }

  @Override
  default @Nullable Instant expiryOf(byte[] key) {
    return inDefault().expiryOf(key);
  }

  @Override
  default Explanation explain(byte[] key) {
    return inDefault().explain(key);
  }

  @Override
  default RangeQuery range(Range range) {
    return inDefault().range(range);
  }
}
