package io.atlaskv.engine.internal.io;

/// Lock of a directory of a `FaultFileSystem`; ends with the process, as open files do.
final class FaultLock implements DirectoryLock {
  private final FaultDevice device;
  private final String directory;
  private final int generation;
  private boolean isReleased;

  FaultLock(FaultDevice device, String directory) {
    this.device = device;
    this.directory = directory;
    generation = device.generation();
  }

  @Override
  public void close() {
    synchronized (device) {
      if (!isReleased && generation == device.generation()) {
        device.locked().remove(directory);
      }
      isReleased = true;
    }
  }
}
