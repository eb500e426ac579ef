package io.atlaskv.engine.internal.embedded;

import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.api.ConflictException;
import io.atlaskv.engine.api.Durability;
import io.atlaskv.engine.api.Expiry;
import io.atlaskv.engine.api.Isolation;
import io.atlaskv.engine.api.KeyValueStore;
import io.atlaskv.engine.api.LockLimitException;
import io.atlaskv.engine.api.Locking;
import io.atlaskv.engine.api.Range;
import io.atlaskv.engine.api.Transaction;
import io.atlaskv.engine.api.TransactionOptions;
import io.atlaskv.engine.api.TransactionStore;
import io.atlaskv.engine.internal.cache.ReadContext;
import io.atlaskv.engine.internal.db.CommitCondition;
import io.atlaskv.engine.internal.db.CommitWatch;
import io.atlaskv.engine.internal.db.Engine;
import io.atlaskv.engine.internal.db.EngineCursor;
import io.atlaskv.engine.internal.db.NamespaceKey;
import io.atlaskv.engine.internal.db.ReadCheck;
import io.atlaskv.engine.internal.db.UnchangedKeys;
import io.atlaskv.engine.internal.transaction.LockOwner;
import io.atlaskv.engine.internal.transaction.LockTable;
import io.atlaskv.engine.internal.transaction.ReadSet;
import io.atlaskv.engine.internal.transaction.WriteSet;
import java.lang.ref.Reference;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/// A transaction: reads as of one registered sequence, writes into a [WriteSet], and commits by one
/// batch with the condition that nothing it relies on was written since that sequence.
///
/// What it relies on is, if it is serializable, all that it read, and else all that it writes. So
/// with the first the order of commits is an order in which the transactions could have run, one
/// after the other; and one that writes nothing is as of its sequence, between two commits.
///
/// A pessimistic one takes locks besides, so that there is nothing to fail for. When it gets the
/// lock of a key that was written since its sequence, it moves on to the newest sequence, if all it
/// has read is the same there.
///
/// Invariants:
/// - T1: between `enter` and `leave` one thread has it, and nothing of its lease is released.
/// - T2: what fails by a conflict has ended.
final class EmbeddedTransaction implements Transaction, DefaultNamespaceReader {
  /// So many keys are checked under the commit lock; more, and ranges, before it.
  private static final int CHECKED_LOCKED_MAX = 32;

  private static final byte[] NOTHING = {};

  private final EmbeddedDb db;
  private final LockTable locks;
  private final TransactionOptions options;
  private final TransactionLease lease;
  private final WriteSet writes = new WriteSet();
  private final ReadSet reads = new ReadSet();
  private final Set<EmbeddedNamespace> written = new LinkedHashSet<>(2);
  private final List<TransactionCursor> cursors = new ArrayList<>(0);
  private final EmbeddedTransactionStore inDefault;
  private @Nullable ConflictException conflict;
  private long readAt; // 0 if nothing was read
  private long committedAt; // 0 if nothing was written

  /// @param number larger for younger ones
  EmbeddedTransaction(EmbeddedDb db, LockTable locks, TransactionOptions options, long number) {
    this.db = db;
    this.locks = locks;
    this.options = options;
    LockOwner owner = options.locking() == Locking.PESSIMISTIC ? new LockOwner(number) : null;
    this.lease = new TransactionLease(this, db.leases(), db.engine(), locks, owner);
    this.inDefault = new EmbeddedTransactionStore(this, db.handle(db));
  }

  EmbeddedDb db() {
    return db;
  }

  TransactionLease lease() {
    return lease;
  }

  WriteSet writes() {
    return writes;
  }

  private boolean isSerializable() {
    return options.isolation() == Isolation.SERIALIZABLE;
  }

  // ---- for its namespaces and cursors, each within enter and leave

  /// Begins a use of the transaction.
  void enter() {
    lease.enter();
  }

