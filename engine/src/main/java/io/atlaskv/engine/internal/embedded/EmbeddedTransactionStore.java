package io.atlaskv.engine.internal.embedded;

import io.atlaskv.engine.api.ByteReader;
import io.atlaskv.engine.api.Codec;
import io.atlaskv.engine.api.Cursor;
import io.atlaskv.engine.api.Expiry;
import io.atlaskv.engine.api.Explanation;
import io.atlaskv.engine.api.Range;
import io.atlaskv.engine.api.RangeQuery;
import io.atlaskv.engine.api.TransactionStore;
import io.atlaskv.engine.internal.base.ByteArrays;
import io.atlaskv.engine.internal.base.ExpiringValue;
import io.atlaskv.engine.internal.base.Lookup;
import io.atlaskv.engine.internal.db.NamespaceKey;
import io.atlaskv.engine.internal.transaction.WriteSet.Write;
import java.lang.foreign.MemorySegment;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// One namespace within a transaction: own writes first, then the store as of the transaction.
final class EmbeddedTransactionStore implements TransactionStore, CursorSource {
  private final EmbeddedTransaction transaction;
  private final EmbeddedNamespace namespace;
  private final Base base;

  EmbeddedTransactionStore(EmbeddedTransaction transaction, EmbeddedNamespace namespace) {
    this.transaction = transaction;
    this.namespace = namespace;
    this.base = new Base(transaction, namespace.namespaceId());
  }

  /// The namespace as the transaction found it.
  static final class Base extends EmbeddedReader {
    private final EmbeddedTransaction transaction;

    Base(EmbeddedTransaction transaction, int namespaceId) {
      super(transaction.db(), namespaceId);
      this.transaction = transaction;
    }

    @Override
    long readSequence() {
      return transaction.readSequence();
    }
  }

  EmbeddedTransaction transaction() {
    return transaction;
  }

  int namespaceId() {
    return namespace.namespaceId();
  }

  /// The key as the store has it, after a look whether it may be used here at all.
  private byte[] fullKey(byte[] key) {
    namespace.requireUsable();
    EmbeddedReader.requireKey(key.length);
    return NamespaceKey.full(namespace.namespaceId(), key);
  }

  /// A read: of the own write if there is one, else of the base.
  private <T extends @Nullable Object> T read(
      byte[] key, Function<Write, T> ofOwn, Function<Base, T> ofBase) {
    transaction.enter();
    try {
      byte[] fullKey = fullKey(key);
      Write own = transaction.writes().find(fullKey);
      if (own != null) {
        return ofOwn.apply(own);
      }
      transaction.readsKey(fullKey);
      return ofBase.apply(base);
    } finally {
      transaction.leave();
    }
  }

  @Override
  public byte @Nullable [] get(byte[] key) {
    return this.<byte @Nullable []>read(
        key, EmbeddedTransactionStore::copy, found -> found.get(key));
  }

  @Override
  public List<byte @Nullable []> getAll(List<byte[]> keys) {
    transaction.enter();
    try {
      byte[][] asked = ManyReader.keys(keys);
      byte[] @Nullable [] values = new byte[asked.length] @Nullable [];
      var ofBase = new ArrayList<byte[]>();
      int[] places = new int[asked.length];
      for (int i = 0; i < asked.length; i++) {
        byte[] fullKey = fullKey(asked[i]);
        Write own = transaction.writes().find(fullKey);
        if (own == null) {
          transaction.readsKey(fullKey);
          places[ofBase.size()] = i;
          ofBase.add(asked[i]);
        } else {
          values[i] = copy(own);
        }
      }
      List<byte @Nullable []> found = base.getAll(ofBase);
      for (int i = 0; i < found.size(); i++) {
        values[places[i]] = found.get(i);
      }
      return Arrays.asList(values);
    } finally {
      transaction.leave();
    }
  }

  private static byte @Nullable [] copy(Write own) {
    byte[] value = own.value();
    return value == null ? null : value.clone();
  }

  @Override
  public long get(byte[] key, MemorySegment target) {
    return read(key, own -> copy(own.value(), target), found -> found.get(key, target));
  }

  private static long copy(byte @Nullable [] value, MemorySegment target) {
    return value == null ? -1 : ByteArrays.copy(value, target);
  }

  @Override
  public <T> @Nullable T get(byte[] key, Codec<T> codec) {
    return this.<@Nullable T>read(
        key, own -> decode(own.value(), codec), found -> found.get(key, codec));
  }

  private static <T> @Nullable T decode(byte @Nullable [] value, Codec<T> codec) {
    return value == null ? null : codec.decodeAll(ByteReader.of(value, 0, value.length));
  }

  @Override
  public byte @Nullable [] getForUpdate(byte[] key) {
    transaction.enter();
    try {
      byte[] fullKey = fullKey(key);
      Write own = transaction.writes().find(fullKey);
      transaction.readsForUpdate(fullKey);
      return own == null ? base.get(key) : copy(own);
    } finally {
      transaction.leave();
    }
  }

  @Override
  public boolean contains(byte[] key) {
    return read(key, own -> own.value() != null, found -> found.contains(key));
  }

  @Override
  public @Nullable Instant expiryOf(byte[] key) {
    return this.<@Nullable Instant>read(
        key,
        own ->
            own.expiresAtMillis() == Lookup.NEVER
                ? null
                : Instant.ofEpochMilli(own.expiresAtMillis()),
        found -> found.expiryOf(key));
  }

  @Override
  public Explanation explain(byte[] key) {
    transaction.enter();
    try {
      fullKey(key);
      return base.explain(key);
    } finally {
      transaction.leave();
    }
  }

  @Override
  public RangeQuery range(Range range) {
    return new EmbeddedRangeQuery(this, range, false, Long.MAX_VALUE);
  }

  @Override
  public void put(byte[] key, byte[] value) {
    transaction.enter();
    try {
      transaction.put(namespace, fullKey(key), value, Lookup.NEVER);
    } finally {
      transaction.leave();
    }
  }

  @Override
  public void put(byte[] key, byte[] value, Expiry expiry) {
    transaction.enter();
    try {
      long now = transaction.db().engine().clock().currentTimeMillis();
      long at = expiry.atMillis(now);
      if (ExpiringValue.isDue(at, now)) {
        transaction.delete(namespace, fullKey(key));
      } else {
        transaction.put(namespace, fullKey(key), value, at);
      }
    } finally {
      transaction.leave();
    }
  }

  @Override
  public void delete(byte[] key) {
    transaction.enter();
    try {
      transaction.delete(namespace, fullKey(key));
    } finally {
      transaction.leave();
    }
  }

  @Override
  public void deleteRange(Range range) {
    transaction.enter();
    try {
      namespace.requireUsable();
      if (!range.isEmpty()) {
        int id = namespaceId();
        transaction.deleteRange(
            namespace, NamespaceKey.lower(id, range), NamespaceKey.upper(id, range));
      }
    } finally {
      transaction.leave();
    }
  }

  @Override
  public Cursor open(EmbeddedRangeQuery query) {
    transaction.enter();
    try {
      namespace.requireUsable();
      return TransactionCursor.open(transaction, query, namespaceId());
    } finally {
      transaction.leave();
    }
  }
}
