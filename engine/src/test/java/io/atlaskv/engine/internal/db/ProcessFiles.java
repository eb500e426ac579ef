package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.api.StorageException;
import io.atlaskv.engine.internal.io.AppendFile;
import io.atlaskv.engine.internal.io.DirectoryLock;
import io.atlaskv.engine.internal.io.FileSystem;
import io.atlaskv.engine.internal.io.PositionedFile;
import io.atlaskv.engine.internal.io.ReadFile;
import java.util.List;

/// The files as one simulated process reaches them: after `kill` it can do nothing any more, while
/// the next process works on the same files.
final class ProcessFiles implements FileSystem {
  private final FileSystem files;
  private boolean isDead;

  ProcessFiles(FileSystem files) {
    this.files = files;
  }

  void kill() {
    isDead = true;
  }

  private FileSystem alive() {
    if (isDead) {
      throw new StorageException("the process was killed", null);
    }
    return files;
  }

  @Override
  public AppendFile create(String name) {
    return alive().create(name);
  }

  @Override
  public AppendFile openAppend(String name) {
    return alive().openAppend(name);
  }

  @Override
  public PositionedFile openPositioned(String name, boolean create) {
    return alive().openPositioned(name, create);
  }

  @Override
  public ReadFile openRead(String name) {
    return alive().openRead(name);
  }

  @Override
  public List<String> list() {
    return alive().list();
  }

  @Override
  public boolean exists(String name) {
    return !isDead
        && files.exists(name); // so that its close does not complain of every file it leaves
  }

  @Override
  public long size(String name) {
    return alive().size(name);
  }

  @Override
  public void rename(String from, String to) {
    alive().rename(from, to);
  }

  @Override
  public void delete(String name) {
    alive().delete(name);
  }

  @Override
  public void link(String name, FileSystem target, String targetName) {
    alive().link(name, target, targetName);
  }

  @Override
  public void syncDirectory() {
    alive().syncDirectory();
  }

  @Override
  public DirectoryLock lock() {
    return alive().lock();
  }

  @Override
  public DirectoryLock lockShared() {
    return alive().lockShared();
  }

  @Override
  public long freeBytes() {
    return alive().freeBytes();
  }
}
