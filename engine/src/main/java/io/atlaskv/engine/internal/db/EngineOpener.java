package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.api.Options;
import io.atlaskv.engine.api.StorageException;
import io.atlaskv.engine.internal.io.DirectoryLock;
import io.atlaskv.engine.internal.io.FileName;
import io.atlaskv.engine.internal.io.MachineMemory;
import io.atlaskv.engine.internal.io.Ports;
import io.atlaskv.engine.internal.io.SystemPorts;
import java.nio.file.Path;

/// Opens a store: lock, manifest, log, then the parts.
public final class EngineOpener {
  private EngineOpener() {}

  /// Opens the store in a directory of this machine.
  public static Engine open(Path directory, Options options) {
    Ports ports =
        SystemPorts.open(
            directory,
            options.backgroundThreads(),
            (lane, failure) ->
                System.getLogger(Engine.class.getName())
                    .log(System.Logger.Level.ERROR, "task of lane " + lane + " failed", failure));
    return open(ports, options, MachineMemory.bytes(), Runtime.getRuntime().maxMemory());
  }

  /// Opens the store behind the ports, which it takes over.
  public static Engine open(Ports ports, Options options, long machineBytes, long heapBytesMax) {
    DirectoryLock lock = ports.files().lock();
    try {
      if (!options.createIfMissing() && !ports.files().exists(FileName.CURRENT)) {
        throw new StorageException("no store here, and createIfMissing is false", null);
      }
      return new Opening(ports, lock, options, MemoryPlan.of(options, machineBytes, heapBytesMax))
          .open();
    } catch (Throwable e) {
      ports.scheduler().close();
      lock.close();
      throw e;
    }
  }
}
