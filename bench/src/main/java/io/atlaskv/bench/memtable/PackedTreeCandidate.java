package io.atlaskv.bench.memtable;

import io.atlaskv.engine.internal.base.InternalKey;
import io.atlaskv.engine.internal.base.LiveSnapshots;
import io.atlaskv.engine.internal.base.Lookup;
import io.atlaskv.engine.internal.base.SequenceNumber;
import io.atlaskv.engine.internal.base.ValueKind;
import io.atlaskv.engine.internal.iterator.InternalIterator;
import io.atlaskv.engine.internal.memtable.ChunkPool;
import io.atlaskv.engine.internal.memtable.Memtable;
import io.atlaskv.engine.internal.memtable.MemtableOptions;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.concurrent.locks.ReentrantLock;

/// Chosen: the engine's own memtable, ordered on demand or from the start.
final class PackedTreeCandidate implements Candidate {
  private final LiveSnapshots published =
      new LiveSnapshots() {
        @Override
        public boolean anyIn(long from, long to) {
          return from <= sequence && sequence < to;
        }

        @Override
        public long published() {
          return sequence;
        }
      };
  private final ChunkPool pool;
  private final Memtable memtable;
  private final Lookup lookup = new Lookup();
  private long sequence;
  private InternalIterator iterator;

  @SuppressWarnings("NullAway.Init") // the iterator comes with the first seek
  PackedTreeCandidate(ChunkPool pool, long bytes, boolean isOrdered) {
    this.pool = pool;
    memtable = new Memtable(pool, new MemtableOptions(bytes, 0, isOrdered, 7));
  }

  @Override
  public void put(
      long newSequence, MemorySegment batch, long keyOffset, int keyLength, int valueLength) {
    memtable.put(
        InternalKey.pack(newSequence, ValueKind.PUT),
        batch,
        keyOffset,
        keyLength,
        keyOffset + keyLength,
        valueLength,
        published);
    sequence = newSequence;
  }

  @Override
  public int get(byte[] key) {
    int state = memtable.getLatest(key, 0, key.length, SequenceNumber.MAX, lookup);
    return state == Lookup.FOUND
        ? lookup.segment().get(ValueLayout.JAVA_BYTE, lookup.offset()) & 0xff
        : -1;
  }

  @Override
  public int seek(byte[] key, int count) {
    if (iterator == null) {
      iterator = memtable.iterator();
    }
    int read = 0;
    iterator.seek(key, 0, key.length);
    while (read < count && iterator.isValid() && iterator.valueLength() > 0) {
      iterator.next();
      read++;
    }
    return read;
  }

  @Override
  public void order() {
    var task = memtable.orderTask(new ReentrantLock());
    while (task != null && task.step()) {}
  }

  @Override
  public long bytes() {
    return memtable.bytes();
  }

  @Override
  public void close() {
    if (iterator != null) {
      iterator.close();
    }
    memtable.release();
    pool.trim(0);
  }
}
