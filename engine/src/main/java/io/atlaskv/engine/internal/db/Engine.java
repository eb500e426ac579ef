package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.api.AtlasException;
import io.atlaskv.engine.api.BackupInfo;
import io.atlaskv.engine.api.ClosedException;
import io.atlaskv.engine.api.Durability;
import io.atlaskv.engine.api.Explanation;
import io.atlaskv.engine.api.Histogram;
import io.atlaskv.engine.api.HistoryGoneException;
import io.atlaskv.engine.api.Options;
import io.atlaskv.engine.api.RecoveryReport;
import io.atlaskv.engine.api.Stage;
import io.atlaskv.engine.api.Statistics;
import io.atlaskv.engine.api.StorageException;
import io.atlaskv.engine.api.StoreEvent;
import io.atlaskv.engine.api.Subscription;
import io.atlaskv.engine.internal.base.BatchBuilder;
import io.atlaskv.engine.internal.base.Layouts;
import io.atlaskv.engine.internal.base.Lookup;
import io.atlaskv.engine.internal.base.NeedsBlocks;
import io.atlaskv.engine.internal.cache.ReadContext;
import io.atlaskv.engine.internal.compaction.SortedLoad;
import io.atlaskv.engine.internal.io.Clock;
import io.atlaskv.engine.internal.io.Directories;
import io.atlaskv.engine.internal.io.RandomSource;
import io.atlaskv.engine.internal.io.Waiter;
import io.atlaskv.engine.internal.iterator.VisibleIterator;
import io.atlaskv.engine.internal.manifest.RangeSize;
import io.atlaskv.engine.internal.manifest.TableMeta;
import io.atlaskv.engine.internal.memtable.Memtable;
import io.atlaskv.engine.internal.wal.HistoryReader;
import java.lang.foreign.MemorySegment;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.SortedSet;
import java.util.TreeSet;
import java.util.function.BooleanSupplier;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/// The non-blocking core: commits answer with a sequence, reads with a value or `NEEDS_BLOCKS`,
/// stalls with a delay (DESIGN R1). The methods called `await...` and `flush`, `compact`, `verify`,
/// `close` wait; they are for the blocking API and never run on an event loop.
///
/// Keys are full keys: namespace id, then the caller's key.
public final class Engine implements AutoCloseable {
  /// Answer of a read: it cannot be said without reading from disk; call `fetch` and read again.
  public static final int NEEDS_BLOCKS = -1;

  /// Answer of `commit`: nothing was done, there is no room now; wait for progress and try again.
  public static final long STALLED = WritePath.STALLED;

  /// Answer of a `commit` with a condition: it does not hold, nothing was done.
  public static final long CHANGED = WritePath.CHANGED;

  /// Sequence that stands for the newest data.
  public static final long LATEST = -1;

  /// Room in the log that `reserveNamespaceId` may need.
  public static final long NAMESPACE_ID_BYTES = NamespaceIds.BATCH_BYTES;

  private final EngineParts parts;
  private final BlockingWaits waits;
  private final Maintenance maintenance;
  private final NamespaceTrees trees;
  private final FetchLane lane;
  private final LongSupplier nowMillis;

  Engine(EngineParts parts) {
    this.parts = parts;
    waits = new BlockingWaits(parts);
    maintenance = new Maintenance(parts, waits);
    trees =
        new NamespaceTrees(
            parts.versions(),
            parts.installer(),
            parts.compactions(),
            parts.failure(),
            parts.admission());
    lane = new FetchLane(parts.ports().scheduler(), parts.views(), parts.supply(), waits);
    this.nowMillis = parts.ports().clock()::currentTimeMillis;
  }

  // ---- writes

  /// How long a write of so many bytes should be put off, in nanoseconds; 0 = go on. Grows smoothly
  /// with the debt of flushes and compactions. For namespaces without shares of the I/O.
  public long admit(long bytes) {
    return told(parts.admission().delayNanos(bytes));
  }

  /// As above, for a finished batch, whatever is in it.
  public long admit(BatchBuilder batch) {
    return told(parts.admission().delayNanos(batch));
  }

