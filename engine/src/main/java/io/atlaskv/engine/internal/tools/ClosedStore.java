package io.atlaskv.engine.internal.tools;

import io.atlaskv.engine.api.StorageException;
import io.atlaskv.engine.internal.io.DirectoryLock;
import io.atlaskv.engine.internal.io.FileName;
import io.atlaskv.engine.internal.io.Ports;
import io.atlaskv.engine.internal.io.SystemPorts;
import java.nio.file.Path;
import java.util.List;

/// A store that nobody else has open, held by its lock as long as a tool looks at it.
public final class ClosedStore implements AutoCloseable {
  private final Ports ports;
  private final DirectoryLock lock;
  private final List<String> names;

  private ClosedStore(Ports ports, DirectoryLock lock, List<String> names) {
    this.ports = ports;
    this.lock = lock;
    this.names = names;
  }

  /// Takes the lock of the store in `directory`.
  ///
  /// @throws StorageException if there is no store, or somebody has it open
  public static ClosedStore open(Path directory) {
    Ports ports = SystemPorts.openExisting(directory);
    try {
      return open(ports);
    } catch (Throwable e) {
      ports.scheduler().close();
      throw e;
    }
  }

  /// As above; the store closes the scheduler.
  public static ClosedStore open(Ports ports) {
    if (ports.files().list().stream().noneMatch(ClosedStore::isOfStore)) {
      throw new StorageException(ports.files() + ": no store here", null);
    }
    DirectoryLock lock = ports.files().lock();
    try {
      return new ClosedStore(ports, lock, ports.files().list());
    } catch (Throwable e) {
      lock.close();
      throw e;
    }
  }

  private static boolean isOfStore(String name) {
    FileName parsed = FileName.parse(name);
    return parsed != null && parsed.kind() != FileName.Kind.LOCK;
  }

  Ports ports() {
    return ports;
  }

  /// Files of the directory.
  public List<String> names() {
    return names;
  }

  @Override
  public void close() {
    ports.scheduler().close();
    lock.close();
  }
}
