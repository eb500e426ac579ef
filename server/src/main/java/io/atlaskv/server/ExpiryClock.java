package io.atlaskv.server;

import io.atlaskv.engine.api.AtlasException;
import io.atlaskv.redis.command.Expirer;
import io.atlaskv.redis.command.RedisData;
import io.atlaskv.redis.config.LateLogger;
import io.atlaskv.redis.store.Store;
import java.lang.System.Logger.Level;

/// Gives the expirer its turns on one loop: ten times a second, and while there is a backlog one
/// after each round of the loop, or when the store has room again. If clients of the loop ask for
/// something it is one short slice: each of them is answered once between two turns, so a turn is
/// what a request waits for. While blocks are fetched for clients the loop sleeps until they are
/// there, for a millisecond at most, or less with more `active-expire-effort`: the threads that
/// fetch may have no other core.
///
/// What cannot be read now, or not after some fetches, is tried again after a pause: for ever, but
/// not in each round.
final class ExpiryClock {
  private static final System.Logger LOGGER = new LateLogger(ExpiryClock.class);

  /// How often it looks for expired keys when there are none: INFO's `hz`.
  static final int TURNS_PER_SECOND = 10;

  private static final long NANOS_PER_MILLI = 1_000_000;
  private static final long PAUSE_NANOS = 1000 * NANOS_PER_MILLI / TURNS_PER_SECOND;
  private static final long TURN_NANOS = NANOS_PER_MILLI;
  private static final long ROOM_NANOS_MAX = 5 * NANOS_PER_MILLI;
  private static final long CLIENTS_FETCH_NANOS_MAX = NANOS_PER_MILLI;
  private static final int FETCHES_MAX = 8; // in a row: order of memtables, then indexes, then rows

  private final EventLoop loop;
  private final RedisData data;
  private final Store store;
  private final Expirer expirer;
  private long commandsBefore;
  private long yields; // begun and ended
  private int fetches;
  private boolean isFailing;

  ExpiryClock(EventLoop loop, RedisData data) {
    this.loop = loop;
    this.data = data;
    store = data.store();
    expirer = new Expirer(data);
  }

  void start() {
    loop.after(PAUSE_NANOS, this::comeSoon);
  }

  private void comeSoon() {
    loop.afterReplies(this::turn);
  }

  private void turn() {
    Expirer.Next next = Expirer.Next.PAUSE;
    try {
      next = takeTurn();
    } finally {
      awaitNext(next); // whatever it threw, which is the loop's to tell
    }
  }

  private Expirer.Next takeTurn() {
    data.accessTimes().note(store.visibleSequence(), store.clock().currentTimeMillis());
    long commandsNow = loop.commands();
    boolean isShared = commandsNow != commandsBefore;
    commandsBefore = commandsNow;
    Expirer.Next next = expire(isShared);
    store.writeLog();
    return next;
  }

  private void awaitNext(Expirer.Next next) {
    if (next == Expirer.Next.FETCH && fetches < FETCHES_MAX) {
      fetches++;
      expirer.fetch(() -> loop.post(this::comeSoon));
      return;
    }
    fetches = 0;
    switch (next) {
      case SOON -> {
        long patienceNanos =
            (long) (data.settings().eviction.expiryPatience() * CLIENTS_FETCH_NANOS_MAX);
        if (patienceNanos > 0 && loop.isFetching()) {
          comeWhenFetched(patienceNanos);
        } else {
          comeSoon();
        }
      }
      case ROOM -> loop.after(Math.min(expirer.delayNanos(), ROOM_NANOS_MAX), this::comeSoon);
      case PAUSE, FETCH -> loop.after(PAUSE_NANOS, this::comeSoon);
    }
  }

  private void comeWhenFetched(long nanosMax) {
    long yielded = ++yields;
    Runnable come =
        () -> {
          if (yields == yielded) { // else it came already
            yields++;
            comeSoon();
          }
        };
    loop.whenFetched(come);
    loop.after(nanosMax, come);
  }

  private Expirer.Next expire(boolean isShared) {
    try {
      Expirer.Next next = isShared ? expirer.shortSlice() : longTurn();
      isFailing = false;
      return next;
    } catch (AtlasException e) {
      if (!isFailing) {
        isFailing = true;
        LOGGER.log(Level.WARNING, "expired keys cannot be deleted for now: " + e.getMessage());
      }
      return Expirer.Next.PAUSE;
    }
  }

  private Expirer.Next longTurn() {
    long end = store.clock().nanoTime() + TURN_NANOS;
    Expirer.Next next = expirer.slice();
    while (next == Expirer.Next.SOON && store.clock().nanoTime() < end) {
      next = expirer.slice();
    }
    return next;
  }
}
