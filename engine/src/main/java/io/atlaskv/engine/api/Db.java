package io.atlaskv.engine.api;

import java.nio.file.Path;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.Optional;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/// A durable, ordered key-value store in one directory.
///
/// The store itself is the namespace called `default`; further namespaces are made with
/// [#namespace(String)]. Keys are ordered as unsigned bytes. All methods may be called from any
/// thread, platform or virtual; thread interrupts never harm the store and stay set. After [#close]
/// every method throws [ClosedException].
///
/// Durability: a write returns when its bytes are with the operating system, so that no kill of the
/// process loses it; what a power cut may lose is said by [Durability].
public interface Db extends KeyValueStore, AutoCloseable {

  /// The raw namespace of that name, created when it does not exist.
  ///
  /// @param name 1 to 255 bytes of UTF-8
  /// @throws IllegalArgumentException for an empty or too long name, or when the name belongs to a
  ///   namespace that is not raw (the databases of the Redis server are not)
  KeyValueStore namespace(String name);

  /// The raw namespace of that name, created when it does not exist, with these options from now
  /// on: they replace all that it had, for every handle of it, and are kept in the store. Nothing
  /// is written if they are those it has. `default` may be given options like any other.
  ///
  /// @param name 1 to 255 bytes of UTF-8
  /// @throws IllegalArgumentException as for [#namespace(String)], and for a quota of a namespace
  ///   that was made without one, `default` among them
  /// @throws ReadOnlyException if the store takes no writes and the options are other ones
  KeyValueStore namespace(String name, NamespaceOptions options);

  /// The raw namespace of that name, if it exists.
  Optional<KeyValueStore> findNamespace(String name);

  /// Names of all raw namespaces, in order.
  List<String> namespaces();

  /// Drops a namespace and all its entries in one record; its space is given back by compaction.
  /// Handles of the dropped namespace throw [IllegalStateException] from then on, also where a
  /// write or a transaction began before: what is not refused comes before the drop, and goes with
  /// it.
  ///
  /// @return whether it existed
  /// @throws IllegalArgumentException for `default`, which can only be cleared
  boolean dropNamespace(String name);

  /// A consistent view of all namespaces as of now. Must be closed.
  Snapshot snapshot();

  /// A consistent view of all namespaces as of a sequence of the past: what a snapshot showed that
  /// was taken when this was the last one. Must be closed. That of [Snapshot#sequence()] or
  /// [ChangeBatch#lastSequence()] shows whole batches; one inside a batch shows a part of it.
  ///
  /// What has expired by now is not shown; docs/embedded/time-travel.md says more.
  ///
  /// @param sequence at least 1 and at most the last one
  /// @throws HistoryGoneException if it is before [Options#historyWindow()], or none is kept
  /// @throws IllegalArgumentException for a sequence that was not yet given
  Snapshot snapshotAt(long sequence);

  /// As [#snapshotAt(long)], as of a time by the clock of the process: never shows what was
  /// committed after it, and may lack what was committed in the thousandth of the window, or the
  /// tenth of a second, before it.
  ///
  /// @throws HistoryGoneException if it is before [Options#historyWindow()], or none is kept
  /// @throws IllegalArgumentException for a time to come
  Snapshot snapshotAt(Instant time);

  /// Runs `work` in a transaction and commits it, serializable and optimistic: `db.transact(tx -> {
  /// tx.put(a, x); tx.delete(b); })`. See the form with options.
  void transact(Consumer<? super Transaction> work);

  /// Runs `work` in a transaction and commits it, unless it has ended it itself. If others were
  /// faster, or it was chosen to end a deadlock, it is run again, after a pause that grows from
  /// some 50 µs to 10 ms: so it must not do what cannot be done twice. What it throws rolls the
  /// transaction back and is thrown here; it must let [ConflictException] through.
  ///
  /// @throws ConflictException after [TransactionOptions#triesMax()] tries
  /// @throws LockTimeoutException if it waited too long for a lock
  /// @throws LockLimitException if there are too many locks
  void transact(TransactionOptions options, Consumer<? super Transaction> work);

  /// As [#transact(Consumer)], with a result: `db.transactResult(tx -> tx.get(key))`.
  <T extends @Nullable Object> T transactResult(Function<? super Transaction, T> work);

  /// As [#transact(TransactionOptions, Consumer)], with a result.
  <T extends @Nullable Object> T transactResult(
      TransactionOptions options, Function<? super Transaction, T> work);

