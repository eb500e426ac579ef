package io.atlaskv.engine.internal.memtable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.internal.base.InternalKey;
import io.atlaskv.engine.internal.base.LiveSnapshots;
import io.atlaskv.engine.internal.base.Lookup;
import io.atlaskv.engine.internal.base.ValueKind;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.Arrays;
import java.util.TreeSet;
import java.util.concurrent.locks.ReentrantLock;

/// A memtable with byte-string put and get, a pool that poisons, and a set of snapshots.
final class MemtableFixture implements AutoCloseable {
  static final long BUDGET = 4L << 20;

  final ChunkPool pool;
  final ReentrantLock commitLock = new ReentrantLock();
  final TreeSet<Long> snapshots = new TreeSet<>();
  final LiveSnapshots live =
      new LiveSnapshots() {
        @Override
        public boolean anyIn(long from, long to) {
          return isLive(from, to);
        }

        @Override
        public long published() {
          return published;
        }
      };
  Memtable memtable;
  long published;
  private final Lookup lookup = new Lookup();
  private final Arena arena = Arena.ofShared();
  private MemorySegment batch = arena.allocate(1 << 10);

  MemtableFixture(boolean isOrdered) {
    this(new ChunkPool(2, true), isOrdered, BUDGET);
  }

  MemtableFixture(ChunkPool pool, boolean isOrdered, long budget) {
    this.pool = pool;
    memtable = new Memtable(pool, new MemtableOptions(budget, 0, isOrdered, 7));
  }

  /// Closes all but the pool.
  void releaseMemtable() {
    memtable.release();
    arena.close();
  }

  @Override
  public void close() {
    releaseMemtable();
    pool.close();
  }

  void put(Bytes key, long sequence, Bytes value) {
    put(key, InternalKey.pack(sequence, ValueKind.PUT), value, live);
    published = sequence;
  }

  void put(String key, long sequence, String value) {
    put(Bytes.ofUtf8(key), sequence, Bytes.ofUtf8(value));
  }

  void delete(String key, long sequence) {
    put(Bytes.ofUtf8(key), InternalKey.pack(sequence, ValueKind.DELETE), Bytes.EMPTY, live);
    published = sequence;
  }

  void put(Bytes key, long trailer, Bytes value, LiveSnapshots keep) {
    int length = key.length() + value.length();
    if (batch.byteSize() < length + 3) {
      batch = arena.allocate(2L * length);
    }
    MemorySegment.copy(key.toArray(), 0, batch, ValueLayout.JAVA_BYTE, 3, key.length());
    MemorySegment.copy(
        value.toArray(), 0, batch, ValueLayout.JAVA_BYTE, 3L + key.length(), value.length());
    memtable.put(trailer, batch, 3, key.length(), 3L + key.length(), value.length(), keep);
  }

  /// The value, "deleted", "absent" or "retry".
  String get(String key, long snapshot) {
    return describe(get(Bytes.ofUtf8(key), snapshot, true));
  }

  String getLatest(String key, long snapshot) {
    return describe(get(Bytes.ofUtf8(key), snapshot, false));
  }

  int get(Bytes key, long snapshot, boolean isRegistered) {
    byte[] padded = new byte[key.length() + 5];
    Arrays.fill(padded, (byte) 'x');
    key.copyTo(padded, 2);
    int state =
        isRegistered
            ? memtable.get(padded, 2, key.length(), snapshot, lookup)
            : memtable.getLatest(padded, 2, key.length(), snapshot, lookup);
    if (state != Memtable.RETRY) {
      assertEquals(lookup.state(), state);
    }
    return state;
  }

  Bytes value() {
    byte[] value = new byte[lookup.length()];
    MemorySegment.copy(
        lookup.segment(), ValueLayout.JAVA_BYTE, lookup.offset(), value, 0, value.length);
    return Bytes.of(value);
  }

  long sequence() {
    return lookup.sequence();
  }

  /// Runs the whole order task.
  void order() {
    var task = memtable.orderTask(commitLock);
    assertNotNull(task, "order task was taken");
    while (task.step()) {}
  }

  private boolean isLive(long from, long to) {
    return (from <= published && published < to) || !snapshots.subSet(from, to).isEmpty();
  }

  private String describe(int state) {
    return switch (state) {
      case Lookup.FOUND -> value().toUtf8();
      case Lookup.DELETED -> "deleted";
      case Lookup.ABSENT -> "absent";
      default -> "retry";
    };
  }
}
