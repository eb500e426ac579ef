package io.atlaskv.engine.internal.embedded;

import io.atlaskv.engine.api.Durability;
import io.atlaskv.engine.api.Expiry;
import io.atlaskv.engine.api.KeyValueStore;
import io.atlaskv.engine.api.Range;
import io.atlaskv.engine.api.WriteBatch;
import io.atlaskv.engine.internal.db.CommitCondition;
import java.util.LinkedHashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// Puts a batch of the API into the engine's form.
final class BatchTranslator implements WriteBatch.Visitor {
  private final EmbeddedNamespace own;
  private final PointWriter writer;
  private final long nowMillis;
  private Set<EmbeddedNamespace> others = Set.of(); // that are written to
  private EmbeddedNamespace last; // `own`, or in `others`
  private boolean isCounted;
  private @Nullable Durability durability; // of the namespaces

  BatchTranslator(EmbeddedNamespace own, PointWriter writer) {
    this.own = own;
    this.last = own;
    this.writer = writer;
    this.nowMillis = own.db().engine().clock().currentTimeMillis();
  }

  /// Whether a namespace with a quota is written to.
  boolean isCounted() {
    return isCounted;
  }

  /// What must be true when the batch gets its sequence.
  CommitCondition condition() {
    return others.isEmpty() ? own : new NotDropped(others, own);
  }

  /// What the batch has to be at least, when the call asks for `asked`.
  @Nullable Durability durability(@Nullable Durability asked) {
    return EmbeddedNamespace.stronger(durability, asked);
  }

  private int idOf(@Nullable KeyValueStore namespace) {
    EmbeddedNamespace handle = own;
    if (namespace != null) {
      handle = own.db().handle(namespace);
      handle.requireUsable();
      if (handle != last && handle != own) {
        if (others.isEmpty()) {
          others = new LinkedHashSet<>();
        }
        others.add(handle);
        last = handle;
      }
    }
    isCounted |= handle.hasQuota();
    durability = handle.durability(durability);
    return handle.namespaceId();
  }

  @Override
  public void put(
      @Nullable KeyValueStore namespace,
      byte[] buffer,
      int keyOffset,
      int keyLength,
      int valueOffset,
      int valueLength) {
    writer.put(idOf(namespace), buffer, keyOffset, keyLength, buffer, valueOffset, valueLength);
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
    writer.putExpiring(
        idOf(namespace),
        buffer,
        keyOffset,
        keyLength,
        buffer,
        valueOffset,
        valueLength,
        expiry.atMillis(nowMillis));
  }

  @Override
  public void delete(
      @Nullable KeyValueStore namespace, byte[] buffer, int keyOffset, int keyLength) {
    writer.delete(idOf(namespace), buffer, keyOffset, keyLength);
  }

  @Override
  public void deleteRange(@Nullable KeyValueStore namespace, Range range) {
    writer.deleteRange(idOf(namespace), range);
  }
}