  void leave() {
    try {
      lease.leave();
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  /// The sequence that is read.
  long readSequence() {
    db.engine().requireOpen();
    return lease.snapshot();
  }

  /// To be called before the store is asked for a key. The array must not change afterwards.
  void readsKey(byte[] fullKey) {
    if (isSerializable()) {
      lock(fullKey, false, true);
      reads.add(fullKey);
    }
  }

  /// As `readsKey`, for a key that will be written.
  void readsForUpdate(byte[] fullKey) {
    lock(fullKey, true, true);
    reads.add(fullKey);
  }

  /// The keys of `[start, end)` have been scanned.
  void scanned(byte[] start, byte[] end) {
    if (isSerializable()) {
      reads.addRange(start, end);
    }
  }

  void put(EmbeddedNamespace namespace, byte[] fullKey, byte[] value, long expiresAtMillis) {
    beforeWrite(namespace, WriteSet.bytesOf(fullKey, value));
    lock(fullKey, true, !isSerializable());
    writes.put(fullKey, value.clone(), expiresAtMillis);
  }

  void delete(EmbeddedNamespace namespace, byte[] fullKey) {
    beforeWrite(namespace, WriteSet.bytesOf(fullKey, NOTHING));
    lock(fullKey, true, !isSerializable());
    writes.delete(fullKey);
  }

  void deleteRange(EmbeddedNamespace namespace, byte[] start, byte[] end) {
    beforeWrite(namespace, WriteSet.bytesOf(start, end));
    writes.deleteRange(start, end);
  }

  private void beforeWrite(EmbeddedNamespace namespace, long bytes) {
    db.engine().requireBatchBytes(writes.bytes() + bytes);
    if (!isSerializable() && lease.owner() == null) {
      lease.snapshot(); // of two writers the second to commit must see that there was a first
    }
    written.add(namespace);
  }

  /// Locks a key if this transaction is pessimistic.
  ///
  /// @param isCurrent whether what is read must be the newest of this key
  private void lock(byte[] fullKey, boolean isExclusive, boolean isCurrent) {
    LockOwner owner = lease.owner();
    if (owner == null || (!isExclusive && owner.locks() >= ReadSet.EACH_MAX)) {
      return; // so many reads are checked at the commit only
    }
    try {
      locks.acquire(owner, fullKey, isExclusive, options.lockTimeout().toNanos());
      if (isCurrent && lease.hasSnapshot()) {
        moveOn(fullKey);
      }
    } catch (LockLimitException e) {
      if (isExclusive) {
        throw e;
      } // so many reads are checked at the commit only
    } catch (ConflictException e) {
      throw failed(e);
    }
  }

  /// If a key that was just locked has been written since the sequence that is read, moves on to
  /// the newest.
  private void moveOn(byte[] fullKey) {
    PointReader reader = db.reader();
    try {
      ReadCheck check = db.engine().readCheck(reader.context, lease.snapshot());
      if (!check.isChanged(fullKey)) {
        return;
      }
      if (!isSerializable() || lease.hasCursors()) {
        throw conflict(fullKey);
      }
      long now = db.engine().acquireSnapshot();
      byte[] changed;
      try {
        changed = check.changed(reads);
      } catch (Throwable e) {
        db.engine().releaseSnapshot(now);
        throw e;
      }
      if (changed != null) {
        db.engine().releaseSnapshot(now);
        throw conflict(changed);
      }
      lease.moveTo(now);
    } finally {
      db.done(reader);
    }
  }

  private ConflictException conflict(byte[] fullKey) {
    Bytes key = NamespaceKey.ofUser(fullKey);
    return new ConflictException("key " + key + " was written by another since it was read");
  }

  private ConflictException failed(ConflictException e) {
    conflict = e;
    lease.close();
    return e;
  }

  /// As `enter`, but false if the transaction has ended.
  boolean tryEnter() {
    return lease.tryEnter();
  }

  /// Rows of the store in `[lower, upper)`, which end with the transaction.
  EngineCursor openCursor(byte[] lower, byte[] upper, int namespaceId) {
    Engine engine = db.engine();
    EngineCursor rows =
        engine.cursor(
            engine.newReadContext(ReadContext.Mode.BLOCKING),
            readSequence(),
            lower,
            upper,
            namespaceId);
    lease.add(rows);
    return rows;
  }

  void add(TransactionCursor cursor) {
    cursors.add(cursor);
  }

  void closed(TransactionCursor cursor, EngineCursor rows) {
    lease.close(rows);
    cursors.remove(cursor);
  }

  // ---- its end

  @Override
  public void commit() {
    enter();
    try {
      commitEntered();
    } finally {
      lease.close();
      leave();
    }
  }

  /// Commits unless that, or a rollback, was done; if it failed by a conflict it fails again.
  void commitUnlessEnded() {
    if (conflict != null) {
      throw conflict;
    }
    if (!lease.isEnded()) {
      commit();
    } else {
      db.engine().requireOpen(); // else the store has ended it
    }
  }

  private void commitEntered() {
    db.engine().requireOpen();
    if (lease.hasSnapshot()) {
      readAt = lease.snapshot();
    }
    if (writes.isEmpty()) {
      return;
    }
    written.forEach(EmbeddedNamespace::requireUsable);
    committedAt = publish();
    lease.release(); // nobody needs to wait for the disk
    Durability durability = options.durability();
    for (EmbeddedNamespace namespace : written) {
      durability = namespace.durability(durability);
    }
    db.awaitDurability(committedAt, durability);
  }

  private long publish() {
    List<QuotaCharge> charges = charges();
    ReadSet relied = reliedOn();
    PointWriter writer = db.writer();
    try {
      writes.writeTo(writer.batch);
      charges.forEach(charge -> charge.addTo(writer.batch));
      if (!lease.hasSnapshot() || relied.isEmpty()) {
        return publish(writer, charges, _ -> true);
      }
      if (relied.ranges().isEmpty() && relied.keys().size() <= CHECKED_LOCKED_MAX) {
        var condition = new UnchangedKeys(relied.keys(), lease.snapshot());
        long sequence = publish(writer, charges, condition);
        if (sequence != Engine.CHANGED) {
          return sequence;
        }
        byte[] changed = condition.changed();
        if (changed != null) {
          throw failed(conflict(changed));
        }
      }
      return publishWatched(writer, charges, relied);
    } finally {
      db.done(writer);
    }
  }

  /// What changes in namespaces with quotas. Notes all that this depends on as read.
  private List<QuotaCharge> charges() {
    var charges = new ArrayList<QuotaCharge>(0);
    for (EmbeddedNamespace namespace : written) {
      if (namespace.hasQuota()) {
        charges.add(QuotaCount.of(db, namespace, writes, reads, lease.snapshot()));
      }
    }
    return charges;
  }

  private long publish(PointWriter writer, List<QuotaCharge> charges, CommitCondition condition) {
    var notDropped = new NotDropped(written, condition);
    if (charges.isEmpty()) {
      return db.publish(writer.batch, notDropped);
    }
    var quotas = new WithinQuotas(db.engine(), charges, notDropped);
    while (true) {
      long sequence = db.publish(writer.batch, quotas);
      EmbeddedNamespace uncounted = quotas.uncounted();
      if (uncounted != null) {
        throw failed(
            new ConflictException("namespace '" + uncounted.name() + "' has lost its quota"));
      }
      EmbeddedNamespace full = quotas.full();
      if (full == null) {
        return sequence;
      }
      if (!QuotaSweep.sweep(db, full)) {
        quotas.requireFits();
      }
    }
  }

  private ReadSet reliedOn() {
    if (isSerializable()) {
      cursors.forEach(TransactionCursor::noteScanned);
    } else {
      writes.addTo(reads);
    }
    return reads;
  }

  /// Looks through all that was written before this moment, while a watch sees what is written from
  /// then on.
  private long publishWatched(PointWriter writer, List<QuotaCharge> charges, ReadSet relied) {
    Engine engine = db.engine();
    var watch = new CommitWatch(relied);
    engine.begin(watch);
    PointReader reader = db.reader();
    try {
      byte[] changed = engine.readCheck(reader.context, lease.snapshot()).changed(relied);
      if (changed == null) {
        long sequence = publish(writer, charges, watch);
        if (sequence != Engine.CHANGED) {
          return sequence;
        }
        changed = watch.touched();
      }
      throw failed(conflict(changed == null ? new byte[NamespaceKey.ID_BYTES] : changed));
    } finally {
      db.done(reader);
      engine.end(watch);
    }
  }

  /// The sequence it has read as of, after its commit; 0 if it has not read.
  long readAt() {
    return readAt;
  }

  /// The sequence of its last write, after its commit; 0 if it has not written.
  long committedAt() {
    return committedAt;
  }

  @Override
  public void rollback() {
    enter();
    lease.close();
    leave();
  }

  @Override
  public void close() {
    try {
      lease.close();
    } finally {
      Reference.reachabilityFence(this);
    }
  }

  @Override
  public Savepoint savepoint() {
    enter();
    try {
      return writes.savepoint();
    } finally {
      leave();
    }
  }

  @Override
  public void rollbackTo(Savepoint savepoint) {
    enter();
    try {
      writes.rollbackTo(savepoint);
    } finally {
      leave();
    }
  }

  // ---- the default namespace

  @Override
  public TransactionStore of(KeyValueStore namespace) {
    return new EmbeddedTransactionStore(this, db.handle(namespace));
  }

  @Override
  public TransactionStore inDefault() {
    return inDefault;
  }

  @Override
  public byte @Nullable [] getForUpdate(byte[] key) {
    return inDefault.getForUpdate(key);
  }

  @Override
  public void put(byte[] key, byte[] value) {
    inDefault.put(key, value);
  }

  @Override
  public void put(byte[] key, byte[] value, Expiry expiry) {
    inDefault.put(key, value, expiry);
  }

  @Override
  public void delete(byte[] key) {
    inDefault.delete(key);
  }

  @Override
  public void deleteRange(Range range) {
    inDefault.deleteRange(range);
  }
}
