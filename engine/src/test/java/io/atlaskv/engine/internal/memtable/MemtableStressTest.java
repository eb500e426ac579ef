package io.atlaskv.engine.internal.memtable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.internal.base.ByteArrays;
import io.atlaskv.engine.internal.base.InternalKey;
import io.atlaskv.engine.internal.base.Layouts;
import io.atlaskv.engine.internal.base.LiveSnapshots;
import io.atlaskv.engine.internal.base.Lookup;
import io.atlaskv.engine.internal.base.ValueKind;
import io.atlaskv.engine.internal.io.Task;
import io.atlaskv.engine.internal.iterator.InternalIterator;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicLongArray;
import java.util.concurrent.locks.ReentrantLock;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

/// One writer, point readers, iterators in both directions and an order task at the same time.
///
/// The writer's operations follow from the seed alone: operation `s` (its sequence) writes key
/// `keyOf(s)`, and its value says both. So every reader can tell what it must see at its sequence.
class MemtableStressTest {
  private static final long SEED = Long.getLong("atlaskv.seed", 42);
  private static final String REPRO = "rerun: -Dtest=MemtableStressTest -Datlaskv.seed=" + SEED;
  private static final int OPERATIONS = 100_000;
  private static final int KEYS = 30_000;
  private static final int SNAPSHOTS = 4;
  private static final long DEADLINE_SECONDS = 120;
  private static final long FREE = Long.MAX_VALUE;

  @Test
  void readersSeeTheirSequenceWhileAnEagerMemtableIsWritten() throws Exception {
    new Run(true).run();
  }

  @Test
  void readersSeeTheirSequenceWhileAMemtableIsBeingOrdered() throws Exception {
    new Run(false).run();
  }

  private static final class Run implements LiveSnapshots {
    private final ReentrantLock commitLock = new ReentrantLock();
    private final AtomicLong visible = new AtomicLong();
    private final AtomicLongArray registered = new AtomicLongArray(SNAPSHOTS);
    private final int[][] sequencesOfKey;
    private final int[] keyOfSequence = new int[OPERATIONS + 1];
    private final ChunkPool pool = new ChunkPool(4, true);
    private final Memtable memtable;

    Run(boolean isOrdered) {
      memtable = new Memtable(pool, new MemtableOptions(16L << 20, 0, isOrdered, SEED));
      var random = new Random(SEED);
      for (int sequence = 1; sequence <= OPERATIONS; sequence++) {
        keyOfSequence[sequence] =
            random.nextInt(10) == 0 ? random.nextInt(3) : random.nextInt(KEYS); // some are hot
      }
      int[] counts = new int[KEYS];
      for (int sequence = 1; sequence <= OPERATIONS; sequence++) {
        counts[keyOfSequence[sequence]]++;
      }
      sequencesOfKey = IntStream.of(counts).mapToObj(int[]::new).toArray(int[][]::new);
      for (int sequence = OPERATIONS; sequence > 0; sequence--) {
        int key = keyOfSequence[sequence];
        sequencesOfKey[key][--counts[key]] = sequence;
      }
      for (int i = 0; i < SNAPSHOTS; i++) {
        registered.set(i, FREE);
      }
    }

    void run() throws Exception {
      try (ExecutorService threads = Executors.newCachedThreadPool()) {
        var results = new ArrayList<Future<Long>>();
        results.add(threads.submit(this::write));
        results.add(threads.submit(() -> readPoints(1)));
        results.add(threads.submit(() -> readPoints(2)));
        results.add(threads.submit(() -> iterate(0, true)));
        results.add(threads.submit(() -> iterate(1, false)));
        results.add(threads.submit((Callable<Long>) this::order));
        try {
          for (var result : results) {
            assertTrue(result.get(DEADLINE_SECONDS, TimeUnit.SECONDS) > 0, REPRO + " did nothing");
          }
        } catch (ExecutionException | TimeoutException e) {
          visible.set(OPERATIONS); // ends the others
          throw new AssertionError(REPRO, e);
        }
      }
      check(OPERATIONS, true);
      check(OPERATIONS, false);
      memtable.release();
      assertEquals(pool.bytes(), pool.idleBytes(), REPRO);
      pool.close();
    }

    @Override
    public boolean anyIn(long from, long to) {
      long published = visible.get();
      if (from <= published && published < to) {
        return true;
      }
      for (int i = 0; i < SNAPSHOTS; i++) {
        long snapshot = registered.get(i);
        if (from <= snapshot && snapshot < to) {
          return true;
        }
      }
      return false;
    }

    @Override
    public long published() {
      return visible.get();
    }