  /// Begins a transaction that the caller commits himself, and runs again if that fails. Must be
  /// committed or closed.
  Transaction begin(TransactionOptions options);

  /// Makes everything written so far durable; returns when it is.
  void sync();

  /// Writes all memtables to tables; returns when it is done.
  void flush();

  /// Merges all tables into the lowest level, dropping what is deleted or overwritten; returns when
  /// it is done.
  void compact();

  /// Makes a copy of the store in a directory of its own: exactly the state of one moment of this
  /// call, all namespaces, all commits up to one and none after it. [io.atlaskv.engine.AtlasKv]
  /// opens it like any store, and it may be copied, moved and deleted like any directory.
  ///
  /// Writers and readers are not stopped. Files are not copied but get second names, so it takes
  /// milliseconds and, at first, almost no space; what the store later rewrites or drops stays on
  /// the disk until the checkpoint is deleted. When this returns, the checkpoint survives a power
  /// cut, with all commits it holds, whatever the durability. It is made under the name
  /// `target.atlaskv-unfinished` beside `target`, so that a crash leaves a whole checkpoint or
  /// none; what a crash left there is deleted by the next checkpoint in the same parent.
  ///
  /// @param target must not exist, and must be on the same file system as the store; its parents
  ///   are made if need be
  /// @throws StorageException if `target` exists, or lies on another file system, or the operating
  ///   system refuses something; no part of a checkpoint is left then, and the store goes on
  void checkpoint(Path target);

  /// Backs the store up: exactly the state of one moment of this call, as with [#checkpoint],
  /// copied into a directory of its own in `repository`. What the last backup of this store there
  /// has already is not copied again. The log since that backup comes along as far as it is still
  /// there (`Options.logRetainedSegments`), so that each moment in between can be restored.
  ///
  /// Writers and readers are not stopped. When this returns, the backup survives a power cut, with
  /// all commits it holds, whatever the durability; a crash leaves a whole backup or none.
  /// `io.atlaskv.engine.Backups` lists, verifies, restores and deletes backups.
  ///
  /// @param repository a directory, on any file system; made if need be
  /// @throws StorageException if the operating system refuses something; no part of the backup is
  ///   left then, and the store goes on
  BackupInfo backup(Path repository);

  /// Reads and verifies every block of every table.
  ///
  /// @throws CorruptionException naming file and offset of the first damage
  void verify();

  /// Counters and sizes as of now.
  Statistics statistics();

  /// How much of each raw namespace lies in tables, by name. Read from the indexes of the tables,
  /// which are in memory: some microseconds for each table and namespace, and nothing while nobody
  /// asks.
  Map<String, NamespaceStatistics> namespaceStatistics();

  /// How long the stages of reads and writes have taken since the store was opened; all stages are
  /// there. Measured all the time, the short ones by samples ([Stage]), so that it costs nothing to
  /// speak of.
  Map<Stage, Histogram> timings();

  /// Tells a listener what the store does from now on: flushes, compactions, syncs, stalls, tables
  /// made and deleted. Events come one at a time, in the order they happened, on a thread that does
  /// nothing else, so the listener may take its time, read and write; it must not close the store.
  /// If more than 1,024 events wait for it, further ones are left out, and [StoreEvent.Missed] says
  /// how many. What it throws is logged once, and harms nobody. Events that wait when the store is
  /// closed are dropped.
  Subscription listen(Consumer<? super StoreEvent> listener);

  /// All batches that are committed from `fromSequence` on, in commit order, those of all raw
  /// namespaces, each once it is on disk. A batch that has this sequence inside comes as a whole.
  /// Of a bulk load it tells that it was, not its entries: `Change.BulkLoaded`.
  ///
  /// To begin with the state of the store: take a snapshot, read it, and go on with
  /// `changes(snapshot.sequence() + 1)`.
  ///
  /// @param fromSequence at least 1 and at most the one behind the last commit
  /// @throws HistoryGoneException if the log no longer has it
  /// @throws IllegalArgumentException for a sequence that is out of bounds
  default ChangeFeed changes(long fromSequence) {
    return changes(fromSequence, ChangeFeed.Delivery.DURABLE);
  }

  /// As [#changes(long)], with a choice when batches are delivered.
  ChangeFeed changes(long fromSequence, ChangeFeed.Delivery delivery);

  /// What the last open of this directory found in the log.
  RecoveryReport recoveryReport();

  /// Syncs, ends the log with a seal and releases directory and memory. Open cursors and snapshots
  /// are closed with it. A second call does nothing, and does not wait for the first.
  @Override
  void close();
}