  /// Whether a finished batch may go on now, so that the memtables leave others their parts; if
  /// not, wait for progress.
  public boolean hasTurn(BatchBuilder batch) {
    return parts.admission().hasTurn(batch) || parts.failure().current() != null;
  }

  private long told(long delay) {
    if (delay > 0) {
      parts.stalls().delayed(delay);
    }
    return delay;
  }

  /// Commits a finished batch: visible to all reads that start after this returns, and in the log's
  /// buffer. Returns its last sequence, or `STALLED`. No I/O.
  ///
  /// @throws io.atlaskv.engine.api.ReadOnlyException if the store takes no writes
  public long commit(BatchBuilder batch) {
    return commit(batch, null);
  }

  /// As above, but only if the condition holds in the order of commits, else `CHANGED`.
  public long commit(BatchBuilder batch, @Nullable CommitCondition condition) {
    return parts.features().isReadyFor(batch, this::execute)
        ? parts.writes().commit(batch, condition)
        : STALLED;
  }

  /// Shows a watch all commits that follow, until `end`.
  public void begin(CommitWatch watch) {
    parts.writes().begin(watch);
  }

  /// Shows a watch no more.
  public void end(CommitWatch watch) {
    parts.writes().end(watch);
  }

  /// Looks for something newer than `since` where there may be nothing; see [ReadCheck].
  public ReadCheck readCheck(ReadContext context, long since) {
    return new ReadCheck(parts.views(), parts.reads(), waits::forOrder, context, since);
  }

  /// How callers of the blocking API wait.
  public Waiter waiter() {
    return parts.ports().waiter();
  }

  /// Chance, for pauses and for numbers that no earlier process has given out.
  public RandomSource random() {
    return parts.ports().random();
  }

  /// Hands all that is committed to the kernel by one write. False if another thread is at it; it
  /// takes along what was committed before this call, and listeners run when it is done.
  public boolean writeLog() {
    boolean isWritten = parts.wal().write();
    parts.logSync().written();
    return isWritten;
  }

  /// Everything up to it is visible.
  public long visibleSequence() {
    return parts.writes().visibleSequence();
  }

  /// Everything up to it is with the kernel.
  public long writtenSequence() {
    return parts.wal().writtenSequence();
  }

  /// Everything up to it is on disk.
  public long durableSequence() {
    return parts.wal().durableSequence();
  }

  /// Asks for a sync of what is written; listeners run when it is done.
  public void requestSync() {
    parts.wal().requestSync();
  }

  /// Has what is written by now synced before `interval` has passed.
  public void syncWithin(Duration interval) {
    parts.logSync().within(interval);
  }

  /// True while a sync of the log runs. It covers what was written before it began; listeners run
  /// when it has ended.
  public boolean isSyncing() {
    return parts.wal().isSyncing();
  }

  /// Registers what runs, on any thread, when the log made progress, room appeared or the store
  /// failed. It must be short and not call back.
  public void addProgressListener(Runnable listener) {
    parts.progress().addListener(listener);
  }

  /// Why the store takes no writes, or null.
  public @Nullable AtlasException failure() {
    return parts.failure().current();
  }

  /// The default durability of writes.
  public Durability durability() {
    return parts.logSync().durability();
  }

  public void durability(Durability durability) {
    parts.logSync().durability(durability);
  }

  /// Throws unless a batch of so many bytes is allowed.
  public void requireBatchBytes(long bytes) {
    long max = parts.plan().batchBytesMax();
    if (bytes > max) {
      throw new IllegalArgumentException(
          "a write of " + bytes + " bytes is larger than the limit of " + max);
    }
  }

  /// Largest batch.
  public long batchBytesMax() {
    return parts.plan().batchBytesMax();
  }

  /// A namespace id that was never given out, or 0: no room in the log now, wait for progress.
  public int reserveNamespaceId() {
    return parts.namespaceIds().take();
  }

  /// Value of a persistent counter.
  public long counter(int namespace, int counter) {
    return parts.counters().value(namespace, counter);
  }

  // ---- reads

