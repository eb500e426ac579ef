package io.atlaskv.redis.store;

import io.atlaskv.engine.api.AtlasException;
import io.atlaskv.engine.api.Durability;
import io.atlaskv.engine.api.Statistics;
import io.atlaskv.engine.internal.io.Clock;
import io.atlaskv.engine.internal.io.RandomSource;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// The ordered, versioned, durable store under the data model. Nothing here blocks, except what a
/// reader made by `newReader(true)` reads.
///
/// Invariants:
/// - S1: when `commit` returns, every later read of any thread sees the batch.
/// - S2: `writtenSequence` and `durableSequence` only grow; listeners run after they did, and after
///   a failure.
public interface Store {
  /// Answer of `admit`: go on at once.
  long GO = 0;

  /// Answer of `admit`: wait until a progress listener runs, then ask again.
  long STALL = Long.MAX_VALUE;

  /// Answer of `commit`: nothing was done, there is no room now; wait as for `STALL`.
  long STALLED = -1;

  /// Asks whether a write of about `bytes` may start: `GO`, a delay in nanoseconds, or `STALL`.
  long admit(long bytes);

  /// A batch of its own, for one thread at a time.
  Batch newBatch();

  /// Most bytes of one batch.
  long batchBytesMax();

  /// Makes a batch visible and hands it to the log's buffer; returns its last sequence, or
  /// `STALLED`. No I/O.
  long commit(Batch batch);

  /// Hands all committed batches to the kernel. False if another thread is at it: a progress
  /// listener runs when it is done.
  boolean writeLog();

  /// Everything up to it is with the kernel.
  long writtenSequence();

  /// Everything up to it is on disk.
  long durableSequence();

  /// Everything up to it is visible to reads.
  long visibleSequence();

  /// Whether rows may be there without some that were written before them: this open, or an earlier
  /// one, or a repair, has passed over damage. Copies, whose past is not known, say so as well.
  boolean hasLostWrites();

  /// What turned the store read-only, or null.
  @Nullable AtlasException failure();

  /// Asks for a sync of what is written; a progress listener runs when it is done.
  void requestSync();

  /// True while a sync runs, which does not cover what is written only now; a progress listener
  /// runs when it has ended.
  boolean isSyncing();

  /// Registers what runs, on any thread, when the log made progress, failed, or a stall ended.
  void addProgressListener(Runnable listener);

  Durability durability();

  void durability(Durability durability);

  /// A reader of its own, for one thread at a time. If not `isBlocking`, it reads memory only.
  Reader newReader(boolean isBlocking);

  /// A lookahead of its own, for one thread.
  Lookahead newLookahead();

  /// Value of a counter that batches add to.
  long counter(int namespace, int counterId);

  /// Takes a namespace id that was never given out; 0 = no room now, wait for progress.
  int reserveNamespace();

  /// Counts what is written to a namespace from now on, to be told before anything is.
  void countWrites(int namespace);

  /// Counts it no more, and forgets what was counted.
  void forgetWrites(int namespace);

  /// What was written to a namespace while it was counted.
  Written written(int namespace);

  /// Bytes of tables that fall to a namespace, about; nothing is read from disk for it.
  long tableBytes(int namespace);

  /// Writes all that is in memory only to tables. Blocks: for workers.
  void flush();

  /// Makes a checkpoint of what is visible at one moment of the call, in the directory of the
  /// store's checkpoints; answers its last sequence. Blocks: for workers.
  long checkpoint(String name);

  /// Names of what is in that directory, in order. Blocks: for workers.
  List<String> checkpoints();

  /// Deletes a checkpoint. Blocks: for workers.
  void removeCheckpoint(String name);

  /// Forgets what is kept of tables to read it faster.
  void dropCache();

  /// Blocks the worker for a time, or until the store is closed.
  void pause(long nanos);

  /// Runs work that may block, in the background.
  void execute(Runnable work);

  Clock clock();

  RandomSource random();

  Statistics statistics();
}
