package io.atlaskv.engine.internal.io;

import io.atlaskv.engine.api.AtlasException;
import io.atlaskv.engine.api.ClosedException;
import io.atlaskv.engine.api.StorageException;
import java.io.IOException;
import java.lang.foreign.Arena;
import java.nio.ByteBuffer;
import java.nio.channels.AsynchronousFileChannel;
import java.nio.channels.ClosedChannelException;
import java.nio.file.OpenOption;
import java.nio.file.Path;
import java.util.Set;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Future;
import org.jspecify.annotations.Nullable;

/// Open file of the operating system that survives interrupts.
///
/// A `FileChannel` closes itself, for all its users, when a thread is interrupted in one of its
/// calls; to open it again needs the name, which by then may belong to another file or to none. An
/// `AsynchronousFileChannel` never looks at interrupts. Given an executor that runs everything in
/// the caller, it makes the same system calls in the same thread at the same cost, so that nothing
/// about it is asynchronous. Only on Windows, where it needs completion ports, does the system's
/// own pool do the work and the caller waits.
final class SystemFile implements PositionedFile {
  private static final @Nullable ExecutorService EXECUTOR =
      System.getProperty("os.name").startsWith("Windows") ? null : CallerRuns.INSTANCE;

  /// What one call writes: the kernel lets nobody else write to the file meanwhile, and a thread
  /// that loses its core in the middle keeps the others waiting.
  private static final ByteBuffer ZEROES = ByteBuffer.allocateDirect(128 << 10).asReadOnlyBuffer();

  private static final int WARM_BYTES = 256 << 10;

  private final String name;
  private final Path path;
  private final AsynchronousFileChannel channel;
  private volatile @Nullable WriteWindow window;

  private SystemFile(String name, Path path, AsynchronousFileChannel channel) {
    this.name = name;
    this.path = path;
    this.channel = channel;
  }

  static SystemFile open(Path path, String name, Set<? extends OpenOption> options) {
    try {
      return new SystemFile(name, path, AsynchronousFileChannel.open(path, options, EXECUTOR));
    } catch (IOException e) {
      throw IoFailures.of(name, "open", e);
    }
  }

  /// For locking; the channel stays owned by this file.
  AsynchronousFileChannel channel() {
    return channel;
  }

  @Override
  public int read(long position, ByteBuffer target) {
    int wanted = target.remaining();
    while (target.hasRemaining()) {
      long at = position + wanted - target.remaining();
      int remaining = target.remaining();
      int count;
      try {
        count = transfer(channel.read(target, at));
      } catch (IOException e) {
        throw failure("read of " + remaining + " bytes at " + at, e);
      }
      if (count < 0) {
        break;
      }
    }
    return wanted - target.remaining();
  }

  @Override
  public void write(long position, ByteBuffer source) {
    WriteWindow small = window;
    if (small == null || !small.write(position, source)) {
      writeThrough(position, source);
    }
  }

  private void writeThrough(long position, ByteBuffer source) {
    long at = position;
    while (source.hasRemaining()) {
      int remaining = source.remaining();
      try {
        int count = transfer(channel.write(source, at));
        if (count <= 0) {
          throw new IOException("nothing was written");
        }
        at += count;
      } catch (ClosedChannelException _) {
        throw new ClosedException(name);
      } catch (IOException e) {
        throw IoFailures.ofWrite(
            name, path, "write of " + remaining + " bytes at " + at, remaining, e);
      }
    }
  }

  private static int transfer(Future<Integer> result) throws IOException {
    boolean isInterrupted = false;
    try {
      while (true) {
        try {
          return result.get();
        } catch (InterruptedException _) {
          isInterrupted = true; // only where another thread does the work
        }
      }
    } catch (ExecutionException e) {
      if (e.getCause() instanceof IOException failure) {
        throw failure;
      }
      throw new IllegalStateException(e.getCause());
    } finally {
      if (isInterrupted) {
        Thread.currentThread().interrupt();
      }
    }
  }

  private AtlasException failure(String what, IOException cause) {
    return cause instanceof ClosedChannelException
        ? new ClosedException(name)
        : IoFailures.of(name, what, cause);
  }

  @Override
  public void sync() {
    force(false);
    WriteWindow small = window;
    if (small != null) {
      small.synced();
    }
  }

  /// @param withMetadata also what is not needed to read the bytes back
  void force(boolean withMetadata) {
    try {
      channel.force(withMetadata);
    } catch (IOException e) {
      throw failure("sync", e);
    }
  }

  @Override
  public void preallocate(long bytes) {
    zero(size(), bytes);
  }

  @Override
  public void zero(long from, long to) {
    ByteBuffer zeroes = ZEROES.duplicate();
    for (long at = from; at < to; at += zeroes.limit()) {
      zeroes.clear().limit((int) Math.min(zeroes.capacity(), to - at));
      writeThrough(at, zeroes); // the window is for one thread, and not for zeroes
    }
  }

  @Override
  public void warm(long from, long to) {
    try (var arena = Arena.ofConfined()) {
      ByteBuffer target = arena.allocate(WARM_BYTES).asByteBuffer();
      for (long at = from; at < to; at += WARM_BYTES) {
        read(at, target.clear().limit((int) Math.min(WARM_BYTES, to - at)));
      }
    } catch (StorageException _) {
      // whoever writes there finds out whether that can still be done
    }
  }

  @Override
  public void tidy() {
    WriteWindow small = window;
    if (small != null) {
      small.unmapLeft();
    }
  }

  @Override
  public void expectSmallWrites() {
    if (WriteWindow.IS_SUPPORTED && window == null) {
      window = new WriteWindow(path, name);
    }
  }

  @Override
  public long size() {
    try {
      return channel.size();
    } catch (IOException e) {
      throw failure("size", e);
    }
  }

  @Override
  public void close() {
    try {
      WriteWindow small = window;
      if (small != null) {
        small.close();
      }
      channel.close();
    } catch (IOException e) {
      throw failure("close", e);
    }
  }

  @Override
  public String toString() {
    return name;
  }
}
