package io.atlaskv.engine.internal.embedded;

import io.atlaskv.engine.api.AtlasException;
import io.atlaskv.engine.api.BackupInfo;
import io.atlaskv.engine.api.ChangeFeed;
import io.atlaskv.engine.api.ClosedException;
import io.atlaskv.engine.api.Cursor;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.Durability;
import io.atlaskv.engine.api.Histogram;
import io.atlaskv.engine.api.KeyValueStore;
import io.atlaskv.engine.api.NamespaceOptions;
import io.atlaskv.engine.api.NamespaceStatistics;
import io.atlaskv.engine.api.Options;
import io.atlaskv.engine.api.RecoveryReport;
import io.atlaskv.engine.api.Snapshot;
import io.atlaskv.engine.api.Stage;
import io.atlaskv.engine.api.Statistics;
import io.atlaskv.engine.api.StoreEvent;
import io.atlaskv.engine.api.Subscription;
import io.atlaskv.engine.api.Transaction;
import io.atlaskv.engine.api.TransactionOptions;
import io.atlaskv.engine.api.WriteBatch;
import io.atlaskv.engine.internal.base.BatchBuilder;
import io.atlaskv.engine.internal.cache.ReadContext;
import io.atlaskv.engine.internal.db.CommitCondition;
import io.atlaskv.engine.internal.db.Engine;
import io.atlaskv.engine.internal.db.EngineCursor;
import io.atlaskv.engine.internal.db.NamespaceKey;
import io.atlaskv.engine.internal.io.SystemPorts;
import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// The blocking API on top of the engine, which never blocks: all waiting is here.
public final class EmbeddedDb implements Db, DefaultNamespaceStore {
  private final Engine engine;
  private final ReadTallies readTallies = new ReadTallies();
  private final Pooled<PointReader> readers;
  private final Pooled<ManyReader> manyReaders;
  private final Pooled<PointWriter> writers = new Pooled<>(PointWriter::new);
  private final Leases leases;
  private final NamespaceDirectory namespaces;
  private final EmbeddedNamespace defaultNamespace;
  private final AsyncWrites asyncWrites;
  private final AsyncReads asyncReads;
  private final Transactions transactions;

  /// Takes over the engine, which is closed with this, or at once if the namespaces cannot be read.
  ///
  /// @param options those that the engine was opened with
  public EmbeddedDb(Engine engine, Options options) {
    this.engine = engine;
    this.leases = new Leases(engine, options.leakTracePeriod());
    this.readers =
        new Pooled<>(
            () -> new PointReader(engine.newReadContext(ReadContext.Mode.BLOCKING), readTallies));
    this.manyReaders = new Pooled<>(() -> new ManyReader(engine.newMultiGet(), readTallies));
    try {
      this.namespaces = new NamespaceDirectory(this);
    } catch (Throwable e) {
      closeAfter(e);
      throw e;
    }
    this.defaultNamespace = namespaces.defaultNamespace();
    this.asyncWrites = new AsyncWrites(this);
    this.asyncReads = new AsyncReads(engine, readTallies, manyReaders);
    this.transactions = new Transactions(this);
  }

  /// Closes what was opened, after a failure that is to be told.
  private void closeAfter(Throwable failure) {
    readers.close();
    manyReaders.close();
    writers.close();
    try {
      engine.close();
    } catch (RuntimeException e) {
      failure.addSuppressed(e);
    }
  }

  Engine engine() {
    return engine;
  }

  Leases leases() {
    return leases;
  }

  /// What is read of each namespace.
  ReadTallies readTallies() {
    return readTallies;
  }

  PointReader reader() {
    return readers.take();
  }

  void done(PointReader reader) {
    reader.lookup.release();
    reader.context.reset();
    readers.give(reader);
  }

  ManyReader manyReader() {
    return manyReaders.take();
  }

  void done(ManyReader reader) {
    reader.end();
    manyReaders.give(reader);
  }

  PointWriter writer() {
    return writers.take();
  }

  void done(PointWriter writer) {
    writer.clear();
    writers.give(writer);
  }

  /// Commits a batch and waits until it is as durable as asked. An empty batch is done at once.
  void commit(BatchBuilder batch, @Nullable Durability durability) {
    commit(batch, durability, null);
  }

  /// As above, but only if the condition holds then; returns whether it did.
  boolean commit(
      BatchBuilder batch, @Nullable Durability durability, @Nullable CommitCondition condition) {
    engine.requireOpen();
    if (batch.operations() == 0) {
      return true;
    }
    long sequence = publish(batch, condition);
    if (sequence == Engine.CHANGED) {
      return false;
    }
    awaitDurability(sequence, durability);
    return true;
  }

