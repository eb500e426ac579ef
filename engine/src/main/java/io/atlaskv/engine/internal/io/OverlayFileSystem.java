package io.atlaskv.engine.internal.io;

import io.atlaskv.engine.api.StorageException;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import org.jspecify.annotations.Nullable;

/// A directory that can be read, with everything that is written, renamed or deleted kept in memory
/// and forgotten with this: what a store opened read-only works on. No call changes the directory
/// below; its lock is shared, and keeps writers out.
public final class OverlayFileSystem implements FileSystem {
  private static final int COPY_BYTES = 64 << 10;

  private final FileSystem below;
  private final boolean isLocked;
  private final Map<String, MemoryFile> own = new HashMap<>(); // guarded by this
  private final Set<String> hidden = new HashSet<>(); // guarded by this

  /// @param below is only read
  public OverlayFileSystem(FileSystem below) {
    this(below, true);
  }

  private OverlayFileSystem(FileSystem below, boolean isLocked) {
    this.below = below;
    this.isLocked = isLocked;
  }

  /// Beside a writer, who is not kept out: whoever reads has to find out himself whether what he
  /// has read belongs together.
  public static OverlayFileSystem unlocked(FileSystem below) {
    return new OverlayFileSystem(below, false);
  }

  @Override
  public synchronized AppendFile create(String name) {
    if (exists(name)) {
      throw new StorageException(name + ": create failed: exists already", null);
    }
    return make(name);
  }

  @Override
  public synchronized AppendFile openAppend(String name) {
    return owned(name);
  }

  private MemoryFile make(String name) {
    var file = new MemoryFile();
    own.put(name, file);
    return file;
  }

  @Override
  public synchronized PositionedFile openPositioned(String name, boolean create) {
    if (create && !exists(name)) {
      return make(name);
    }
    return owned(name);
  }

  /// The file in memory; one of the directory is copied first.
  private MemoryFile owned(String name) {
    MemoryFile file = own.get(name);
    if (file != null) {
      return file;
    }
    try (ReadFile source = openRead(name)) {
      MemoryFile copy = make(name);
      ByteBuffer buffer = ByteBuffer.allocateDirect(COPY_BYTES);
      long at = 0;
      int count;
      while ((count = source.read(at, buffer.clear())) > 0) {
        copy.write(at, buffer.flip());
        at += count;
      }
      return copy;
    }
  }

  @Override
  public synchronized ReadFile openRead(String name) {
    MemoryFile file = own.get(name);
    if (file != null) {
      return file;
    }
    requireExists(name);
    return below.openRead(name);
  }

  private void requireExists(String name) {
    if (!exists(name)) {
      throw new StorageException(name + ": does not exist", null);
    }
  }

  @Override
  public synchronized List<String> list() {
    var names = new TreeSet<>(below.list());
    names.removeAll(hidden);
    names.addAll(own.keySet());
    return List.copyOf(names);
  }

  @Override
  public synchronized boolean exists(String name) {
    return own.containsKey(name) || (!hidden.contains(name) && below.exists(name));
  }

  @Override
  public synchronized long size(String name) {
    @Nullable MemoryFile file = own.get(name);
    if (file != null) {
      return file.size();
    }
    requireExists(name);
    return below.size(name);
  }

  @Override
  public synchronized void rename(String from, String to) {
    MemoryFile file = owned(from);
    delete(from);
    own.put(to, file);
  }

  @Override
  public synchronized void delete(String name) {
    requireExists(name);
    own.remove(name);
    hidden.add(name);
  }

  @Override
  public void link(String name, FileSystem target, String targetName) {
    throw new StorageException(name + ": link failed: the directory is opened read-only", null);
  }

  @Override
  public void syncDirectory() {
    // nothing of this outlives the process
  }

  @Override
  public DirectoryLock lock() {
    return lockShared();
  }

  @Override
  public DirectoryLock lockShared() {
    return isLocked ? below.lockShared() : () -> {};
  }

  @Override
  public long freeBytes() {
    return below.freeBytes();
  }

  @Override
  public String toString() {
    return below.toString();
  }
}
