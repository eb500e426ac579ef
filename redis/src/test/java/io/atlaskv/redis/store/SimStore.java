package io.atlaskv.redis.store;

import io.atlaskv.engine.api.AtlasException;
import io.atlaskv.engine.api.Durability;
import io.atlaskv.engine.api.Options;
import io.atlaskv.engine.api.RecoveryMode;
import io.atlaskv.engine.api.Statistics;
import io.atlaskv.engine.api.StorageException;
import io.atlaskv.engine.internal.base.DrawnKey;
import io.atlaskv.engine.internal.base.KeyBatch;
import io.atlaskv.engine.internal.base.Lookup;
import io.atlaskv.engine.internal.db.Engine;
import io.atlaskv.engine.internal.db.EngineOpener;
import io.atlaskv.engine.internal.io.Clock;
import io.atlaskv.engine.internal.io.FaultFileSystem;
import io.atlaskv.engine.internal.io.RandomSource;
import io.atlaskv.engine.internal.io.SimPorts;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.function.BooleanSupplier;
import org.jspecify.annotations.Nullable;

/// The engine on simulated ports, in one thread: time, disk and background work move only when
/// told. It can pretend that rows are not in memory the first time they are read.
public final class SimStore implements Store, AutoCloseable {
  private static final long MIB = 1024 * 1024;
  private static final Options OPTIONS =
      Options.DEFAULT
          .withMemoryLimitBytes(64 * MIB)
          .withMemtableBytes(MIB)
          .withLogSegmentBytes(8 * MIB);

  private final SimPorts sim;
  private final Engine engine;
  private final EngineStore store;
  private final List<Batch> batches = new ArrayList<>();
  private boolean missesFirst;
  private boolean isStalled;
  private boolean starvesReaders;
  private boolean claimsWrittenIsDurable;
  private boolean isSyncHeld;
  private int getsUntilFailure;
  private Runnable getFailure = () -> {};
  private @Nullable Runnable listener;

  private SimStore(SimPorts sim, Options options) {
    this.sim = sim;
    engine = EngineOpener.open(sim.ports(), options, 64 * MIB, 32 * MIB);
    store = new EngineStore(engine, () -> sim.files().directories("snapshots"));
  }

  /// A new store; what the scheduler does next is drawn from `seed`.
  public static SimStore create(long seed, Durability durability) {
    return new SimStore(SimPorts.create(seed), OPTIONS.withDurability(durability));
  }

  /// Opens what a power cut at this moment leaves, in a store of its own.
  public SimStore afterPowerCut(long seed) {
    return new SimStore(SimPorts.on(sim.files().crash(seed), seed), OPTIONS);
  }

  /// Opens what a killed process leaves, with a flipped bit, in a store of its own that passes over
  /// damage of the log.
  public SimStore afterDamage(long seed, String segment, int position) {
    var files = FaultFileSystem.create(seed);
    sim.files().list().forEach(name -> files.put(name, sim.files().contents(name)));
    files.flip(segment, position, 1);
    return new SimStore(
        SimPorts.on(files, seed), OPTIONS.withRecoveryMode(RecoveryMode.SKIP_CORRUPT));
  }

  /// From now on every row has to be fetched before it can be read by a reader that must not block.
  public void missFirst() {
    missesFirst = true;
  }

  /// Lets the `nth` read of one row from now on fail, the first being 1; 0 = none.
  public void failGet(int nth) {
    failGet(nth, new StorageException("planted", null));
  }

  /// As above, with this exception.
  public void failGet(int nth, RuntimeException failure) {
    getsUntilFailure = nth;
    getFailure =
        () -> {
          throw failure;
        };
  }

  /// As `failGet`, for want of memory.
  public void starveGet(int nth) {
    getsUntilFailure = nth;
    getFailure =
        () -> {
          throw new OutOfMemoryError("planted");
        };
  }

  /// From now on there is no memory for another reader that may block, or there is again.
  public void starveReaders(boolean value) {
    starvesReaders = value;
  }

  /// True if the read that `failGet` was about is still to come.
  public boolean hasGetToFail() {
    return getsUntilFailure > 0;
  }

  /// Plants a bug: whatever is with the kernel is called durable.
  public void claimWrittenIsDurable() {
    claimsWrittenIsDurable = true;
  }

  /// While it is held, a sync seems to run.
  public void holdSync(boolean value) {
    isSyncHeld = value;
    if (!value && listener != null) {
      listener.run();
    }
  }

  /// While stalled, no write is admitted.
  public void stall(boolean value) {
    isStalled = value;
    if (!value && listener != null) {
      listener.run();
    }
  }

  public SimPorts sim() {
    return sim;
  }

  /// Writes everything to tables.
  @Override
  public boolean hasLostWrites() {
    return store.hasLostWrites();
  }

  @Override
  public void countWrites(int namespace) {
    store.countWrites(namespace);
  }

  @Override
  public void forgetWrites(int namespace) {
    store.forgetWrites(namespace);
  }

  @Override
  public Written written(int namespace) {
    return store.written(namespace);
  }

  @Override
  public long tableBytes(int namespace) {
    return store.tableBytes(namespace);
  }

  @Override
  public void flush() {
    engine.flush();
  }

  /// Merges all tables.
  public void compact() {
    engine.compact();
  }

  /// Lets all background work come to its end.
  public void settle() {
    sim.scheduler().runUntilIdle();
  }

  @Override
  public void close() {
    engine.close();
  }

  @Override
  public long admit(long bytes) {
    return isStalled ? STALL : store.admit(bytes);
  }

