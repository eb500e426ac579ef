package io.atlaskv.engine.internal.io;

import static java.nio.file.LinkOption.NOFOLLOW_LINKS;

import io.atlaskv.engine.api.StorageException;
import java.io.IOException;
import java.nio.file.DirectoryIteratorException;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Directories of the operating system's file system.
final class SystemDirectories implements Directories {
  private final Path parent;
  private final SystemFileSystem names;

  /// @param parent is made, with its own parents, if it does not exist
  SystemDirectories(Path parent) {
    this.names = SystemFileSystem.open(parent);
    this.parent = names.path();
  }

  private Path path(String name) {
    return names.path(name);
  }

  @Override
  public FileSystem make(String name) {
    try {
      Files.createDirectory(path(name));
    } catch (IOException e) {
      throw IoFailures.of(path(name).toString(), "making the directory", e);
    }
    return SystemFileSystem.open(path(name));
  }

  @Override
  public FileSystem open(String name) {
    if (!Files.isDirectory(path(name))) {
      throw new StorageException(path(name) + ": is no directory", null);
    }
    return SystemFileSystem.open(path(name));
  }

  @Override
  public boolean exists(String name) {
    return names.exists(name);
  }

  @Override
  public List<String> list() {
    var found = new ArrayList<String>();
    try (DirectoryStream<Path> entries = Files.newDirectoryStream(parent)) {
      for (Path entry : entries) {
        if (Files.isDirectory(entry, NOFOLLOW_LINKS)) {
          found.add(entry.getFileName().toString());
        }
      }
    } catch (DirectoryIteratorException e) {
      throw new StorageException(parent + ": list failed: " + e.getMessage(), e);
    } catch (IOException e) {
      throw IoFailures.of(parent.toString(), "list", e);
    }
    Collections.sort(found);
    return found;
  }

  @Override
  public void rename(String from, String to) {
    try {
      Files.move(path(from), path(to)); // not atomically: that replaces an empty directory
    } catch (IOException e) {
      throw IoFailures.of(path(from).toString(), "rename to " + to, e);
    }
  }

  @Override
  public void delete(String name) {
    try {
      Files.delete(path(name));
    } catch (IOException e) {
      throw IoFailures.of(path(name).toString(), "delete", e);
    }
  }

  @Override
  public void sync() {
    names.syncDirectory();
  }

  @Override
  public String toString() {
    return parent.toString();
  }
}