  /// What one reader needs, for one thread at a time.
  public ReadContext newReadContext(ReadContext.Mode mode) {
    return new ReadContext(parts.cache(), mode);
  }

  /// Newest value of a key: `Lookup.FOUND`, `Lookup.ABSENT` or `NEEDS_BLOCKS`. The value is good
  /// until `out.release()`; `out.sequence()` is that of what was found, a tombstone too.
  public int get(ReadContext context, byte[] key, int offset, int length, Lookup out) {
    return parts.reads().getLatest(context, key, offset, length, out);
  }

  /// For keys that one thread will read soon.
  public Lookahead newLookahead() {
    return new Lookahead(newReadContext(ReadContext.Mode.CACHE_ONLY));
  }

  /// Looks up the keys of `lookahead` together, which waits less for memory than one by one. Says
  /// nothing: `get` has the answers, whatever is written in between.
  public void lookAhead(Lookahead lookahead) {
    parts.reads().lookAhead(lookahead);
  }

  /// As `get`, for key number `key` of a lookahead; the value is good until `out.release()`, but no
  /// longer than to the lookahead's end.
  public int get(ReadContext context, Lookahead lookahead, int key, Lookup out) {
    return parts.reads().getLatest(context, lookahead, key, out);
  }

  /// As `get`, as of a registered snapshot.
  public int get(
      ReadContext context, long snapshot, byte[] key, int offset, int length, Lookup out) {
    return parts.reads().getAt(context, snapshot, key, offset, length, out);
  }

  /// For reads of many keys as of one moment.
  public MultiGet newMultiGet() {
    return new MultiGet(
        parts.views(), parts.writes(), parts.reads(), newReadContext(ReadContext.Mode.CACHE_ONLY));
  }

  /// Looks a key up as of a registered snapshot, and says how that went. Blocks.
  public Explanation explain(ReadContext context, long snapshot, byte[] key) {
    View view = parts.views().acquire();
    try {
      return new ReadExplainer(clock(), context, key, snapshot).explain(view);
    } finally {
      view.release();
    }
  }

  /// Registers a snapshot of what is visible: reads as of this sequence work until it is released.
  public long acquireSnapshot() {
    return parts.writes().acquireSnapshot();
  }

  /// Registers a snapshot of what was visible at a sequence.
  ///
  /// @throws io.atlaskv.engine.api.HistoryGoneException if that is not kept
  public long acquireSnapshot(long sequence) {
    return parts.writes().acquireSnapshot(sequence);
  }

  /// As above, at a time.
  public long acquireSnapshot(Instant time) {
    HistoryWindow history = parts.history();
    if (history == null) {
      throw new HistoryGoneException(
          "what was visible at " + time + " is not kept: there is no history window",
          visibleSequence());
    }
    return acquireSnapshot(history.sequenceAt(time));
  }

  public void releaseSnapshot(long sequence) {
    parts.writes().releaseSnapshot(sequence);
  }

  /// A cursor over `[lower, upper)` that stands nowhere yet, as of a registered snapshot or of
  /// `LATEST`. The snapshot may be released before the cursor is closed.
  ///
  /// @throws ClosedException if the snapshot has been released
  /// @throws NeedsBlocks if the context must not block and a memtable is not yet in order
  public EngineCursor cursor(ReadContext context, long snapshot, byte[] lower, byte[] upper) {
    return cursor(context, snapshot, lower, upper, 0);
  }

  /// As above, of a namespace that the cursor can be asked for.
  public EngineCursor cursor(
      ReadContext context, long snapshot, byte[] lower, byte[] upper, int namespaceId) {
    return cursor(context, snapshot, lower, upper, namespaceId, true);
  }