  @Override
  public Batch newBatch() {
    Batch batch = store.newBatch();
    batches.add(batch);
    return batch;
  }

  /// How many batches were made and not closed.
  public long openBatches() {
    return batches.stream().filter(batch -> batch.segment().scope().isAlive()).count();
  }

  @Override
  public long batchBytesMax() {
    return store.batchBytesMax();
  }

  @Override
  public long commit(Batch batch) {
    return store.commit(batch);
  }

  @Override
  public boolean writeLog() {
    return store.writeLog();
  }

  @Override
  public long writtenSequence() {
    return store.writtenSequence();
  }

  @Override
  public long durableSequence() {
    return claimsWrittenIsDurable ? store.writtenSequence() : store.durableSequence();
  }

  @Override
  public long visibleSequence() {
    return store.visibleSequence();
  }

  @Override
  public @Nullable AtlasException failure() {
    return store.failure();
  }

  @Override
  public boolean isSyncing() {
    return isSyncHeld || store.isSyncing();
  }

  @Override
  public void requestSync() {
    store.requestSync();
  }

  @Override
  public void addProgressListener(Runnable newListener) {
    listener = newListener;
    store.addProgressListener(newListener);
  }

  @Override
  public Durability durability() {
    return store.durability();
  }

  @Override
  public void durability(Durability durability) {
    store.durability(durability);
  }

  @Override
  public Reader newReader(boolean isBlocking) {
    if (isBlocking && starvesReaders) {
      throw new OutOfMemoryError("planted");
    }
    Reader reader = new FailingReader(store.newReader(isBlocking));
    return isBlocking ? reader : new MissingReader(reader);
  }

  @Override
  public Lookahead newLookahead() {
    return store.newLookahead();
  }

  @Override
  public long counter(int namespace, int counterId) {
    return store.counter(namespace, counterId);
  }

  @Override
  public int reserveNamespace() {
    return store.reserveNamespace();
  }

  @Override
  public void dropCache() {
    store.dropCache();
  }

  @Override
  public void pause(long nanos) {
    store.pause(nanos);
  }

  @Override
  public void execute(Runnable work) {
    store.execute(work);
  }

  @Override
  public Clock clock() {
    return store.clock();
  }

  @Override
  public RandomSource random() {
    return store.random();
  }

  @Override
  public long checkpoint(String name) {
    return store.checkpoint(name);
  }

  @Override
  public List<String> checkpoints() {
    return store.checkpoints();
  }

  @Override
  public void removeCheckpoint(String name) {
    store.removeCheckpoint(name);
  }

  /// Opens a checkpoint of this store as a store of its own.
  public SimStore openCheckpoint(String name, long seed) {
    return new SimStore(
        SimPorts.on(sim.files().directory("snapshots").directory(name), seed), OPTIONS);
  }

  @Override
  public Statistics statistics() {
    return store.statistics();
  }

  /// Lacks every row until it was fetched, and again after each reset.
  private final class MissingReader implements Reader {
    private final Reader reader;
    private final Set<String> missed = new HashSet<>();
    private final Set<String> fetched = new HashSet<>();

    MissingReader(Reader reader) {
      this.reader = reader;
    }

    @Override
    public int get(byte[] key, int offset, int length, Lookup out) {
      String row = new String(key, offset, length, StandardCharsets.ISO_8859_1);
      if (missesFirst && !fetched.contains(row)) {
        missed.add(row);
        return NEEDS_BLOCKS;
      }
      return reader.get(key, offset, length, out);
    }

    @Override
    public int get(Lookahead lookahead, int row, Lookup out) {
      KeyBatch rows = lookahead.rows();
      if (missesFirst) {
        return get(rows.bytes(), KeyBatch.start(row), rows.length(row), out);
      }
      return reader.get(lookahead, row, out);
    }

    @Override
    public RowCursor cursor(byte[] lower, byte[] upper) {
      return reader.cursor(lower, upper);
    }

    @Override
    public void holdSnapshot() {
      reader.holdSnapshot();
    }

    @Override
    public void releaseSnapshot() {
      reader.releaseSnapshot();
    }

    @Override
    public void fetch(Runnable whenDone) {
      reader.fetch(() -> {
        fetched.addAll(missed);
        missed.clear();
        whenDone.run();
      });
    }

    @Override
    public void reset() {
      reader.reset();
      fetched.clear();
    }
  }

  /// Fails as `failGet` says.
  private final class FailingReader implements Reader {
    private final Reader reader;

    FailingReader(Reader reader) {
      this.reader = reader;
    }

    private void count() {
      if (getsUntilFailure > 0 && --getsUntilFailure == 0) {
        getFailure.run();
      }
    }

    @Override
    public int get(byte[] key, int offset, int length, Lookup out) {
      count();
      return reader.get(key, offset, length, out);
    }

    @Override
    public int get(Lookahead lookahead, int row, Lookup out) {
      count();
      return reader.get(lookahead, row, out);
    }

    @Override
    public RowCursor cursor(byte[] lower, byte[] upper) {
      return reader.cursor(lower, upper);
    }

    @Override
    public int draw(
        byte[] lower, byte[] upper, int drawsMax, DrawnKey out, BooleanSupplier isLast) {
      return reader.draw(lower, upper, drawsMax, out, isLast);
    }

    @Override
    public void holdSnapshot() {
      reader.holdSnapshot();
    }

    @Override
    public void releaseSnapshot() {
      reader.releaseSnapshot();
    }

    @Override
    public void fetch(Runnable whenDone) {
      reader.fetch(whenDone);
    }

    @Override
    public void reset() {
      reader.reset();
    }
  }
}
