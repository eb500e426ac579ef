package io.atlaskv.engine.internal.embedded;

import io.atlaskv.engine.api.ApproximateSize;
import io.atlaskv.engine.api.AsyncStore;
import io.atlaskv.engine.api.BulkLoad;
import io.atlaskv.engine.api.Codec;
import io.atlaskv.engine.api.Durability;
import io.atlaskv.engine.api.Expiry;
import io.atlaskv.engine.api.KeyValueStore;
import io.atlaskv.engine.api.NamespaceOptions;
import io.atlaskv.engine.api.NamespaceStatistics;
import io.atlaskv.engine.api.OrderedCodec;
import io.atlaskv.engine.api.Range;
import io.atlaskv.engine.api.TransactionStore;
import io.atlaskv.engine.api.WriteBatch;
import io.atlaskv.engine.internal.base.ByteArrays;
import io.atlaskv.engine.internal.db.CommitCondition;
import io.atlaskv.engine.internal.db.Engine;
import io.atlaskv.engine.internal.db.NamespaceKey;
import io.atlaskv.engine.internal.db.Tally;
import io.atlaskv.engine.internal.db.UnchangedKey;
import io.atlaskv.engine.internal.db.View;
import io.atlaskv.engine.internal.manifest.RangeSize;
import io.atlaskv.engine.internal.typed.StoreMap;
import java.lang.foreign.MemorySegment;
import java.nio.ByteBuffer;
import java.util.Arrays;
import java.util.OptionalLong;
import java.util.concurrent.ConcurrentNavigableMap;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/// Handle of one raw namespace. All keys it makes carry its own id, so it cannot reach another's.
///
/// As the condition of a commit: it has not been dropped ([NotDropped]).
final class EmbeddedNamespace extends EmbeddedReader implements KeyValueStore, CommitCondition {
  private final String name;
  private volatile NamespaceOptions options;
  private volatile boolean isDropped;

