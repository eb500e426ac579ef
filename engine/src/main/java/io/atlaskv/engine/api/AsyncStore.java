package io.atlaskv.engine.api;

import java.util.List;
import java.util.concurrent.CompletableFuture;
import org.jspecify.annotations.Nullable;

/// One namespace for callers that must not wait: event loops, actors. No call blocks, whatever the
/// store is doing, and none takes a thread; the log's write is done by the caller.
///
/// - A future is completed by the caller if there is nothing to wait for, else by a worker of the
///   store, which also runs what depends on it: that must be short, must not block and must not
///   close the store; use the `...Async` methods of [CompletableFuture] for the rest.
/// - Writes take effect in the order of the calls, and are visible when they do, which may be
///   before the future is completed: it is when they are as durable as asked.
/// - While flushes and compactions are behind, writes wait in a queue; when it is full, a write
///   fails with [java.util.concurrent.RejectedExecutionException] and has no effect.
/// - Cancelling gives up waiting. A write that is still in the queue has no effect then; one that
///   has taken effect keeps it.
/// - A failed future has the exception that the blocking method throws. When the store is closed,
///   writes in the queue and reads underway fail with [ClosedException]; writes that have taken
///   effect are completed by the close, which syncs them. Calls after it fail the same way.
/// - A caller's mistake is thrown, not told by the future: [IllegalArgumentException] for what is
///   too long, [IllegalStateException] for a dropped namespace. The future has the latter if the
///   namespace is dropped while the write is in the queue.
public interface AsyncStore {

  /// The value of a key, or null when there is none.
  CompletableFuture<byte @Nullable []> get(byte[] key);

  /// The value of a key, decoded where it lies, or null when there is none.
  <T> CompletableFuture<@Nullable T> get(byte[] key, Codec<T> codec);

  /// The values of several keys, all of one moment, which is that of the call: for each key, in the
  /// order of the list, its value, or null when there is none.
  CompletableFuture<List<byte @Nullable []>> getAll(List<byte[]> keys);

  /// Sets the value of a key.
  CompletableFuture<@Nullable Void> put(byte[] key, byte[] value);

  /// Sets the value of a key, which nobody sees any more once it has expired.
  CompletableFuture<@Nullable Void> put(byte[] key, byte[] value, Expiry expiry);

  /// Deletes a key; a key that does not exist is no error.
  CompletableFuture<@Nullable Void> delete(byte[] key);

  /// Writes all operations of a batch or none.
  CompletableFuture<@Nullable Void> write(WriteBatch batch);

  /// As above; this write is at least as durable as `durability` says.
  CompletableFuture<@Nullable Void> write(WriteBatch batch, Durability durability);
}
