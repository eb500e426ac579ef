package io.atlaskv.engine.internal.embedded;

import io.atlaskv.engine.api.AsyncStore;
import io.atlaskv.engine.api.ClosedException;
import io.atlaskv.engine.api.Codec;
import io.atlaskv.engine.api.Durability;
import io.atlaskv.engine.api.Expiry;
import io.atlaskv.engine.api.WriteBatch;
import io.atlaskv.engine.internal.db.CommitCondition;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One namespace, without waiting.
final class EmbeddedAsync implements AsyncStore {
  private static final Codec<byte[]> AS_IT_IS = Codec.byteArray();

  private final EmbeddedNamespace namespace;
  private final EmbeddedDb db;

  /// How durable a write has to be at least, and what must be true when it gets its sequence.
  private record Terms(@Nullable Durability durability, CommitCondition condition) {}

  EmbeddedAsync(EmbeddedNamespace namespace) {
    this.namespace = namespace;
    this.db = namespace.db();
  }

  @Override
  public CompletableFuture<byte @Nullable []> get(byte[] key) {
    return get(key, AS_IT_IS);
  }

  @Override
  public <T> CompletableFuture<@Nullable T> get(byte[] key, Codec<T> codec) {
    EmbeddedReader.requireKey(key.length);
    try {
      namespace.requireUsable();
    } catch (ClosedException e) {
      return CompletableFuture.failedFuture(e);
    }
    return db.asyncReads().get(namespace.namespaceId(), key, codec);
  }

  @Override
  public CompletableFuture<List<byte @Nullable []>> getAll(List<byte[]> keys) {
    byte[][] asked = ManyReader.keys(keys);
    try {
      namespace.requireUsable();
    } catch (ClosedException e) {
      return CompletableFuture.failedFuture(e);
    }
    Arrays.setAll(asked, i -> asked[i].clone()); // the caller may use his again when this returns
    return db.asyncReads().getAll(namespace.namespaceId(), asked);
  }

  @Override
  public CompletableFuture<@Nullable Void> put(byte[] key, byte[] value) {
    int id = namespace.namespaceId();
    return writeOwn(writer -> writer.put(id, key, 0, key.length, value, 0, value.length));
  }

  @Override
  public CompletableFuture<@Nullable Void> put(byte[] key, byte[] value, Expiry expiry) {
    long at = expiry.atMillis(db.engine().clock().currentTimeMillis());
    int id = namespace.namespaceId();
    return writeOwn(
        writer -> writer.putExpiring(id, key, 0, key.length, value, 0, value.length, at));
  }

  @Override
  public CompletableFuture<@Nullable Void> delete(byte[] key) {
    int id = namespace.namespaceId();
    return writeOwn(writer -> writer.delete(id, key, 0, key.length));
  }

  @Override
  public CompletableFuture<@Nullable Void> write(WriteBatch batch) {
    return writeBatch(batch, null);
  }

  @Override
  public CompletableFuture<@Nullable Void> write(WriteBatch batch, Durability durability) {
    return writeBatch(batch, durability);
  }

  private CompletableFuture<@Nullable Void> writeBatch(
      WriteBatch batch, @Nullable Durability durability) {
    return write(writer -> {
      BatchTranslator translated = db.translate(namespace, batch, writer);
      if (translated.isCounted()) {
        throw needsReads();
      }
      return new Terms(translated.durability(durability), translated.condition());
    });
  }

  private static UnsupportedOperationException needsReads() {
    return new UnsupportedOperationException(
        "a namespace with a quota is written by methods that may wait, as each write reads");
  }

  /// Writes to this namespace only.
  private CompletableFuture<@Nullable Void> writeOwn(Consumer<PointWriter> filler) {
    return write(writer -> {
      if (namespace.hasQuota()) {
        throw needsReads();
      }
      filler.accept(writer);
      return new Terms(namespace.durability(null), namespace);
    });
  }

  /// @param filler fills the batch
  private CompletableFuture<@Nullable Void> write(Function<PointWriter, Terms> filler) {
    try {
      namespace.requireUsable();
    } catch (ClosedException e) {
      return CompletableFuture.failedFuture(e);
    }
    PointWriter writer = db.writer();
    Terms terms;
    try {
      terms = filler.apply(writer);
      db.engine().requireBatchBytes(writer.batch.length());
    } catch (Throwable e) {
      db.done(writer);
      throw e;
    }
    return db.asyncWrites().write(writer, terms.durability(), terms.condition());
  }
}
