package io.atlaskv.bench.compaction;

import io.atlaskv.engine.api.Compression;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.Durability;
import io.atlaskv.engine.api.Expiry;
import io.atlaskv.engine.api.KeyValueStore;
import io.atlaskv.engine.api.NamespaceOptions;
import io.atlaskv.engine.api.Options;
import io.atlaskv.engine.api.Statistics;
import io.atlaskv.engine.internal.db.EngineOpener;
import io.atlaskv.engine.internal.embedded.EmbeddedDb;
import io.atlaskv.engine.internal.io.SimPorts;
import java.nio.ByteBuffer;
import java.time.Instant;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Random;
import java.util.Set;

/// The real engine, in one thread, to which a [Recording] is done: it flushes when a [Replay] with
/// the same limits does, and merges at once, in its own way.
final class SimulatedEngine implements Program.VirtualTime, AutoCloseable {
  private static final long MACHINE_BYTES = 1L << 30;
  private static final long HEAP_BYTES_MAX = 64L << 20;
  private static final long SEED = 42;

  private final SimPorts world = SimPorts.create(SEED);
  private final Db db;
  private final Random random = new Random(SEED); // bytes that do not compress

  SimulatedEngine(long tableBytes) {
    Options options =
        Options.DEFAULT
            .withMemoryLimitBytes(64 << 20)
            .withMemtableBytes(4 << 20)
            .withTableBytes(tableBytes)
            .withCompression(Compression.NONE)
            .withDurability(Durability.OS);
    db =
        new EmbeddedDb(
            EngineOpener.open(world.ports(), options, MACHINE_BYTES, HEAP_BYTES_MAX), options);
  }

  Db db() {
    return db;
  }

  @Override
  public long nowMillis() {
    return world.clock().currentTimeMillis();
  }

  @Override
  public void pass(long millis) {
    world.clock().jumpWall(millis);
  }

  /// Does all writes of a recording; returns what that cost.
  Statistics play(Recording recording, int entriesMax, StyleSpec style) {
    KeyValueStore store =
        db.namespace("played", NamespaceOptions.DEFAULT.withCompaction(style.style()));
    Set<Integer> unflushed = new HashSet<>();
    for (Operation operation : recording.operations()) {
      pass(operation.atMillis() - nowMillis());
      byte[] key = key(operation.key(), operation.keyBytes());
      switch (operation.kind()) {
        case PUT -> {
          byte[] value = new byte[operation.valueBytes()];
          random.nextBytes(value);
          if (operation.expiresAtMillis() == Operation.NEVER) {
            store.put(key, value);
          } else {
            store.put(key, value, Expiry.at(Instant.ofEpochMilli(operation.expiresAtMillis())));
          }
          unflushed.add(operation.key());
        }
        case DELETE -> {
          store.delete(key);
          unflushed.add(operation.key());
        }
        case DELETE_RANGE -> throw new IllegalArgumentException("the simulator takes it for many");
        case GET, SEEK -> {}
      }
      if (unflushed.size() >= entriesMax) {
        db.flush();
        world.scheduler().runUntilIdle();
        unflushed.clear();
      }
    }
    return db.statistics();
  }

  private static byte[] key(int rank, int bytes) {
    byte[] key = ByteBuffer.allocate(Integer.BYTES).putInt(rank).array();
    return Arrays.copyOf(key, Math.max(bytes, key.length));
  }

  @Override
  public void close() {
    db.close();
  }
}
