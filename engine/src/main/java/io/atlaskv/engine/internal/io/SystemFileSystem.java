package io.atlaskv.engine.internal.io;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;
import static java.nio.file.StandardOpenOption.CREATE;
import static java.nio.file.StandardOpenOption.CREATE_NEW;
import static java.nio.file.StandardOpenOption.READ;
import static java.nio.file.StandardOpenOption.WRITE;

import io.atlaskv.engine.api.StorageException;
import java.io.File;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Set;

/// One directory of the operating system's file system.
final class SystemFileSystem implements FileSystem {
  private final Path directory;

  private SystemFileSystem(Path directory) {
    this.directory = directory;
  }

  /// Opens a directory, which is made, with its parents, if it does not exist. What was made is
  /// safe on return.
  static SystemFileSystem open(Path directory) {
    Path absolute = directory.toAbsolutePath().normalize();
    try {
      createDirectories(absolute);
      return new SystemFileSystem(absolute.toRealPath());
    } catch (IOException e) {
      throw IoFailures.of(absolute.toString(), "opening the directory", e);
    }
  }

  /// Opens a directory that exists.
  static SystemFileSystem openExisting(Path directory) {
    Path absolute = directory.toAbsolutePath().normalize();
    try {
      Path real = absolute.toRealPath();
      if (!Files.isDirectory(real)) {
        throw new StorageException(absolute + " is no directory", null);
      }
      return new SystemFileSystem(real);
    } catch (IOException e) {
      throw IoFailures.of(absolute.toString(), "opening the directory", e);
    }
  }

  private static void createDirectories(Path path) throws IOException {
    if (Files.isDirectory(path)) {
      return;
    }
    Path parent = path.getParent();
    if (parent != null) {
      createDirectories(parent);
    }
    Files.createDirectory(path);
    if (parent != null) {
      syncDirectory(parent);
    }
  }

  private static void syncDirectory(Path path) {
    if (File.separatorChar == '\\') {
      return; // Windows has no such operation: names are journaled there
    }
    try (SystemFile opened = SystemFile.open(path, path.toString(), Set.of(READ))) {
      opened.force(true);
    }
  }

  Path path() {
    return directory;
  }

  Path path(String name) {
    if (name.isEmpty() || name.indexOf('/') >= 0 || name.indexOf(File.separatorChar) >= 0) {
      throw new IllegalArgumentException("name=" + name);
    }
    return directory.resolve(name);
  }

  @Override
  public AppendFile create(String name) {
    return new SystemAppendFile(SystemFile.open(path(name), name, Set.of(CREATE_NEW, WRITE)), 0);
  }

  @Override
  public AppendFile openAppend(String name) {
    SystemFile file = SystemFile.open(path(name), name, Set.of(WRITE));
    try {
      return new SystemAppendFile(file, file.size());
    } catch (Throwable e) {
      file.close();
      throw e;
    }
  }

  @Override
  public PositionedFile openPositioned(String name, boolean create) {
    return SystemFile.open(
        path(name), name, create ? Set.of(CREATE, READ, WRITE) : Set.of(READ, WRITE));
  }

  @Override
  public ReadFile openRead(String name) {
    return SystemFile.open(path(name), name, Set.of(READ));
  }

  @Override
  public List<String> list() {
    var names = new ArrayList<String>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(directory)) {
      for (Path entry : entries) {
        if (Files.isRegularFile(entry, NOFOLLOW_LINKS)) {
          names.add(entry.getFileName().toString());
        }
      }
    } catch (DirectoryIteratorException e) {
      throw new StorageException(directory + ": list failed: " + e.getMessage(), e);
    } catch (IOException e) {
      throw IoFailures.of(directory.toString(), "list", e);
    }
    Collections.sort(names);
    return names;
  }

  @Override
  public boolean exists(String name) {
    try {
      Files.readAttributes(path(name), BasicFileAttributes.class, NOFOLLOW_LINKS);
      return true;
    } catch (NoSuchFileException _) {
      return false;
    } catch (IOException e) { // not knowing must not look like "no": a store could be made anew
      throw IoFailures.of(name, "look-up", e);
    }
  }

  @Override
  public long size(String name) {
    try {
      return Files.size(path(name));
    } catch (IOException e) {
      throw IoFailures.of(name, "size", e);
    }
  }

  @Override
  public void rename(String from, String to) {
    try {
      Files.move(path(from), path(to), StandardCopyOption.ATOMIC_MOVE);
    } catch (IOException e) {
      throw IoFailures.of(from, "rename to " + to, e);
    }
  }

  @Override
  public void delete(String name) {
    try {
      Files.delete(path(name));
    } catch (IOException e) {
      throw IoFailures.of(name, "delete", e);
    }
  }

  @Override
  public void link(String name, FileSystem target, String targetName) {
    if (!(target instanceof SystemFileSystem other)) {
      throw new IllegalArgumentException("cannot link " + name + " into " + target);
    }
    try {
      Files.createLink(other.path(targetName), path(name));
    } catch (IOException | UnsupportedOperationException e) {
      throw new StorageException(
          name + ": link to " + other.path(targetName) + " failed: " + e.getMessage(), e);
    }
  }

  @Override
  public void syncDirectory() {
    syncDirectory(directory);
  }

  @Override
  public DirectoryLock lock() {
    return SystemDirectoryLock.acquire(directory);
  }

  @Override
  public DirectoryLock lockShared() {
    return SharedDirectoryLock.acquire(directory);
  }

  @Override
  public long freeBytes() {
    try {
      return Files.getFileStore(directory).getUsableSpace();
    } catch (IOException e) {
      throw IoFailures.of(directory.toString(), "free space", e);
    }
  }

  @Override
  public String toString() {
    return directory.toString();
  }
}