  /// Commits a batch that is not empty if the condition, where there is one, holds then; returns
  /// its last sequence or `Engine.CHANGED`. It is visible then, and may get lost with the process.
  long publish(BatchBuilder batch, @Nullable CommitCondition condition) {
    batch.finish();
    engine.awaitAdmission(batch);
    long sequence = engine.commit(batch, condition);
    while (sequence == Engine.STALLED) {
      engine.awaitRoom(batch.length());
      sequence = engine.commit(batch, condition);
    }
    return sequence;
  }

  /// Waits until everything up to `sequence` is as durable as asked, and as the store's default, or
  /// will be within the interval that is asked for.
  void awaitDurability(long sequence, @Nullable Durability durability) {
    engine.awaitWritten(sequence);
    if (isSynced(durability)) {
      engine.awaitDurable(sequence);
    } else {
      syncWithin(durability);
    }
  }

  /// Has what is written synced in time, if that was asked for.
  void syncWithin(@Nullable Durability durability) {
    if (durability != null && durability.mode() == Durability.Mode.INTERVAL) {
      engine.syncWithin(durability.interval());
    }
  }

  /// Whether a write with this durability is told done when it is on disk.
  boolean isSynced(@Nullable Durability durability) {
    return engine.durability().mode() == Durability.Mode.ALWAYS
        || (durability != null && durability.mode() == Durability.Mode.ALWAYS);
  }

  Transactions transactions() {
    return transactions;
  }

  AsyncWrites asyncWrites() {
    return asyncWrites;
  }

  AsyncReads asyncReads() {
    return asyncReads;
  }

  /// Puts a batch of the API into the engine's form; what it then needs is in the answer.
  BatchTranslator translate(EmbeddedNamespace own, WriteBatch batch, PointWriter writer) {
    var translator = new BatchTranslator(own, writer);
    batch.visit(translator);
    return translator;
  }

  void write(EmbeddedNamespace own, WriteBatch batch, @Nullable Durability durability) {
    own.requireUsable();
    PointWriter writer = writer();
    try {
      BatchTranslator translated = translate(own, batch, writer);
      if (!translated.isCounted()) {
        commit(writer.batch, translated.durability(durability), translated.condition());
        return;
      }
    } finally {
      done(writer);
    }
    transactions.<@Nullable Object>run(
        Transactions.COUNTED.withDurability(durability),
        transaction -> {
          batch.visit(new BatchInTransaction(transaction, own));
          return null;
        });
  }

  /// The handle behind a namespace of this store.
  EmbeddedNamespace handle(KeyValueStore namespace) {
    if (namespace == this) {
      return defaultNamespace;
    }
    if (namespace instanceof EmbeddedNamespace handle && handle.db() == this) {
      return handle;
    }
    throw new IllegalArgumentException("namespace '" + namespace.name() + "' is of another store");
  }

  EmbeddedBulkLoad beginLoad(EmbeddedNamespace namespace) {
    var load = new EmbeddedBulkLoad(namespace, engine.newLoad());
    leases.add(load.lease());
    try {
      engine.requireOpen(); // a close that did not see the lease is seen here
      return load;
    } catch (Throwable e) {
      load.close();
      throw e;
    }
  }

  int freshNamespaceId() {
    int id = engine.reserveNamespaceId();
    while (id == 0) {
      engine.awaitRoom(Engine.NAMESPACE_ID_BYTES);
      id = engine.reserveNamespaceId();
    }
    return id;
  }

  Cursor openCursor(EmbeddedReader reader, EmbeddedRangeQuery query) {
    long sequence = reader.readSequence();
    int id = reader.namespaceId();
    byte[] lower = NamespaceKey.lower(id, query.range());
    byte[] upper = NamespaceKey.endOf(id, query.range());
    EngineCursor rows =
        engine.cursor(engine.newReadContext(ReadContext.Mode.BLOCKING), sequence, lower, upper, id);
    var cursor = new EmbeddedCursor(query, leases, rows);
    leases.add(cursor.lease());
    try {
      engine.requireOpen(); // a close that did not see the lease is seen here
      cursor.seekToFirst();
      return cursor;
    } catch (Throwable e) {
      cursor.close();
      throw e;
    }
  }

  @Override
  public Snapshot snapshot() {
    return snapshotOf(engine.acquireSnapshot());
  }

  @Override
  public Snapshot snapshotAt(long sequence) {
    engine.requireOpen();
    return snapshotOf(engine.acquireSnapshot(sequence));
  }

  @Override
  public Snapshot snapshotAt(Instant time) {
    Objects.requireNonNull(time, "time");
    engine.requireOpen();
    return snapshotOf(engine.acquireSnapshot(time));
  }

