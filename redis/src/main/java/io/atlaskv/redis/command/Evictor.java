package io.atlaskv.redis.command;

import io.atlaskv.engine.api.AtlasException;
import io.atlaskv.engine.api.ClosedException;
import io.atlaskv.redis.config.EvictionPolicy;
import io.atlaskv.redis.config.EvictionPolicy.Order;
import io.atlaskv.redis.config.LateLogger;
import io.atlaskv.redis.data.DatabaseView;
import io.atlaskv.redis.data.Databases;
import io.atlaskv.redis.data.EvictionPool;
import io.atlaskv.redis.data.EvictionPool.Candidate;
import io.atlaskv.redis.data.Keyspace;
import io.atlaskv.redis.data.RowKey;
import io.atlaskv.redis.data.VictimDraw;
import io.atlaskv.redis.store.Reader;
import io.atlaskv.redis.store.Store;
import java.lang.System.Logger.Level;
import java.util.concurrent.ThreadLocalRandom;

/// Deletes keys by logged batches until `maxmemory` holds: some are drawn at random for each, and
/// the best go that were seen lately. On a worker, one thread at a time.
///
/// A key whose latch is taken is in use and stays.
final class Evictor {
  private static final System.Logger LOGGER = new LateLogger(Evictor.class);
  private static final int KEYS_PER_TURN = 256;
  private static final int VICTIMS_PER_DRAW = 16;
  private static final int VAIN_MAX = 64; // attempts without a key that goes
  private static final int NONE = -1;
  private static final int FREQUENCY_SHIFT = 48; // above the milliseconds that break ties

  private final RedisData data;
  private final MaxMemory bound;
  private final Store store;
  private final OwnDeletions deletions;
  private final Keyspace keys;
  private final DatabaseView databases;
  private final LatchSet latches;
  private final EvictionPool pool = new EvictionPool();
  private final VictimDraw draw;
  private EvictionPolicy policy = EvictionPolicy.NOEVICTION;
  private int database;
  private long freedBytes;

  Evictor(RedisData data, MaxMemory bound) {
    this.data = data;
    this.bound = bound;
    store = data.store();
    deletions = new OwnDeletions(data, true);
    keys = deletions.keys();
    draw = new VictimDraw(keys);
    databases = new DatabaseView(data.databases());
    latches = new LatchSet(data.latches());
  }

  /// Evicts some keys, until the bound holds at most. False if none could be.
  boolean turn() {
    int gone = 0;
    int vain = 0;
    freedBytes = 0;
    long excess = bound.excessBytes();
    int number = excess > 0 ? nextDatabase() : NONE;
    if (number == NONE) {
      return false;
    }
    choosePolicy();
    int untilDraw = 0;
    try {
      while (freedBytes < excess
          && gone < KEYS_PER_TURN
          && vain < VAIN_MAX
          && store.failure() == null
          && !data.pause().isActive()
          && store.admit(0) == Store.GO) {
        if (untilDraw-- == 0) {
          draw(number);
          untilDraw = VICTIMS_PER_DRAW - 1;
        }
        Candidate victim = pool.take();
        if (victim != null && evict(victim)) {
          gone++;
          vain = 0;
        } else {
          vain++;
        }
      }
    } catch (ClosedException _) {
      return false; // so it ends
    } catch (AtlasException e) {
      LOGGER.log(Level.WARNING, "keys could not be evicted: " + e.getMessage());
      return false;
    }
    store.writeLog();
    return gone > 0;
  }

  private void choosePolicy() {
    if (policy != bound.policy()) {
      policy = bound.policy();
      pool.clear();
    }
  }

  private void draw(int number) {
    keys.begin(data.databases().namespace(number), false);
    try {
      draw.draw(
          policy.isVolatile(),
          bound.victims(number),
          VICTIMS_PER_DRAW * bound.samples(),
          row -> pool.add(new Candidate(row, score())));
    } finally {
      keys.end();
      keys.reader().reset();
    }
  }

  /// In turns, those that have nothing to evict left out.
  private int nextDatabase() {
    for (int tried = 0; tried < Databases.COUNT; tried++) {
      database = (database + 1) % Databases.COUNT;
      if (bound.victims(database) > 0) {
        return database;
      }
    }
    return NONE;
  }

  /// The greater, the rather the key found goes.
  private long score() {
    long now = keys.nowMillis();
    return switch (policy.order()) {
      case NONE -> ThreadLocalRandom.current().nextLong();
      case RECENCY -> now - data.accessTimes().lastUse(keys.hash(), keys.sequence(), now);
      case FREQUENCY -> {
        long written = data.accessTimes().written(keys.sequence(), now);
        long frequency = bound.frequencies().frequency(keys.hash(), written, now);
        yield (now - written) - (frequency << FREQUENCY_SHIFT);
      }
      case EXPIRY -> -keys.expiresAt();
    };
  }

  private boolean evict(Candidate victim) {
    byte[] row = victim.row();
    int namespace = RowKey.namespaceOf(row);
    latches.add(HashSlot.ofRow(row, RowKey.METADATA_PREFIX_BYTES));
    latches.seal();
    try {
      if (!latches.tryTakeAll()) {
        return false;
      }
      keys.begin(namespace, true);
      return databases.numberOf(namespace) >= 0 && delete(victim);
    } finally {
      deletions.end();
      keys.reader().reset();
      latches.release();
    }
  }

  private boolean delete(Candidate victim) {
    byte[] row = victim.row();
    boolean isVictim =
        keys.findRow(row, row.length) == Reader.FOUND
            && (!policy.isVolatile() || keys.expiresAt() != 0)
            && (policy.order() == Order.NONE
                || score() >= victim.score()); // else it was used since
    long bytes = keys.bytes();
    if (isVictim) {
      keys.delete();
      deletions.events().evicted(row, row.length);
    }
    if (deletions.isEmpty() || !deletions.commit()) {
      return false;
    }
    freedBytes += bytes;
    if (isVictim) {
      bound.countEvicted();
    }
    return true;
  }
}