  private EngineCursor cursor(
      ReadContext context,
      long snapshot,
      byte[] lower,
      byte[] upper,
      int namespaceId,
      boolean withMemtables) {
    long sequence = snapshot == LATEST ? acquireSnapshot() : retained(snapshot);
    View view = parts.views().acquire();
    var sources = new ArrayList<VisibleIterator.Source>();
    try {
      if (withMemtables) {
        addMemtable(context, view.active(), sources);
        for (Memtable memtable : view.sealed()) {
          addMemtable(context, memtable, sources);
        }
      }
      view.version().addSources(context, lower, upper, sources);
      var entries = new VisibleIterator(sources, sequence, nowMillis, lower, upper);
      return new EngineCursor(this, context, view, entries, sequence, namespaceId);
    } catch (Throwable e) {
      sources.forEach(source -> source.entries().close());
      view.release();
      releaseSnapshot(sequence);
      throw e;
    }
  }

  /// A view alone would not do: writers take versions out of its memtables that nobody registered
  /// needs.
  private long retained(long snapshot) {
    if (!parts.writes().retainSnapshot(snapshot)) {
      throw new ClosedException("the snapshot");
    }
    return snapshot;
  }

  /// Draws stored versions of the keys of `[lower, upper)`.
  public KeyDraw keyDraw(byte[] lower, byte[] upper) {
    View view = parts.views().acquire();
    try {
      return new KeyDraw(view, lower, upper);
    } catch (Throwable e) {
      view.release();
      throw e;
    }
  }

  /// Names that namespaces of a store just opened may have: those that are listed, and perhaps some
  /// that no longer are. Blocks, but puts no memtable in order.
  public SortedSet<String> possibleNames() {
    var names = new TreeSet<>(parts.replayedNames());
    byte[] first = NamespaceKey.directory("");
    byte[] end = first.clone();
    end[end.length - 1]++;
    try (ReadContext context = newReadContext(ReadContext.Mode.BLOCKING);
        EngineCursor rows = cursor(context, LATEST, first, end, 0, false)) {
      for (rows.seekToFirst(); rows.isValid(); rows.next()) {
        names.add(NamespaceKey.nameOf(rows.keyBuffer(), rows.keyLength()));
      }
    }
    return names;
  }

  /// Newest value of a key, or null. Blocks; for the few rows of the store's own.
  public byte @Nullable [] row(byte[] key) {
    var lookup = new Lookup();
    try (ReadContext context = newReadContext(ReadContext.Mode.BLOCKING)) {
      if (get(context, key, 0, key.length, lookup) != Lookup.FOUND) {
        return null;
      }
      byte[] value = new byte[lookup.length()];
      MemorySegment.copy(lookup.segment(), Layouts.BYTE, lookup.offset(), value, 0, value.length);
      return value;
    } finally {
      lookup.release();
    }
  }

  private void addMemtable(
      ReadContext context, Memtable memtable, List<VisibleIterator.Source> sources) {
    if (memtable.isEmpty()) {
      return;
    }
    if (!memtable.isOrdered()) {
      parts.supply().wantOrder();
      if (!context.isBlocking()) {
        throw NeedsBlocks.INSTANCE;
      }
      waits.forOrder(memtable);
    }
    sources.add(new VisibleIterator.Source(memtable.iterator(), memtable.rangeTombstones()));
  }

  /// Brings what the last answer lacked, then runs `whenDone` on a worker. The context must not be
  /// used until then.
  ///
  /// @param onFailure runs instead if it cannot be read
  public void fetch(ReadContext context, Runnable whenDone, Consumer<AtlasException> onFailure) {
    lane.fetch(context, whenDone, onFailure);
  }

  /// Begins tables that `ingest` may make part of the store.
  public SortedLoad newLoad() {
    parts.failure().requireWritable();
    return parts.loads().get();
  }

  /// Blocks for as long as the ceilings want after a load was given so many bytes more.
  public void paceLoad(long bytes) {
    long owed = parts.throttle().requested(bytes);
    if (owed > 0) {
      waits.pause(owed);
    }
  }

  /// Makes the finished tables of a load part of the store. Blocks.
  ///
  /// @param check refuses them by what it throws, when nothing else is committed any more
  public void ingest(SortedLoad load, List<TableMeta> tables, Runnable check) {
    parts.ingestion().install(load, tables, this::flush, check);
  }