    private long write() {
      try (var arena = Arena.ofConfined()) {
        MemorySegment batch = arena.allocate(64);
        byte[] key = new byte[16];
        for (int sequence = 1; sequence <= OPERATIONS && visible.get() < OPERATIONS; ) {
          int operations = 1 + sequence % 3; // published together
          commitLock.lock();
          try {
            for (int i = 0; i < operations && sequence <= OPERATIONS; i++) {
              key(keyOfSequence[sequence], key);
              MemorySegment.copy(key, 0, batch, Layouts.BYTE, 0, key.length);
              batch.set(Layouts.LE_LONG, 16, sequence);
              memtable.put(InternalKey.pack(sequence, ValueKind.PUT), batch, 0, 16, 16, 8, this);
              sequence++;
            }
          } finally {
            commitLock.unlock();
          }
          visible.set(sequence - 1L);
        }
      }
      return 1;
    }

    private long readPoints(long seed) {
      var random = new Random(SEED + seed);
      var lookup = new Lookup();
      byte[] key = new byte[16];
      long reads = 0;
      while (visible.get() < OPERATIONS || reads == 0) {
        int number = random.nextInt(4) == 0 ? random.nextInt(3) : random.nextInt(KEYS);
        key(number, key);
        long sequence = visible.get();
        int state = memtable.getLatest(key, 0, 16, sequence, lookup);
        if (state == Memtable.RETRY) {
          assertTrue(visible.get() > sequence, REPRO + " retry without progress");
          continue;
        }
        long expected = newest(number, sequence);
        assertEquals(expected == 0 ? Lookup.ABSENT : Lookup.FOUND, state, REPRO);
        if (expected != 0) {
          assertEquals(expected, lookup.sequence(), REPRO);
          assertEquals(expected, lookup.segment().get(Layouts.LE_LONG, lookup.offset()), REPRO);
        }
        reads++;
      }
      return reads;
    }

    private long iterate(int slot, boolean isForward) {
      long iterations = 0;
      while (visible.get() < OPERATIONS || iterations == 0) {
        long snapshot;
        do { // registered only if it is still what is published
          snapshot = visible.get();
          registered.set(slot, snapshot);
        } while (visible.get() != snapshot);
        if (memtable.isOrdered()) {
          check(snapshot, isForward);
          iterations++;
        } else {
          Thread.onSpinWait();
        }
        registered.set(slot, FREE);
      }
      return iterations;
    }

    private long order() {
      memtable.requestOrder();
      while (visible.get() < OPERATIONS / 5) {
        Thread.onSpinWait();
      }
      Task task = memtable.orderTask(commitLock);
      while (task != null && task.step()) {}
      return memtable.isOrdered() ? 1 : 0;
    }

    /// Everything that a registered snapshot sees is there, once, in order, and nothing else.
    private void check(long snapshot, boolean isForward) {
      int expectedKey = isForward ? 0 : KEYS - 1;
      int step = isForward ? 1 : -1;
      try (var iterator = memtable.iterator()) {
        List<Long> seen = new ArrayList<>(); // sequences of the key at hand
        int key = expectedKey;
        if (isForward) {
          iterator.seekToFirst();
        } else {
          iterator.seekToLast();
        }
        while (iterator.isValid()) {
          int number = (int) ByteArrays.beLong(iterator.keyBuffer(), 8);
          for (; key != number; key += step) {
            assertSeen(key, seen, snapshot);
            seen.clear();
            assertTrue(key >= 0 && key < KEYS, REPRO + " out of order");
          }
          long sequence = InternalKey.sequence(iterator.trailer());
          assertEquals(sequence, valueOf(iterator), REPRO);
          if (sequence <= snapshot) {
            seen.add(sequence);
          }
          if (isForward) {
            iterator.next();
          } else {
            iterator.prev();
          }
        }
        for (; key >= 0 && key < KEYS; key += step) {
          assertSeen(key, seen, snapshot);
          seen.clear();
        }
      }
    }

    private void assertSeen(int key, List<Long> seen, long snapshot) {
      long expected = newest(key, snapshot);
      long found = seen.stream().mapToLong(Long::longValue).max().orElse(0);
      assertEquals(expected, found, () -> REPRO + " key=" + key + " snapshot=" + snapshot);
    }

    private long newest(int key, long snapshot) {
      int[] sequences = sequencesOfKey[key];
      int low = 0;
      int high = sequences.length;
      while (low < high) {
        int middle = (low + high) >>> 1;
        if (sequences[middle] <= snapshot) {
          low = middle + 1;
        } else {
          high = middle;
        }
      }
      return low == 0 ? 0 : sequences[low - 1];
    }

    private static long valueOf(InternalIterator iterator) {
      return iterator.valueSegment().get(Layouts.LE_LONG, iterator.valueOffset());
    }

    private static void key(int number, byte[] target) {
      ByteArrays.putBeLong(target, 8, number);
    }
  }
}
