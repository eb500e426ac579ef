package io.atlaskv.redis.store;

import io.atlaskv.engine.api.AtlasException;
import io.atlaskv.engine.api.Durability;
import io.atlaskv.engine.api.Statistics;
import io.atlaskv.engine.internal.cache.ReadContext;
import io.atlaskv.engine.internal.db.Engine;
import io.atlaskv.engine.internal.io.Clock;
import io.atlaskv.engine.internal.io.Directories;
import io.atlaskv.engine.internal.io.RandomSource;
import java.util.List;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// The engine as a store.
public final class EngineStore implements Store {
  private final Engine engine;
  private final Supplier<Directories> checkpoints;

  /// @param checkpoints where checkpoints are made; asked for when one is needed
  public EngineStore(Engine engine, Supplier<Directories> checkpoints) {
    this.engine = engine;
    this.checkpoints = checkpoints;
  }

  @Override
  public long admit(long bytes) {
    return engine.admit(bytes);
  }

  @Override
  public Batch newBatch() {
    return new EngineBatch();
  }

  @Override
  public long batchBytesMax() {
    return engine.batchBytesMax();
  }

  @Override
  public long commit(Batch batch) {
    long sequence = engine.commit(((EngineBatch) batch).finish());
    return sequence == Engine.STALLED ? STALLED : sequence;
  }

  @Override
  public boolean writeLog() {
    return engine.writeLog();
  }

  @Override
  public long writtenSequence() {
    return engine.writtenSequence();
  }

  @Override
  public boolean hasLostWrites() {
    return engine.isForked() || !engine.recoveryReport().losses().isEmpty();
  }

  @Override
  public long durableSequence() {
    return engine.durableSequence();
  }

  @Override
  public long visibleSequence() {
    return engine.visibleSequence();
  }

  @Override
  public @Nullable AtlasException failure() {
    return engine.failure();
  }

  @Override
  public boolean isSyncing() {
    return engine.isSyncing();
  }

  @Override
  public void requestSync() {
    engine.requestSync();
  }

  @Override
  public void addProgressListener(Runnable listener) {
    engine.addProgressListener(listener);
  }

  @Override
  public Durability durability() {
    return engine.durability();
  }

  @Override
  public void durability(Durability durability) {
    engine.durability(durability);
  }

  @Override
  public Reader newReader(boolean isBlocking) {
    return new EngineReader(
        engine, isBlocking ? ReadContext.Mode.BLOCKING : ReadContext.Mode.CACHE_ONLY);
  }

  @Override
  public Lookahead newLookahead() {
    return new EngineLookahead(engine);
  }

  @Override
  public long counter(int namespace, int counterId) {
    return engine.counter(namespace, counterId);
  }

  @Override
  public int reserveNamespace() {
    return engine.reserveNamespaceId();
  }

  @Override
  public void countWrites(int namespace) {
    engine.countWrites(namespace);
  }

  @Override
  public void forgetWrites(int namespace) {
    engine.forgetWrites(namespace);
  }

  @Override
  public Written written(int namespace) {
    return new Written(engine.writes(namespace), engine.writtenBytes(namespace));
  }

  @Override
  public long tableBytes(int namespace) {
    return engine.tableBytes(namespace);
  }

  @Override
  public void flush() {
    engine.flush();
  }

  @Override
  public long checkpoint(String name) {
    return engine.checkpoint(checkpoints.get(), name);
  }

  @Override
  public List<String> checkpoints() {
    return checkpoints.get().list();
  }

  @Override
  public void removeCheckpoint(String name) {
    engine.removeCheckpoint(checkpoints.get(), name);
  }

  @Override
  public void dropCache() {
    engine.dropCache();
  }

  @Override
  public void pause(long nanos) {
    engine.pause(nanos);
  }

  @Override
  public void execute(Runnable work) {
    engine.execute(work);
  }

  @Override
  public Clock clock() {
    return engine.clock();
  }

  @Override
  public RandomSource random() {
    return engine.random();
  }

  @Override
  public Statistics statistics() {
    return engine.statistics();
  }
}