  /// Tells the id that a raw namespace has, to whom goes by its name.
  public void namespaceKnown(String name, int id) {
    parts.filters().known(name, id);
  }

  /// The namespace of an id was dropped.
  public void namespaceForgotten(int id) {
    parts.filters().forget(id);
  }

  // ---- waiting, for the blocking API

  /// Waits until a finished batch may be committed, as far as others' shares and the debt of
  /// flushes and compactions are concerned.
  public void awaitAdmission(BatchBuilder batch) {
    if (!hasTurn(batch)) {
      waits.forTurn(() -> hasTurn(batch));
    }
    long delay = admit(batch);
    if (delay > 0) {
      waits.delay(delay);
    }
  }

  /// Waits, after `STALLED`, until another try makes sense: there is room, or a reason to refuse.
  public void awaitRoom(long bytes) {
    waits.forRoom(bytes);
  }

  /// Hands the log to the kernel and waits until everything up to `sequence` is there.
  public void awaitWritten(long sequence) {
    writeLog();
    waits.forWritten(sequence);
  }

  /// Waits until everything up to `sequence`, which is written, is on disk. One of the callers
  /// syncs for all.
  public void awaitDurable(long sequence) {
    waits.forDurable(sequence);
  }

  /// Writes all memtables to tables.
  public void flush() {
    maintenance.flush();
  }

  /// Forgets all cached blocks of tables: the next reads go to the files.
  public void dropCache() {
    maintenance.dropCache();
  }

  /// Backs the store up in a repository. Blocks.
  public BackupInfo backup(Directories repository) {
    return parts.checkpoints().backup(repository);
  }

  /// Reads what was committed, from a sequence on.
  ///
  /// @throws io.atlaskv.engine.api.HistoryGoneException if the log no longer has it
  public HistoryReader history(long fromSequence) {
    long next = visibleSequence() + 1;
    if (fromSequence < 1 || fromSequence > next) {
      throw new IllegalArgumentException(
          "fromSequence must be at least 1 and at most " + next + ", is " + fromSequence);
    }
    return HistoryReader.open(
        parts.ports().files(),
        parts.versions().storeUuid(),
        parts.wal(),
        () -> parts.versions().state().boundaries(),
        fromSequence);
  }

  /// Waits until the condition holds, for a time, or until the store is closed.
  public void pauseUntil(BooleanSupplier done, long nanos) {
    waits.until(done, nanos);
  }

  /// Makes all who wait look again.
  public void wakeWaiting() {
    waits.wake();
  }

  /// True if nothing more will be written until the store is opened again.
  public boolean hasLogFailed() {
    return parts.wal().failure() != null;
  }

  /// Throws if the log has failed.
  public void requireLog() {
    if (hasLogFailed()) {
      parts.failure().requireWritable();
    }
  }

  /// Waits for a time, or until the store is closed.
  public void pause(long nanos) {
    waits.pause(nanos);
  }

  /// Merges everything into the lowest level.
  public void compact() {
    maintenance.compact();
  }

  /// Merges what tables have of `[lower, upper)` into the lowest level.
  public void compact(byte[] lower, byte[] upper) {
    maintenance.compact(lower, upper);
  }

  /// Makes a directory `name` in `parent`, on the same device, that opens as a store with exactly
  /// what is visible at one moment of this call; answers the last sequence of that moment. Writers
  /// are not stopped. Blocks: for the blocking API, and for `execute`.
  ///
  /// @throws StorageException if the name exists, or the operating system refuses something; the
  ///   store goes on
  public long checkpoint(Directories parent, String name) {
    requireOpen();
    return parts.checkpoints().make(parent, name);
  }

  /// Deletes a checkpoint, so that a crash leaves no part of it under its name. Blocks.
  public void removeCheckpoint(Directories parent, String name) {
    parts.checkpoints().remove(parent, name);
  }

  /// Reads and checks every block of every table.
  public void verify() {
    maintenance.verify();
  }

  /// Trees of namespaces.
  public NamespaceTrees trees() {
    return trees;
  }

