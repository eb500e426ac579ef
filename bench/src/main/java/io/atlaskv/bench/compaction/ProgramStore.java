package io.atlaskv.bench.compaction;

import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.Durability;
import io.atlaskv.engine.api.Options;
import io.atlaskv.engine.internal.db.EngineOpener;
import io.atlaskv.engine.internal.embedded.EmbeddedDb;
import io.atlaskv.engine.internal.io.Clock;
import io.atlaskv.engine.internal.io.MachineMemory;
import io.atlaskv.engine.internal.io.Ports;
import io.atlaskv.engine.internal.io.SystemPorts;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicLong;

/// A store in a directory whose clock shows what a [Program] says.
final class ProgramStore implements Program.VirtualTime, AutoCloseable {
  private static final long BEGIN_MILLIS = 1_750_000_000_000L; // a whole minute in June 2025

  private final Db db;
  private final AtomicLong nowMillis = new AtomicLong(BEGIN_MILLIS);

  ProgramStore(Path directory) {
    // each commit is written, and its time noted, before the next
    Options options = Options.DEFAULT.withDurability(Durability.OS);
    Ports system = SystemPorts.open(directory);
    Clock clock =
        new Clock() {
          @Override
          public long nanoTime() {
            return system.clock().nanoTime();
          }

          @Override
          public long currentTimeMillis() {
            return nowMillis.get();
          }
        };
    var ports =
        new Ports(system.files(), clock, system.scheduler(), system.waiter(), system.random());
    db =
        new EmbeddedDb(
            EngineOpener.open(
                ports, options, MachineMemory.bytes(), Runtime.getRuntime().maxMemory()),
            options);
  }

  Db db() {
    return db;
  }

  @Override
  public long nowMillis() {
    return nowMillis.get();
  }

  @Override
  public void pass(long millis) {
    nowMillis.getAndAdd(millis);
  }

  @Override
  public void close() {
    db.close();
  }
}
