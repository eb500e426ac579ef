package io.atlaskv.engine.internal.io;

class FaultFileSystemContractTest extends FileSystemContract {
  private final FaultFileSystem files = FaultFileSystem.create(1);

  @Override
  FileSystem files() {
    return files;
  }

  @Override
  FileSystem otherDirectory() {
    return files.directory("other");
  }
}