  /// Has tables that are begun from now on note so many bytes of the keys of a namespace; 0 for
  /// none.
  public void prefixBytes(int namespace, int bytes) {
    parts.prefixes().set(namespace, bytes);
  }

  /// Sets the ceilings of what flushes, compactions, backups and bulk loads read and write; 0 is no
  /// limit.
  ///
  /// @throws IllegalArgumentException if `Options` would refuse them
  public void compactionCeilings(long bytesPerSecondMax, long iopsMax) {
    var checked =
        Options.DEFAULT
            .withCompactionBytesPerSecondMax(bytesPerSecondMax)
            .withCompactionIopsMax(iopsMax);
    parts.throttle().ceilings(checked.compactionBytesPerSecondMax(), checked.compactionIopsMax());
  }

  // ---- the rest

  public Clock clock() {
    return parts.ports().clock();
  }

  /// Runs work that may block on a worker.
  public void execute(Runnable work) {
    lane.execute(work);
  }

  /// As `execute`, once `delayNanos` have passed.
  public void executeLater(long delayNanos, Runnable work) {
    lane.executeLater(delayNanos, work);
  }

  /// What is told to those whose writes will never be written, or null while the log works.
  public @Nullable AtlasException logFailure() {
    if (parts.wal().failure() == null) {
      return null;
    }
    try {
      parts.failure().requireWritable();
      return null;
    } catch (AtlasException e) {
      return e;
    }
  }

  public RecoveryReport recoveryReport() {
    return parts.recoveryReport();
  }

  /// Whether the store once went its own way: it is a copy, or an opening or a repair has passed
  /// over damage. Then writes may be lost that others came after.
  public boolean isForked() {
    return !parts.versions().state().lineage().forks().isEmpty();
  }

  /// Number of the log segment that is written now.
  public long currentLogSegment() {
    return parts.wal().currentSegment();
  }

  /// Whether the next log segment is being prepared.
  public boolean isPreparingLogSegment() {
    return parts.wal().isPreparing();
  }

  /// Memory limit of the process that the store plans with, in bytes.
  public long memoryLimitBytes() {
    return parts.plan().limitBytes();
  }

  /// Tells a listener what happens from now on; on a lane of its own.
  public Subscription listen(Consumer<? super StoreEvent> listener) {
    return parts.events().listen(listener);
  }

  /// How long the stages of reads and writes took.
  public Map<Stage, Histogram> timings() {
    return parts.times().histograms();
  }

  public Statistics statistics() {
    return EngineStatistics.of(parts);
  }

  /// How much of a namespace lies in tables.
  public RangeSize tableSize(int namespace) {
    return tableSize(NamespaceKey.first(namespace), NamespaceKey.end(namespace));
  }

  /// How much of the keys of `[lower, upper)` lies in tables; no file is read for it.
  public RangeSize tableSize(byte[] lower, byte[] upper) {
    View view = parts.views().acquire();
    try {
      return view.version().size(lower, upper);
    } finally {
      view.release();
    }
  }

  /// As `tableSize`, the bytes alone; no file is read for it.
  public long tableBytes(int namespace) {
    return tableSize(namespace).bytes();
  }

  /// Counts what is written to a namespace from now on, to be told before anything is.
  public void countWrites(int namespace) {
    written().begin(namespace);
  }

  /// Counts it no more, and forgets what was counted.
  public void forgetWrites(int namespace) {
    written().forget(namespace);
  }

  /// Operations that were written to a namespace while it was counted.
  public long writes(int namespace) {
    return written().value(namespace, Tally.Counts::operations);
  }

  /// Bytes of their keys and values.
  public long writtenBytes(int namespace) {
    return written().value(namespace, Tally.Counts::bytes);
  }

  /// What was written to each namespace.
  private Tally written() {
    return parts.writes().written();
  }

  /// Throws once the store is being closed.
  public void requireOpen() {
    waits.requireOpen();
  }

  /// Refuses new work from now on; false if that was done before.
  public boolean beginClose() {
    return waits.beginClose();
  }

  /// Ends background work, syncs and seals the log, gives everything back.
  @Override
  public void close() {
    beginClose();
    parts.close();
  }
}