  private Snapshot snapshotOf(long sequence) {
    var snapshot = new EmbeddedSnapshot(this, sequence);
    leases.add(snapshot.lease());
    return snapshot;
  }

  @Override
  public void transact(Consumer<? super Transaction> work) {
    transact(TransactionOptions.DEFAULT, work);
  }

  @Override
  public void transact(TransactionOptions options, Consumer<? super Transaction> work) {
    Objects.requireNonNull(work, "work");
    transactions.<@Nullable Object>run(
        options,
        transaction -> {
          work.accept(transaction);
          return null;
        });
  }

  @Override
  public <T extends @Nullable Object> T transactResult(Function<? super Transaction, T> work) {
    return transactResult(TransactionOptions.DEFAULT, work);
  }

  @Override
  public <T extends @Nullable Object> T transactResult(
      TransactionOptions options, Function<? super Transaction, T> work) {
    return transactions.run(options, work);
  }

  @Override
  public Transaction begin(TransactionOptions options) {
    return transactions.begin(options);
  }

  @Override
  public KeyValueStore inDefault() {
    return defaultNamespace;
  }

  @Override
  public KeyValueStore namespace(String name) {
    engine.requireOpen();
    return namespaces.findOrCreate(name, null);
  }

  @Override
  public KeyValueStore namespace(String name, NamespaceOptions options) {
    Objects.requireNonNull(options, "options");
    engine.requireOpen();
    return namespaces.findOrCreate(name, options);
  }

  @Override
  public Optional<KeyValueStore> findNamespace(String name) {
    engine.requireOpen();
    return namespaces.find(name).map(found -> found);
  }

  @Override
  public List<String> namespaces() {
    engine.requireOpen();
    return namespaces.names();
  }

  @Override
  public boolean dropNamespace(String name) {
    engine.requireOpen();
    return namespaces.drop(name);
  }

  @Override
  public void sync() {
    engine.requireOpen();
    long sequence = engine.visibleSequence();
    engine.awaitWritten(sequence);
    engine.awaitDurable(sequence);
  }

  @Override
  public void flush() {
    engine.requireOpen();
    engine.flush();
  }

  @Override
  public void compact() {
    engine.requireOpen();
    engine.compact();
  }

  @Override
  public void checkpoint(Path target) {
    engine.requireOpen();
    Path absolute = target.toAbsolutePath().normalize();
    Path parent = absolute.getParent();
    Path name = absolute.getFileName();
    if (parent == null || name == null) {
      throw new IllegalArgumentException("target=" + target);
    }
    engine.checkpoint(SystemPorts.directories(parent), name.toString());
  }

  @Override
  public BackupInfo backup(Path repository) {
    engine.requireOpen();
    return engine.backup(SystemPorts.directories(repository.toAbsolutePath().normalize()));
  }

  @Override
  public void verify() {
    engine.requireOpen();
    engine.verify();
  }

  @Override
  public Statistics statistics() {
    engine.requireOpen();
    return engine.statistics();
  }

  @Override
  public Map<String, NamespaceStatistics> namespaceStatistics() {
    engine.requireOpen();
    return namespaces.statistics();
  }

  @Override
  public Map<Stage, Histogram> timings() {
    engine.requireOpen();
    return engine.timings();
  }

  @Override
  public Subscription listen(Consumer<? super StoreEvent> listener) {
    Objects.requireNonNull(listener, "listener");
    engine.requireOpen();
    return engine.listen(listener);
  }

  @Override
  public ChangeFeed changes(long fromSequence, ChangeFeed.Delivery delivery) {
    Objects.requireNonNull(delivery, "delivery");
    engine.requireOpen();
    var names = namespaces.namesById();
    var feed =
        new EmbeddedChangeFeed(engine, leases, engine.history(fromSequence), names, delivery);
    leases.add(feed.lease());
    try {
      engine.requireOpen(); // a close that did not see the lease is seen here
      return feed;
    } catch (Throwable e) {
      feed.close();
      throw e;
    }
  }

  @Override
  public RecoveryReport recoveryReport() {
    engine.requireOpen();
    return engine.recoveryReport();
  }

  @Override
  public void close() {
    if (!engine.beginClose()) {
      return;
    }
    transactions.close();
    leases.close();
    asyncWrites.beginClose();
    readers.close();
    manyReaders.close();
    asyncReads.close();
    writers.close();
    @Nullable AtlasException failure =
        new ClosedException("the store"); // unless it closes as it should
    try {
      engine.close();
      failure = null;
    } catch (AtlasException e) {
      failure = e;
      throw e;
    } finally {
      asyncWrites.endClose(failure);
      asyncReads.endClose();
    }
  }
}
