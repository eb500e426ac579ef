package io.atlaskv.engine.internal.embedded;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.atlaskv.engine.api.AtlasException;
import io.atlaskv.engine.api.ClosedException;
import io.atlaskv.engine.api.Durability;
import io.atlaskv.engine.internal.db.CommitCondition;
import io.atlaskv.engine.internal.db.Engine;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.locks.ReentrantLock;
import org.jspecify.annotations.Nullable;

/// Writes whose callers do not wait: first in a queue until they are committed, then in one of two
/// until they are written or durable.
///
/// Invariants:
/// - A1: writes are committed in the order they came, so both later queues are in order of
///   sequence.
/// - A2: no future is completed under the lock, as what depends on it runs then.
/// - A3: a write is counted in `pending` before the store is asked for anything, so that no
///   progress is missed: who makes some afterwards sees the count, and has `advance` run.
/// - A4: whoever finds a write written that waits for a sync asks for one. The write may have been
///   taken along by a thread that wants none, after the one that committed it had asked.
/// - A5: `waitingBytes` is what the writes that wait take of the memory, which is much more than
///   their batches if these are small; behind others a batch waits without memory to spare.
final class AsyncWrites {
  /// What a write that waits takes beside its batch: the objects around that, and its future.
  private static final int WAITING_OVERHEAD_BYTES = 512;

  /// One write; `sequence` once it is committed.
  private static final class Ticket {
    final CompletableFuture<@Nullable Void> future = new CompletableFuture<>();
    final PointWriter writer;
    final @Nullable Durability durability;
    final CommitCondition condition;
    boolean isAdmitted;
    int waitingBytes; // that it takes if it waits
    long sequence;

    Ticket(PointWriter writer, @Nullable Durability durability, CommitCondition condition) {
      this.writer = writer;
      this.condition = condition;
      this.durability = durability;
      count();
    }

    /// Gives memory back that the batch does not need.
    void trim() {
      writer.batch.trim();
      count();
    }

    private void count() {
      waitingBytes = writer.batch.capacity() + WAITING_OVERHEAD_BYTES;
    }
  }

  /// A ticket that is done, and why it failed if it did.
  private record Outcome(Ticket ticket, @Nullable Throwable failure) {
    void tell() {
      if (failure == null) {
        ticket.future.complete(null);
      } else {
        ticket.future.completeExceptionally(failure);
      }
    }
  }

  private final EmbeddedDb db;
  private final Engine engine;
  private final ReentrantLock lock = new ReentrantLock();
  private final AtomicInteger pending = new AtomicInteger();
  private final AtomicBoolean isAdvancing = new AtomicBoolean();

  @GuardedBy("lock")
  private final ArrayDeque<Ticket> waiting = new ArrayDeque<>();

  @GuardedBy("lock")
  private final ArrayDeque<Ticket> unwritten = new ArrayDeque<>();

  @GuardedBy("lock")
  private final ArrayDeque<Ticket> unsynced = new ArrayDeque<>();

  @GuardedBy("lock")
  private long waitingBytes;

  private volatile boolean isBehind; // whether writes wait behind others; changed under the lock

  @GuardedBy("lock")
  private boolean isPaused; // until the scheduler says that the head may go on

  @GuardedBy("lock")
  private boolean isClosed;

  AsyncWrites(EmbeddedDb db) {
    this.db = db;
    this.engine = db.engine();
    engine.addProgressListener(this::progressed);
  }

  /// Writes the batch of a writer, which is given back to the database.
  ///
  /// @param durability what it has to be at least; null asks for nothing
  /// @param condition refuses the write by what it throws, or holds
  CompletableFuture<@Nullable Void> write(
      PointWriter writer, @Nullable Durability durability, CommitCondition condition) {
    var ticket = new Ticket(writer, durability, condition);
    if (writer.batch.operations() == 0) {
      db.done(writer);
      ticket.future.complete(null);
      return ticket.future;
    }
    writer.batch.finish();
    if (isBehind) {
      ticket.trim(); // A5
    }
    pending.getAndIncrement(); // A3
    RuntimeException refusal = null;
    lock.lock();
    try {
      if (isClosed) {
        refusal = new ClosedException("the store");
      } else if (!hasRoom(ticket)) {
        refusal = new RejectedExecutionException(waitingBytes + " bytes of writes wait already");
      } else {
        noteBehind();
        waiting.add(ticket);
        waitingBytes += ticket.waitingBytes;
      }
    } finally {
      lock.unlock();
    }
    if (refusal != null) {
      pending.getAndDecrement();
      db.done(writer);
      ticket.future.completeExceptionally(refusal);
    } else {
      advance();
    }
    return ticket.future;
  }

  /// A progress listener: short, and calls nothing of the store's but the scheduler.
  private void progressed() {
    if (pending.get() > 0 && isAdvancing.compareAndSet(false, true)) {
      try {
        engine.execute(() -> {
          isAdvancing.set(false); // what comes from here on has it run again
          advance();
        });
      } catch (ClosedException _) {
        isAdvancing.set(false); // whoever closes the store tells all that is left
      }
    }
  }

