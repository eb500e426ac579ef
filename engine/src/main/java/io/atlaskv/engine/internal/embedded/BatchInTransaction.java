package io.atlaskv.engine.internal.embedded;

import io.atlaskv.engine.api.Expiry;
import io.atlaskv.engine.api.KeyValueStore;
import io.atlaskv.engine.api.Range;
import io.atlaskv.engine.api.Transaction;
import io.atlaskv.engine.api.TransactionStore;
import io.atlaskv.engine.api.WriteBatch;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Does the operations of a batch in a transaction.
///
/// @param own the namespace that the batch is written to
record BatchInTransaction(Transaction transaction, KeyValueStore own)
    implements WriteBatch.Visitor {

  private TransactionStore store(@Nullable KeyValueStore namespace) {
    return transaction.of(namespace == null ? own : namespace);
  }

  private static byte[] slice(byte[] buffer, int offset, int length) {
    return Arrays.copyOfRange(buffer, offset, offset + length);
  }

  @Override
  public void put(
      @Nullable KeyValueStore namespace,
      byte[] buffer,
      int keyOffset,
      int keyLength,
      int valueOffset,
      int valueLength) {
    store(namespace)
        .put(slice(buffer, keyOffset, keyLength), slice(buffer, valueOffset, valueLength));
  }

  @Override
  public void putExpiring(
      @Nullable KeyValueStore namespace,
      byte[] buffer,
      int keyOffset,
      int keyLength,
      int valueOffset,
      int valueLength,
      Expiry expiry) {
    store(namespace)
        .put(slice(buffer, keyOffset, keyLength), slice(buffer, valueOffset, valueLength), expiry);
  }

  @Override
  public void delete(
      @Nullable KeyValueStore namespace, byte[] buffer, int keyOffset, int keyLength) {
    store(namespace).delete(slice(buffer, keyOffset, keyLength));
  }

  @Override
  public void deleteRange(@Nullable KeyValueStore namespace, Range range) {
    store(namespace).deleteRange(range);
  }
}
