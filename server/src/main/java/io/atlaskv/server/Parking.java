package io.atlaskv.server;

import io.atlaskv.engine.internal.base.NativeBuffer;
import io.atlaskv.redis.command.CommandExecutor;
import io.atlaskv.redis.command.CommandExecutor.Progress;
import io.atlaskv.redis.command.CommandMeter;
import io.atlaskv.redis.command.Context;
import io.atlaskv.redis.resp.ReplyWriter;
import io.atlaskv.redis.store.Store;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/// Commands of one loop that wait: for blocks, a worker, a latch, room in the store, its progress,
/// their next slice, the end of a pause. Each has its context, and its connection runs no other
/// command meanwhile (E3 of `EventLoop`).
final class Parking {
  private static final int WORKER_REPLY_BYTES = 1024;

  private final EventLoop loop;
  private final Store store;
  private final Outbound outbound;
  private final CommandMeter meter;
  private final IdentityHashMap<Context, Connection> parked = new IdentityHashMap<>();
  private final ArrayList<Context> stalled = new ArrayList<>();
  private final ArrayList<Context> paused = new ArrayList<>();
  private int fetching;
  private @Nullable Runnable whenFetched;
  private long dueNanos = Timers.NONE;
  private long pauseEndNanos = Timers.NONE; // when the one timer of all that are paused runs

  Parking(EventLoop loop, Server server, Outbound outbound, CommandMeter meter) {
    this.loop = loop;
    this.outbound = outbound;
    this.meter = meter;
    store = server.data().store();
  }

  boolean isEmpty() {
    return parked.isEmpty();
  }

  /// Whether blocks are being fetched for a command.
  boolean isFetching() {
    return fetching > 0;
  }

  /// Whether a command waits for room or progress of the store.
  boolean hasStalled() {
    return !stalled.isEmpty();
  }

  /// When the first of those that wait for progress has waited long enough, or `Timers.NONE`.
  long dueNanos() {
    return dueNanos;
  }

  /// The command of a connection waits for what `progress` says.
  ///
  /// @throws InternalError if there is no memory for that: it would wait for ever, with its latches
  void park(Connection connection, Context waiting, Progress progress) {
    connection.parked = waiting;
    try {
      parked.put(waiting, connection);
      await(waiting, progress);
    } catch (OutOfMemoryError e) {
      throw new InternalError("no memory for a command that has to wait", e);
    }
  }

  private void await(Context waiting, Progress progress) {
    switch (progress) {
      case DONE, LATCH -> {}
      case BLOCKS -> {
        fetching++;
        waiting.reader().fetch(() -> loop.post(() -> fetched(waiting)));
      }
      case WORKER -> work(waiting);
      case ROOM -> {
        if (waiting.delayNanos() == Store.STALL) {
          stalled.add(waiting);
          loop.awaitProgress();
        } else {
          loop.after(waiting.delayNanos(), () -> goOn(waiting));
        }
      }
      case WAIT -> {
        if (waiting.waitsForOthers()) {
          waiting.session().blocked();
        }
        stalled.add(waiting);
        loop.awaitProgress();
        dueNanos = Timers.earlier(dueNanos, store.clock().nanoTime() + waiting.delayNanos());
      }
      case SLICE -> loop.post(() -> goOn(waiting));
      case PAUSED -> {
        paused.add(waiting);
        awaitPauseEnd(waiting.delayNanos());
      }
    }
  }

  private void fetched(Context waiting) {
    fetching--;
    goOn(waiting);
    Runnable action = whenFetched;
    if (fetching == 0 && action != null) {
      whenFetched = null;
      action.run();
    }
  }

  /// Runs `action` once when nothing is fetched any more, in the place of the one given before.
  void whenFetched(Runnable action) {
    whenFetched = action;
  }

  /// One timer for all: what a pause holds would else add one each time it is held.
  private void awaitPauseEnd(long delayNanos) {
    long end = store.clock().nanoTime() + delayNanos;
    if (Timers.earlier(end, pauseEndNanos) == end && end != pauseEndNanos) {
      pauseEndNanos = end;
      loop.after(
          delayNanos,
          () -> {
            if (pauseEndNanos == end) { // else a shorter pause has come since
              pauseEndNanos = Timers.NONE;
              resumePaused();
            }
          });
    }
  }

  /// Runs a command on a worker, with a reply buffer of its own: the connection's is the loop's.
  private void work(Context waiting) {
    Connection asking = Objects.requireNonNull(parked.get(waiting));
    var reply = new NativeBuffer(WORKER_REPLY_BYTES, outbound.roomFor(asking));
    waiting.reply(asking.protocol.newWriter(reply));
    waiting.reply().version(waiting.session().protocol());
    store.execute(() -> {
      long start = store.clock().nanoTime();
      Progress progress;
      try {
        progress = CommandExecutor.runOnWorker(waiting);
      } catch (Error e) {
        loop.post(() -> {
          throw e; // ends the server, as an error on the loop does: the command would never end
        });
        return;
      }
      waiting.spent(store.clock().nanoTime() - start);
      loop.post(() -> {
        meter.begin();
        Connection connection = parked.get(waiting);
        int replyStart = 0;
        if (connection != null && !connection.isClosed) {
          replyStart = outbound.join(connection, reply);
        } else {
          reply.close();
        }
        went(waiting, progress, replyStart);
      });
    });
  }

  /// Those that wait for room, or for progress of the store, try again: in each round, so this is
  /// no place for timers.
  void retryStalled() {
    dueNanos = Timers.NONE;
    if (!stalled.isEmpty()) {
      var retry = new ArrayList<>(stalled);
      stalled.clear();
      retry.forEach(this::goOn);
      if (!stalled.isEmpty()) {
        loop.awaitProgress();
      }
    }
  }

  /// What the command of a connection waits for will not come.
  void unblock(Connection connection) {
    Context waiting = connection.parked;
    if (waiting != null && stalled.remove(waiting)) {
      goOn(waiting);
    }
  }

  /// Those that wait for the end of a pause try again.
  void resumePaused() {
    var retry = new ArrayList<>(paused);
    paused.clear();
    retry.forEach(this::goOn);
  }

  /// Runs a parked command on.
  void goOn(Context waiting) {
    Connection connection = parked.get(waiting);
    if (connection == null) {
      return;
    }
    NativeBuffer out = outbound.queueOf(connection).buffer();
    int replyStart = out.length();
    ReplyWriter writer = connection.writer;
    writer.target(out, connection.session.protocol());
    waiting.reply(writer);
    meter.begin();
    went(waiting, CommandExecutor.execute(waiting), replyStart);
  }

  private void went(Context waiting, Progress progress, int replyStart) {
    if (progress != Progress.DONE) {
      waiting.spent(meter.lap());
      await(waiting, progress);
      return;
    }
    meter.finish(waiting, waiting.reply().takeError(), waiting.spentNanos());
    Connection connection = parked.remove(waiting);
    if (connection == null) {
      return;
    }
    connection.parked = null;
    connection.session.goesOn();
    loop.unparked(connection, waiting, replyStart);
  }

  /// Nobody wants the parked command of a connection any more: it does not run if it has not begun.
  void giveUp(Connection connection) {
    Context waiting = connection.parked;
    if (waiting != null && waiting.giveUp()) {
      paused.remove(waiting);
      parked.remove(waiting);
      stalled.remove(waiting);
      connection.parked = null;
      loop.post(() -> loop.keep(waiting)); // not before those that go on now have all done so
    }
  }
}
