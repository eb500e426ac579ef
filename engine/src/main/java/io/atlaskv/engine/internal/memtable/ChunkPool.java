package io.atlaskv.engine.internal.memtable;

import com.google.errorprone.annotations.concurrent.GuardedBy;
import io.atlaskv.engine.api.ClosedException;
import io.atlaskv.engine.internal.io.Task;
import java.lang.foreign.Arena;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.locks.ReentrantLock;

/// Native memory for memtables: chunks of 1 MiB that go from one memtable to the next, and larger
/// ones, made to measure, for hash tables and large values.
///
/// A chunk comes with whatever its last user left in it. Making one costs some 0.2 ms, because the
/// JDK zeroes it: `reserveTask` makes them ahead of need. Thread-safe; the lock is never held while
/// memory is made or freed.
///
/// Invariants:
/// - C1: a chunk is lent once; it comes back after the last reader of its memtable has gone.
/// - C2: `bytes()` counts all memory held, lent or not, until it is given back to the system.
/// - C3: memory is given back only by `trim` and `close`, both off the hot paths: closing a shared
///   arena costs a handshake with all threads.
public final class ChunkPool implements AutoCloseable {
  /// Size of a pooled chunk.
  public static final int CHUNK_BYTES = 1 << 20;

  private static final long ALIGNMENT = 64;
  private static final byte POISON = (byte) 0xdb;

  private final int reserveMin;
  private final int reserveMax;
  private final boolean isPoisoning;
  private final ReentrantLock lock = new ReentrantLock();

  @GuardedBy("lock")
  private final ArrayDeque<Chunk> idle = new ArrayDeque<>();

  @GuardedBy("lock")
  private final List<Chunk> idleLarge = new ArrayList<>();

  @GuardedBy("lock")
  private final Set<Chunk> lent = Collections.newSetFromMap(new IdentityHashMap<>());

  @GuardedBy("lock")
  private long bytes;

  @GuardedBy("lock")
  private long idleBytes;

  @GuardedBy("lock")
  private long lateChunks;

  @GuardedBy("lock")
  private boolean isClosed;

  @GuardedBy("lock")
  private boolean isRefilling;

  private volatile Runnable onShort = () -> {};

  /// A pool that tries to have `reserve` chunks ready.
  public ChunkPool(int reserve) {
    this(reserve, false);
  }

  /// A pool that tries to have as many chunks ready as are lent, within these bounds: a store that
  /// has written little needs few, and one that writes fast must not wait for any.
  public ChunkPool(int reserveMin, int reserveMax) {
    this(reserveMin, reserveMax, false);
  }

  /// As the first; one that poisons overwrites what comes back, so that tests see late readers.
  ChunkPool(int reserve, boolean isPoisoning) {
    this(reserve, reserve, isPoisoning);
  }

  private ChunkPool(int reserveMin, int reserveMax, boolean isPoisoning) {
    this.reserveMin = reserveMin;
    this.reserveMax = Math.max(reserveMin, reserveMax);
    this.isPoisoning = isPoisoning;
  }

  /// All native memory held, lent or idle.
  public long bytes() {
    lock.lock();
    try {
      return bytes;
    } finally {
      lock.unlock();
    }
  }

  /// The part of `bytes()` that nobody uses at the moment.
  public long idleBytes() {
    lock.lock();
    try {
      return idleBytes;
    } finally {
      lock.unlock();
    }
  }

  /// How often a chunk had to be made while a writer waited for it.
  public long lateChunks() {
    lock.lock();
    try {
      return lateChunks;
    } finally {
      lock.unlock();
    }
  }

  /// What runs, outside the lock, when a writer has left less than the reserve: it should have
  /// `reserveTask` run, and is not called again before that is done. To be set before any use.
  public void onShort(Runnable action) {
    onShort = action;
  }

  /// Makes chunks until the reserve is there, one a step.
  public Task reserveTask() {
    return () -> {
      try {
        if (isShortOfReserve()) {
          giveBack(make(CHUNK_BYTES));
        }
      } catch (ClosedException e) {
        return false; // closed between the look and the making: nobody needs a reserve
      }
      return isShortOfReserve();
    };
  }