  EmbeddedNamespace(EmbeddedDb db, String name, int id, NamespaceOptions options) {
    super(db, id);
    this.name = name;
    db.engine().namespaceKnown(name, id);
    db.engine().countWrites(id);
    db.readTallies().begin(id);
    this.options = options;
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public NamespaceOptions options() {
    requireUsable();
    return options;
  }

  /// How much of it lies in tables, and what is counted.
  NamespaceStatistics statistics() {
    Engine engine = db().engine();
    RangeSize size = engine.tableSize(namespaceId());
    boolean isCounted = hasQuota();
    int id = namespaceId();
    ReadTallies reads = db().readTallies();
    return new NamespaceStatistics(
        size.tables(),
        size.bytes(),
        size.entries(),
        options.ioShares(),
        options.prefixBytes(),
        reads.value(id, Tally.Counts::operations),
        reads.value(id, Tally.Counts::hits),
        reads.value(id, Tally.Counts::bytes),
        engine.writes(id),
        engine.writtenBytes(id),
        isCounted ? counter(engine, QuotaCharge.ENTRIES) : OptionalLong.empty(),
        isCounted ? counter(engine, QuotaCharge.BYTES) : OptionalLong.empty());
  }

  private OptionalLong counter(Engine engine, int number) {
    return OptionalLong.of(engine.counter(namespaceId(), number));
  }

  /// Whether its entries and bytes are counted.
  boolean hasQuota() {
    return options.hasQuota();
  }

  /// What a write to it has to be at least, when the call asks for `asked`.
  @Nullable Durability durability(@Nullable Durability asked) {
    return stronger(options.durability(), asked);
  }

  /// The more durable one of the two; null asks for nothing.
  static @Nullable Durability stronger(@Nullable Durability left, @Nullable Durability right) {
    if (left == null || right == null) {
      return left == null ? right : left;
    }
    if (left.mode() != right.mode()) {
      return left.mode().compareTo(right.mode()) < 0 ? left : right; // the strongest mode is first
    }
    return left.interval().compareTo(right.interval()) <= 0 ? left : right;
  }

  /// Writes by a transaction, which counts what changes.
  private void writeCounted(@Nullable Durability durability, Consumer<TransactionStore> work) {
    db().transactions()
        .<@Nullable Object>run(
            Transactions.COUNTED.withDurability(durability),
            transaction -> {
              work.accept(transaction.of(this));
              return null;
            });
  }

  /// It has other options from now on.
  void options(NamespaceOptions value) {
    options = value;
  }

  /// It is about to be dropped: nothing is committed to it after this.
  void dropped() {
    isDropped = true;
  }

  /// It could not be dropped after all.
  void kept() {
    isDropped = false;
  }

  void requireUsable() {
    db().engine().requireOpen();
    requireNotDropped();
  }

  void requireNotDropped() {
    if (isDropped) {
      throw new IllegalStateException("namespace '" + name + "' has been dropped");
    }
  }

  @Override
  public boolean holds(View view) {
    requireNotDropped();
    return true;
  }

  @Override
  long readSequence() {
    requireUsable();
    return Engine.LATEST;
  }

  @Override
  public void put(byte[] key, byte[] value) {
    putWith(key, value, null);
  }

  @Override
  public void put(byte[] key, byte[] value, Durability durability) {
    putWith(key, value, durability);
  }

  @Override
  public void put(byte[] key, byte[] value, Expiry expiry) {
    requireUsable();
    if (hasQuota()) {
      writeCounted(null, store -> store.put(key, value, expiry));
      return;
    }
    PointWriter writer = db().writer();
    try {
      long at = expiry.atMillis(db().engine().clock().currentTimeMillis());
      writer.putExpiring(namespaceId(), key, 0, key.length, value, 0, value.length, at);
      db().commit(writer.batch, durability(null), this);
    } finally {
      db().done(writer);
    }
  }

  private void putWith(byte[] key, byte[] value, @Nullable Durability durability) {
    requireUsable();
    if (hasQuota()) {
      writeCounted(durability, store -> store.put(key, value));
      return;
    }
    PointWriter writer = db().writer();
    try {
      writer.put(namespaceId(), key, 0, key.length, value, 0, value.length);
      db().commit(writer.batch, durability(durability), this);
    } finally {
      db().done(writer);
    }
  }

  @Override
  public void put(ByteBuffer key, ByteBuffer value) {
    put(MemorySegment.ofBuffer(key), MemorySegment.ofBuffer(value));
  }

  private static byte[] copyOf(MemorySegment bytes) {
    return ByteArrays.copyOf(bytes, 0, Math.toIntExact(bytes.byteSize()));
  }

  @Override
  public void put(MemorySegment key, MemorySegment value) {
    requireUsable();
    db().engine().requireBatchBytes(key.byteSize() + value.byteSize());
    if (hasQuota()) {
      put(copyOf(key), copyOf(value));
      return;
    }
    PointWriter writer = db().writer();
    try {
      writer.put(namespaceId(), key, value);
      db().commit(writer.batch, durability(null), this);
    } finally {
      db().done(writer);
    }
  }

  @Override
  public void delete(byte[] key) {
    deleteWith(key, null);
  }

  @Override
  public void delete(byte[] key, Durability durability) {
    deleteWith(key, durability);
  }

  private void deleteWith(byte[] key, @Nullable Durability durability) {
    requireUsable();
    if (hasQuota()) {
      writeCounted(durability, store -> store.delete(key));
      return;
    }
    PointWriter writer = db().writer();
    try {
      writer.delete(namespaceId(), key, 0, key.length);
      db().commit(writer.batch, durability(durability), this);
    } finally {
      db().done(writer);
    }
  }

  @Override
  public byte @Nullable [] update(byte[] key, Change change) {
    requireUsable();
    if (hasQuota()) {
      return updateCounted(key, change);
    }
    byte[] fullKey = NamespaceKey.full(namespaceId(), key);
    while (true) {
      long since = db().engine().visibleSequence();
      byte[] before = get(key);
      byte[] after = change.of(before);
      if (Arrays.equals(after, before)) {
        awaitWhatWasRead();
        return after;
      }
      if (putIfUnchanged(key, after, new UnchangedKey(fullKey, since))) {
        return after;
      }
    }
  }

  /// Waits as for a write: who set the value that is told may still wait.
  private void awaitWhatWasRead() {
    db().awaitDurability(db().engine().visibleSequence(), durability(null));
  }

  private byte @Nullable [] updateCounted(byte[] key, Change change) {
    var isUnchanged = new AtomicBoolean();
    byte[] result =
        db().transactions()
            .<byte @Nullable []>run(
                Transactions.COUNTED,
                transaction -> {
                  TransactionStore store = transaction.of(this);
                  byte[] before = store.get(key);
                  byte[] after = change.of(before);
                  isUnchanged.set(Arrays.equals(after, before));
                  if (isUnchanged.get()) {
                    return after;
                  }
                  if (after == null) {
                    store.delete(key);
                  } else {
                    store.put(key, after);
                  }
                  return after;
                });
    if (isUnchanged.get()) {
      awaitWhatWasRead();
    }
    return result;
  }

  /// A drop changes every key, so the condition sees it, too.
  private boolean putIfUnchanged(byte[] key, byte @Nullable [] value, UnchangedKey condition) {
    PointWriter writer = db().writer();
    try {
      if (value == null) {
        writer.delete(namespaceId(), key, 0, key.length);
      } else {
        writer.put(namespaceId(), key, 0, key.length, value, 0, value.length);
      }
      return db().commit(writer.batch, durability(null), condition);
    } finally {
      db().done(writer);
    }
  }

  @Override
  public <K, V> ConcurrentNavigableMap<K, V> asMap(OrderedCodec<K> keys, Codec<V> values) {
    requireUsable();
    return StoreMap.of(db(), this, keys, values);
  }

  @Override
  public BulkLoad bulkLoad() {
    requireUsable();
    if (hasQuota()) {
      throw new UnsupportedOperationException(
          "namespace '" + name + "' has a quota: what a bulk load brings is not counted");
    }
    return db().beginLoad(this);
  }

  @Override
  public AsyncStore async() {
    requireUsable();
    return new EmbeddedAsync(this);
  }

  @Override
  public void deleteRange(Range range) {
    requireUsable();
    if (hasQuota()) {
      writeCounted(null, store -> store.deleteRange(range));
      return;
    }
    PointWriter writer = db().writer();
    try {
      writer.deleteRange(namespaceId(), range);
      db().commit(writer.batch, durability(null), this);
    } finally {
      db().done(writer);
    }
  }

  @Override
  public void clear() {
    deleteRange(Range.all());
  }

  @Override
  public ApproximateSize approximateSize(Range range) {
    requireUsable();
    if (range.isEmpty()) {
      return new ApproximateSize(0, 0, 0);
    }
    int id = namespaceId();
    RangeSize size =
        db().engine().tableSize(NamespaceKey.lower(id, range), NamespaceKey.upper(id, range));
    return new ApproximateSize(size.tables(), size.bytes(), size.entries());
  }

  @Override
  public void compact(Range range) {
    requireUsable();
    if (!range.isEmpty()) {
      db().engine()
          .compact(
              NamespaceKey.lower(namespaceId(), range), NamespaceKey.upper(namespaceId(), range));
    }
  }

  @Override
  public void write(WriteBatch batch) {
    db().write(this, batch, null);
  }

  @Override
  public void write(WriteBatch batch, Durability durability) {
    db().write(this, batch, durability);
  }

  @Override
  public String toString() {
    return "namespace " + name;
  }
}
