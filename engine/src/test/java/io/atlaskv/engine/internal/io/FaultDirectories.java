package io.atlaskv.engine.internal.io;

import io.atlaskv.engine.api.StorageException;
import io.atlaskv.engine.internal.io.Operation.Kind;
import java.util.List;

/// Directories of a simulated device. One is there as long as it has files.
final class FaultDirectories implements Directories {
  private final FaultDevice device;
  private final FaultFileSystem parent;

  FaultDirectories(FaultDevice device, FaultFileSystem parent) {
    this.device = device;
    this.parent = parent;
  }

  @Override
  public FileSystem make(String name) {
    requireAbsent(name);
    return parent.directory(name);
  }

  @Override
  public FileSystem open(String name) {
    return parent.directory(name);
  }

  @Override
  public boolean exists(String name) {
    synchronized (device) {
      device.requirePower();
      return device.disk().file(parent.path(name)) != null || list().contains(name);
    }
  }

  @Override
  public List<String> list() {
    synchronized (device) {
      device.requirePower();
      return device.disk().directories(prefix());
    }
  }

  @Override
  public void rename(String from, String to) {
    synchronized (device) {
      Fault fault = device.begin(Kind.RENAME, parent.path(from) + "/", 0, 0);
      if (!list().contains(from)) {
        throw new StorageException(device.current() + " failed: does not exist", null);
      }
      requireAbsent(to);
      if (device.isToDo(fault)) {
        int operation = device.current().index();
        String fromPrefix = parent.path(from) + "/";
        String toPrefix = parent.path(to) + "/";
        device.change(disk -> disk.renameDirectory(operation, prefix(), fromPrefix, toPrefix));
      }
    }
  }

  @Override
  public void delete(String name) {
    synchronized (device) {
      device.requirePower();
      if (list().contains(name)) {
        throw new StorageException(parent.path(name) + ": delete failed: is not empty", null);
      }
    }
  }

  @Override
  public void sync() {
    parent.syncDirectory();
  }

  private void requireAbsent(String name) {
    if (exists(name)) {
      throw new StorageException(parent.path(name) + ": exists already", null);
    }
  }

  private String prefix() {
    return parent.toString().substring(1);
  }

  @Override
  public String toString() {
    return parent.toString();
  }
}
