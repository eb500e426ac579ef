package io.atlaskv.engine.internal.embedded;

import io.atlaskv.engine.api.ByteReader;
import io.atlaskv.engine.api.ClosedException;
import io.atlaskv.engine.api.Codec;
import io.atlaskv.engine.internal.base.ByteArrays;
import io.atlaskv.engine.internal.base.Lookup;
import io.atlaskv.engine.internal.cache.ReadContext;
import io.atlaskv.engine.internal.db.Engine;
import io.atlaskv.engine.internal.db.MultiGet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/// Point reads whose callers do not wait: from memory at once, else again when a worker has brought
/// the blocks.
final class AsyncReads implements AutoCloseable {
  private final Engine engine;
  private final Pooled<PointReader> readers;
  private final Pooled<ManyReader> manyReaders;
  private final Set<CompletableFuture<?>> underway = ConcurrentHashMap.newKeySet();

  /// @param manyReaders somebody else's
  AsyncReads(Engine engine, ReadTallies tallies, Pooled<ManyReader> manyReaders) {
    this.engine = engine;
    this.manyReaders = manyReaders;
    this.readers =
        new Pooled<>(
            () -> new PointReader(engine.newReadContext(ReadContext.Mode.CACHE_ONLY), tallies));
  }

  <T> CompletableFuture<@Nullable T> get(int namespace, byte[] key, Codec<T> codec) {
    var future = new CompletableFuture<@Nullable T>();
    PointReader reader = readers.take();
    reader.key(namespace, key);
    tryGet(reader, codec, future);
    return future;
  }

  private <T> void tryGet(
      PointReader reader, Codec<T> codec, CompletableFuture<@Nullable T> future) {
    T value = null;
    Throwable failure = null;
    try {
      Lookup lookup = reader.lookup;
      int state = engine.get(reader.context, reader.key(), 0, reader.keyLength(), lookup);
      if (state == Engine.NEEDS_BLOCKS) {
        underway.add(future);
        engine.requireOpen(); // a close that did not see it in the set is seen here
        engine.fetch(
            reader.context,
            () -> tryGet(reader, codec, future),
            e -> {
              done(reader);
              finish(future, null, e);
            });
        return;
      }
      reader.count(ByteArrays.beInt(reader.key(), 0));
      if (state == Lookup.FOUND) {
        value = codec.decodeAll(ByteReader.of(lookup.segment(), lookup.offset(), lookup.length()));
      }
    } catch (Throwable e) { // a codec's error too: on a worker nobody else would hear of it
      failure = e;
    }
    done(reader);
    finish(future, value, failure);
  }

  CompletableFuture<List<byte @Nullable []>> getAll(int namespace, byte[][] keys) {
    var future = new CompletableFuture<List<byte @Nullable []>>();
    ManyReader reader = manyReaders.take();
    try {
      advance(reader.begin(namespace, Engine.LATEST, keys), reader, future);
    } catch (Throwable e) {
      end(reader, future, e);
    }
    return future;
  }

  private void advance(
      MultiGet reads, ManyReader reader, CompletableFuture<List<byte @Nullable []>> future) {
    Throwable failure = null;
    try {
      if (!reads.advance()) {
        underway.add(future);
        engine.requireOpen(); // as in `tryGet`
        engine.fetch(
            reads.context(), () -> advance(reads, reader, future), e -> end(reader, future, e));
        return;
      }
    } catch (Throwable e) {
      failure = e;
    }
    end(reader, future, failure);
  }

  private void end(
      ManyReader reader,
      CompletableFuture<List<byte @Nullable []>> future,
      @Nullable Throwable failure) {
    List<byte @Nullable []> values = reader.values();
    reader.end();
    manyReaders.give(reader);
    finish(future, values, failure);
  }

  @SuppressWarnings("CollectionUndefinedEquality") // it is the identity of futures that is meant
  private <T extends @Nullable Object> void finish(
      CompletableFuture<T> future, T value, @Nullable Throwable failure) {
    underway.remove(future);
    if (failure == null) {
      future.complete(value);
    } else {
      future.completeExceptionally(failure);
    }
  }

  private void done(PointReader reader) {
    reader.lookup.release();
    reader.context.reset();
    readers.give(reader);
  }

  /// Gives back what is kept ready. To be called before the store is closed.
  @Override
  public void close() {
    readers.close();
  }

  /// Fails the reads whose blocks nobody will bring any more. To be called when the store is
  /// closed.
  void endClose() {
    for (CompletableFuture<?> future : underway) {
      future.completeExceptionally(new ClosedException("the store"));
    }
    underway.clear();
  }
}