  /// Commits what waits and tells what is done, as far as that goes now.
  private void advance() {
    var outcomes = new ArrayList<Outcome>();
    boolean hasCommitted;
    lock.lock();
    try {
      hasCommitted = commitWaiting(outcomes);
    } finally {
      lock.unlock();
    }
    try {
      if (hasCommitted) {
        engine.writeLog();
      }
      if (takeReached(outcomes)) {
        engine.requestSync(); // A4
      }
      outcomes.forEach(outcome -> db.syncWithin(outcome.ticket.durability));
    } catch (ClosedException _) {
      // whoever closed the store tells all that is left
    } finally {
      tell(outcomes);
    }
  }

  /// Takes what is done; true if something that is written waits for a sync.
  private boolean takeReached(List<Outcome> outcomes) {
    lock.lock();
    try {
      AtlasException failure = engine.logFailure();
      long written = engine.writtenSequence();
      takeReached(unwritten, written, failure, outcomes);
      takeReached(unsynced, engine.durableSequence(), failure, outcomes);
      return !unsynced.isEmpty() && unsynced.element().sequence <= written;
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private boolean commitWaiting(List<Outcome> outcomes) {
    boolean hasCommitted = false;
    while (!isPaused && !isClosed && !waiting.isEmpty()) {
      Ticket ticket = waiting.element();
      try {
        if (!ticket.future.isDone()) { // else it was cancelled
          if (!isAdmitted(ticket)) {
            return hasCommitted;
          }
          ticket.sequence = engine.commit(ticket.writer.batch, ticket.condition);
          if (ticket.sequence == Engine.STALLED) {
            return hasCommitted;
          }
          (db.isSynced(ticket.durability) ? unsynced : unwritten).add(ticket);
          hasCommitted = true;
        } else {
          outcomes.add(new Outcome(ticket, null));
        }
      } catch (RuntimeException e) {
        outcomes.add(new Outcome(ticket, e));
      }
      waiting.remove();
      waitingBytes -= ticket.waitingBytes;
      db.done(ticket.writer);
    }
    noteBehind();
    return hasCommitted;
  }

  /// Whether a write may wait, too; one always may.
  @GuardedBy("lock")
  private boolean hasRoom(Ticket ticket) {
    long max = engine.batchBytesMax();
    if (waiting.isEmpty() || waitingBytes + ticket.waitingBytes <= max) {
      return true;
    }
    ticket.trim();
    return waitingBytes + ticket.waitingBytes <= max;
  }

  @GuardedBy("lock")
  private void noteBehind() {
    boolean isSo = !waiting.isEmpty();
    if (isBehind != isSo) {
      isBehind = isSo;
    }
  }

  /// Whether the head may go on; if not, it is tried again when its delay is over, or there was
  /// progress.
  @GuardedBy("lock")
  private boolean isAdmitted(Ticket ticket) {
    if (ticket.isAdmitted) {
      return true;
    }
    if (!engine.hasTurn(ticket.writer.batch)) {
      return false; // progress has it tried again
    }
    ticket.isAdmitted = true; // a delay is served once
    long delayNanos = engine.admit(ticket.writer.batch);
    if (delayNanos == 0) {
      return true;
    }
    engine.executeLater(delayNanos, this::resume);
    isPaused = true;
    return false;
  }

  private void resume() {
    lock.lock();
    try {
      isPaused = false;
    } finally {
      lock.unlock();
    }
    advance();
  }

  private static void takeReached(
      ArrayDeque<Ticket> queue,
      long sequence,
      @Nullable AtlasException failure,
      List<Outcome> outcomes) {
    while (!queue.isEmpty() && (failure != null || queue.element().sequence <= sequence)) {
      Ticket ticket = queue.remove();
      outcomes.add(new Outcome(ticket, ticket.sequence <= sequence ? null : failure));
    }
  }

  private void tell(List<Outcome> outcomes) {
    pending.getAndAdd(-outcomes.size());
    outcomes.forEach(Outcome::tell);
  }

  /// Takes no more writes and fails those that are not committed.
  void beginClose() {
    var outcomes = new ArrayList<Outcome>();
    lock.lock();
    try {
      isClosed = true;
      for (Ticket ticket : waiting) {
        outcomes.add(new Outcome(ticket, new ClosedException("the store")));
        db.done(ticket.writer);
      }
      waiting.clear();
    } finally {
      lock.unlock();
    }
    tell(outcomes);
  }

  /// Tells the rest, which the close of the store has synced unless it failed.
  void endClose(@Nullable AtlasException failure) {
    var outcomes = new ArrayList<Outcome>();
    lock.lock();
    try {
      takeReached(unwritten, failure == null ? Long.MAX_VALUE : 0, failure, outcomes);
      takeReached(unsynced, failure == null ? Long.MAX_VALUE : 0, failure, outcomes);
    } finally {
      lock.unlock();
    }
    tell(outcomes);
  }
}
