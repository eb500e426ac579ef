package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.api.Options;
import io.atlaskv.engine.api.StorageException;
import io.atlaskv.engine.internal.io.DirectoryLock;
import io.atlaskv.engine.internal.io.FileName;
import io.atlaskv.engine.internal.io.MachineMemory;
import io.atlaskv.engine.internal.io.Ports;
import io.atlaskv.engine.internal.io.Scheduler;
import io.atlaskv.engine.internal.io.SystemPorts;
import java.nio.file.Path;

/// Opens a store: lock, manifest, log, then the parts.
public final class EngineOpener {
  private EngineOpener() {}

  /// Opens the store in a directory of this machine.
  public static Engine open(Path directory, Options options) {
    Ports ports = SystemPorts.open(directory, compactionThreads(options), EngineOpener::taskFailed);
    return open(ports, options, MachineMemory.bytes(), Runtime.getRuntime().maxMemory());
  }

  /// Threads of the compaction lane.
  static int compactionThreads(Options options) {
    return Math.max(options.backgroundThreads(), options.subcompactionsMax());
  }

  /// Opens the store in a directory of this machine, and writes nothing.
  public static Engine openReadOnly(Path directory, Options options) {
    Ports ports = SystemPorts.openReadOnly(directory, EngineOpener::taskFailed);
    return openReadOnly(ports, options, MachineMemory.bytes(), Runtime.getRuntime().maxMemory());
  }

  /// Opens the store in a directory of this machine as of some moment while it may be written by
  /// another process, and writes nothing.
  public static Engine openSecondary(Path directory, Options options) {
    return SecondaryOpening.open(
        () -> SystemPorts.openSecondary(directory, EngineOpener::taskFailed),
        options,
        MachineMemory.bytes(),
        Runtime.getRuntime().maxMemory());
  }

  private static void taskFailed(Scheduler.Lane lane, Throwable failure) {
    System.getLogger(Engine.class.getName())
        .log(System.Logger.Level.ERROR, "task of lane " + lane + " failed", failure);
  }

  /// As above, behind ports with an `OverlayFileSystem`.
  public static Engine openReadOnly(
      Ports ports, Options options, long machineBytes, long heapBytesMax) {
    return open(ports, options.withCreateIfMissing(false), true, machineBytes, heapBytesMax);
  }

  /// Opens the store behind the ports, which it takes over.
  public static Engine open(Ports ports, Options options, long machineBytes, long heapBytesMax) {
    return open(ports, options, false, machineBytes, heapBytesMax);
  }

  private static Engine open(
      Ports ports, Options options, boolean isReadOnly, long machineBytes, long heapBytesMax) {
    DirectoryLock lock = null;
    try {
      lock = ports.files().lock();
      if (!options.createIfMissing() && !ports.files().exists(FileName.CURRENT)) {
        throw new StorageException(
            ports.files()
                + ": no store here"
                + (isReadOnly ? "" : ", and createIfMissing is false"),
            null);
      }
      var plan = MemoryPlan.of(options, machineBytes, heapBytesMax);
      return new Opening(ports, lock, options, plan, isReadOnly).open();
    } catch (Throwable e) {
      ports.scheduler().close();
      if (lock != null) {
        lock.close();
      }
      throw e;
    }
  }
}