  /// Gives idle memory beyond `keepBytes` back to the system.
  public void trim(long keepBytes) {
    while (true) {
      Chunk victim;
      lock.lock();
      try {
        if (idleBytes <= keepBytes) {
          return;
        }
        victim = idleLarge.isEmpty() ? idle.pollLast() : idleLarge.removeLast();
        if (victim == null) {
          throw new IllegalStateException("idle chunks miscounted: idleBytes=" + idleBytes);
        }
        idleBytes -= victim.bytes();
        bytes -= victim.bytes();
      } finally {
        lock.unlock();
      }
      victim.arena().close();
    }
  }

  /// Gives all memory back, lent or not: who still reads gets an `IllegalStateException`.
  @Override
  public void close() {
    List<Chunk> victims;
    lock.lock();
    try {
      isClosed = true;
      victims = new ArrayList<>(lent);
      victims.addAll(idle);
      victims.addAll(idleLarge);
      lent.clear();
      idle.clear();
      idleLarge.clear();
      bytes = 0;
      idleBytes = 0;
    } finally {
      lock.unlock();
    }
    victims.forEach(chunk -> chunk.arena().close());
  }

  /// A chunk of `CHUNK_BYTES`, with anything in it.
  Chunk acquire() {
    Chunk chunk;
    boolean isShort;
    lock.lock();
    try {
      requireOpen();
      chunk = idle.pollFirst();
      if (chunk == null) {
        lateChunks++;
      } else {
        idleBytes -= chunk.bytes();
        lent.add(chunk);
      }
      isShort = idle.size() < reserve() && !isRefilling;
      isRefilling |= isShort;
    } finally {
      lock.unlock();
    }
    if (isShort) {
      onShort.run();
    }
    return chunk == null ? make(CHUNK_BYTES) : chunk;
  }

  /// A chunk of at least `size` bytes, with anything in it.
  Chunk acquireLarge(long size) {
    lock.lock();
    try {
      requireOpen();
      for (int i = 0; i < idleLarge.size(); i++) {
        Chunk chunk = idleLarge.get(i);
        if (chunk.bytes() >= size && chunk.bytes() <= size + size / 8) {
          idleLarge.remove(i);
          idleBytes -= chunk.bytes();
          lent.add(chunk);
          return chunk;
        }
      }
    } finally {
      lock.unlock();
    }
    return make(size);
  }

  /// Takes back a chunk that nobody reads any more (C1).
  void giveBack(Chunk chunk) {
    if (isPoisoning) {
      poison(chunk);
    }
    lock.lock();
    try {
      if (lent.remove(chunk)) { // otherwise the pool was closed meanwhile
        (chunk.bytes() == CHUNK_BYTES ? idle : idleLarge).add(chunk);
        idleBytes += chunk.bytes();
      }
    } finally {
      lock.unlock();
    }
  }

  private Chunk make(long size) {
    var arena = Arena.ofShared();
    var chunk = new Chunk(arena, arena.allocate(size, ALIGNMENT));
    lock.lock();
    try {
      requireOpen();
      bytes += size;
      lent.add(chunk);
    } catch (ClosedException e) {
      arena.close();
      throw e;
    } finally {
      lock.unlock();
    }
    return chunk;
  }

  private void poison(Chunk chunk) {
    lock.lock();
    try {
      if (lent.contains(chunk)) {
        chunk.memory().fill(POISON);
      }
    } finally {
      lock.unlock();
    }
  }

  private boolean isShortOfReserve() {
    lock.lock();
    try {
      boolean isShort = !isClosed && idle.size() < reserve();
      isRefilling = isShort;
      return isShort;
    } finally {
      lock.unlock();
    }
  }

  @GuardedBy("lock")
  private int reserve() {
    return Math.clamp(lent.size(), reserveMin, reserveMax);
  }

  @GuardedBy("lock")
  private void requireOpen() {
    if (isClosed) {
      throw new ClosedException("chunk pool");
    }
  }
}
