package io.atlaskv.redis.command;

import io.atlaskv.redis.config.EvictionPolicy;
import io.atlaskv.redis.config.EvictionSettings;
import io.atlaskv.redis.data.AccessFrequencies;
import io.atlaskv.redis.data.AccessTimes;
import io.atlaskv.redis.data.Databases;
import io.atlaskv.redis.data.KeyUse;
import io.atlaskv.redis.store.Store;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/// The bound `maxmemory` on the bytes of all keys and values, as clients see them, and what is done
/// when it is reached: writes are refused, or keys are evicted by a worker meanwhile.
///
/// Invariants:
/// - E1: with `noeviction`, or with nothing to evict, no command that needs memory begins when its
///   arguments would exceed the bound.
/// - E2: with another policy one worker evicts, from the write that exceeds the bound until it
///   holds again. Writes go on meanwhile, and wait when they are `SLACK` ahead of it, for as long
///   as it gets on.
public final class MaxMemory {
  private static final long SLACK = 1 << 20;
  private static final long WAIT_NANOS = 1_000_000;

  private final EvictionSettings settings;
  private final Store store;
  private final Databases databases;
  private final AccessTimes times;
  private final AccessFrequencies frequencies;
  private final Evictor evictor;
  private final AtomicBoolean isEvicting = new AtomicBoolean();
  private final LongAdder evicted = new LongAdder();
  private volatile @Nullable KeyUse use;
  private volatile long wantedBytes; // room for the command that has made eviction begin

  MaxMemory(RedisData data) {
    settings = data.settings().eviction;
    store = data.store();
    databases = data.databases();
    times = data.accessTimes();
    frequencies = new AccessFrequencies(store.clock().currentTimeMillis());
    evictor = new Evictor(data, this);
    settings.maxmemory.onChange(this::change);
    settings.maxmemoryPolicy.onChange(this::change);
    settings.lfuLogFactor.onChange(this::change);
    settings.lfuDecayTime.onChange(this::change);
    change();
  }

  private void change() {
    frequencies.tune(settings.lfuLogFactor.value(), settings.lfuDecayTime.value());
    use =
        switch (policy().order()) {
          case RECENCY -> {
            times.expectReads();
            yield times;
          }
          case FREQUENCY -> frequencies;
          case NONE, EXPIRY -> null;
        };
    if (excessBytes() > 0) {
      evict();
    }
  }

  /// Who is to be told which keys are used; null = nobody. One volatile read.
  @Nullable KeyUse use() {
    return use;
  }

  public EvictionPolicy policy() {
    return settings.maxmemoryPolicy.value();
  }

  /// Keys drawn for each that goes.
  int samples() {
    return settings.maxmemorySamples.intValue();
  }

  public AccessFrequencies frequencies() {
    return frequencies;
  }

  /// The bound; 0 = none.
  public long bytesMax() {
    return settings.maxmemory.value();
  }

  /// How much is to be evicted, 0 or less if nothing is.
  long excessBytes() {
    long max = bytesMax();
    return max == 0 || policy() == EvictionPolicy.NOEVICTION
        ? 0
        : databases.bytes() + wantedBytes - max;
  }

  /// Keys evicted since the start or CONFIG RESETSTAT.
  public long evictedKeys() {
    return evicted.sum();
  }

  void countEvicted() {
    evicted.increment();
  }

  void resetStatistics() {
    evicted.reset();
  }

  /// True if a command that needs `bytes` must not begin (E1). Has keys evicted if that helps (E2).
  boolean refuses(long bytes) {
    long max = bytesMax();
    if (max == 0 || databases.bytes() + bytes <= max) {
      return false;
    }
    if (bytes > max || !hasVictims()) {
      return true;
    }
    wantedBytes = bytes;
    evict();
    return false;
  }

  /// How long a command that needs memory has to wait before it asks again (E2); mostly 0.
  long delayNanos() {
    return isEvicting.get() && excessBytes() > SLACK ? WAIT_NANOS : 0;
  }

  private boolean hasVictims() {
    if (policy() == EvictionPolicy.NOEVICTION) {
      return false;
    }
    for (int number = 0; number < Databases.COUNT; number++) {
      if (victims(number) > 0) {
        return true;
      }
    }
    return false;
  }

  /// How many keys of a database may go.
  long victims(int number) {
    return policy().isVolatile() ? databases.expiring(number) : databases.keys(number);
  }

  private void evict() {
    if (isEvicting.compareAndSet(false, true)) {
      store.execute(this::evictOnWorker);
    }
  }

  private void evictOnWorker() {
    boolean isGettingOn = false;
    try {
      isGettingOn = evictor.turn();
    } finally {
      isEvicting.set(false);
    }
    if (isGettingOn && excessBytes() > 0) {
      evict(); // others of the worker's tasks come first
    } else {
      wantedBytes = 0;
    }
  }
}
