package io.atlaskv.engine.internal.io;

import io.atlaskv.engine.api.ClosedException;
import io.atlaskv.engine.api.StorageException;
import io.atlaskv.engine.internal.io.Operation.Kind;
import java.nio.ByteBuffer;

/// Open file of a `FaultFileSystem`.
final class FaultFile implements PositionedFile, AppendFile {
  private final FaultDevice device;
  private final String path;
  private final int generation;
  private final int id;
  private long appended;
  private boolean isClosed;

  FaultFile(FaultDevice device, String path, int id) {
    this.device = device;
    this.path = path;
    this.id = id;
    generation = device.generation();
    appended = device.disk().file(id).size();
    device.opened(id);
  }

  private DiskFile file() {
    device.requirePower();
    if (isClosed || generation != device.generation()) {
      throw new ClosedException(path);
    }
    return device.disk().file(id);
  }

  private static void requireDirect(ByteBuffer buffer) {
    if (!buffer.isDirect()) {
      throw new IllegalArgumentException("the buffer is not direct");
    }
  }

  @Override
  public int read(long position, ByteBuffer target) {
    synchronized (device) {
      requireDirect(target);
      DiskFile file = file();
      Fault fault = device.begin(Kind.READ, path, position, target.remaining());
      return device.isToDo(fault) ? file.read(position, target) : 0;
    }
  }

  @Override
  public void write(long position, ByteBuffer source) {
    write(Kind.WRITE, position, source);
  }

  private void write(Kind kind, long position, ByteBuffer source) {
    synchronized (device) {
      requireDirect(source);
      DiskFile file = file();
      int bytes = source.remaining();
      Fault fault = device.begin(kind, path, position, bytes);
      switch (fault) {
        case null -> {
          int room = device.room(file, position, bytes);
          put(position, source, room);
          if (room < bytes) {
            throw device.failure("No space left on device", true);
          }
        }
        case EIO -> {
          put(position, source, device.partOf(bytes));
          throw device.failure("Input/output error", false);
        }
        case SHORT -> {
          put(position, source, bytes / 2);
          throw device.failure("No space left on device", true);
        }
        case ENOSPC -> throw device.failure("No space left on device", true);
        case IGNORED -> source.position(source.limit());
      }
    }
  }

  private void put(long position, ByteBuffer source, int count) {
    byte[] bytes = new byte[count];
    source.get(bytes);
    int operation = device.current().index();
    device.change(disk -> disk.file(id).write(operation, position, bytes));
  }

  @Override
  public void zero(long from, long to) {
    write(Kind.ZERO, from, ByteBuffer.allocateDirect(Math.toIntExact(to - from)));
  }

  @Override
  public void warm(long from, long to) {
    try {
      read(from, ByteBuffer.allocateDirect(Math.toIntExact(to - from)));
    } catch (StorageException _) {
      // as the system's file does
    }
  }

  @Override
  public void tidy() {}

  @Override
  public void append(ByteBuffer source) {
    synchronized (device) {
      int bytes = source.remaining();
      write(appended, source);
      appended += bytes;
    }
  }

  @Override
  public void sync() {
    synchronized (device) {
      file();
      Fault fault = device.begin(Kind.SYNC, path, 0, 0);
      switch (fault) {
        case null -> device.change(disk -> disk.file(id).sync());
        case IGNORED -> {} // the lie
        default -> {
          device.change(disk -> disk.file(id).failSync());
          device.isToDo(fault);
        }
      }
    }
  }

  @Override
  public void expectSmallWrites() {
    // a write is the same to the disk, whichever way it comes
  }

  @Override
  public void preallocate(long bytes) {
    synchronized (device) {
      DiskFile file = file();
      Fault fault = device.begin(Kind.PREALLOCATE, path, bytes, 0);
      if (bytes <= file.size()) {
        device.isToDo(fault);
        return;
      }
      int wanted = Math.toIntExact(bytes - file.size());
      int room =
          switch (fault) {
            case null -> device.room(file, file.size(), wanted);
            case EIO -> device.partOf(wanted);
            case SHORT -> wanted / 2;
            case ENOSPC, IGNORED -> 0;
          };
      int operation = device.current().index();
      long extended = file.size() + room;
      device.change(disk -> disk.file(id).extend(operation, extended));
      device.isToDo(fault);
      if (fault == null && room < wanted) {
        throw device.failure("No space left on device", true);
      }
    }
  }

  @Override
  public long size() {
    synchronized (device) {
      return file().size();
    }
  }

  @Override
  public void close() {
    synchronized (device) {
      if (!isClosed && generation == device.generation()) {
        device.closed(id);
      }
      isClosed = true;
    }
  }

  @Override
  public String toString() {
    return path;
  }
}
