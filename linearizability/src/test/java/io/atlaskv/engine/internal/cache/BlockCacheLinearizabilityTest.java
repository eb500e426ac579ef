package io.atlaskv.engine.internal.cache;

import io.atlaskv.linearizability.Histories;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.util.TreeMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jetbrains.lincheck.datastructures.IntGen;
import org.jetbrains.lincheck.datastructures.Operation;
import org.jetbrains.lincheck.datastructures.Param;
import org.jetbrains.lincheck.datastructures.Validate;
import org.junit.jupiter.api.Test;

/// As long as there is room, the cache is a map that keeps the first block of each place. (Where
/// there is none, `BlockCacheStressTest` sees that a reader has its own block.)
class BlockCacheLinearizabilityTest {
  @Test
  void keepsTheFirstOfEachPlace() {
    Histories.check(Shared.class, Sequential.class);
  }

  /// The calls that histories are made of. Each history has a file of its own in one cache.
  @Param(name = "block", gen = IntGen.class, conf = "0:2")
  @Param(name = "value", gen = IntGen.class, conf = "1:3")
  public static class Shared {
    private static final BlockCache CACHE = new BlockCache(4 << 20, true);
    private static final AtomicLong FILES = new AtomicLong();
    private static final int INTS = 16;

    private final long file = FILES.incrementAndGet();

    @Operation
    public void insert(@Param(name = "block") int block, @Param(name = "value") int value) {
      try (var arena = Arena.ofConfined()) {
        MemorySegment memory = arena.allocate(INTS * Integer.BYTES, Integer.BYTES);
        for (int i = 0; i < INTS; i++) {
          memory.setAtIndex(ValueLayout.JAVA_INT, i, value);
        }
        CACHE.insert(file, block, memory, 0, INTS * Integer.BYTES, false);
      }
    }

    @Operation
    public int find(@Param(name = "block") int block) {
      try (var pin = new PinnedBlock()) {
        return CACHE.pin(file, block, true, pin) ? valueOf(pin) : 0;
      }
    }

    /// Both pins are held at a time, and one is shared.
    @Operation
    public int findAgain(@Param(name = "block") int block) {
      try (var pin = new PinnedBlock();
          var other = new PinnedBlock()) {
        if (!CACHE.pin(file, block, false, pin)) {
          return 0;
        }
        int value = valueOf(pin);
        pin.share(other);
        pin.release();
        return value * 10 + valueOf(other);
      }
    }

    /// The value that all of the block has.
    private static int valueOf(PinnedBlock pin) {
      int value = pin.segment().get(ValueLayout.JAVA_INT_UNALIGNED, pin.base());
      for (int i = 1; i < INTS; i++) {
        long at = pin.base() + (long) i * Integer.BYTES;
        if (pin.segment().get(ValueLayout.JAVA_INT_UNALIGNED, at) != value) {
          return -1;
        }
      }
      return pin.length() == INTS * Integer.BYTES ? value : -2;
    }

    /// A pin that was lost would keep a block.
    @Validate
    public void nothingIsPinned() {
      CACHE.evictFile(file);
      for (int block = 0; block <= 2; block++) {
        if (find(block) != 0) {
          throw new IllegalStateException("block " + block + " is still pinned");
        }
      }
    }
  }

  /// The same on a map, one thread at a time.
  public static class Sequential {
    private final TreeMap<Integer, Integer> first = new TreeMap<>();

    public void insert(int block, int value) {
      first.putIfAbsent(block, value);
    }

    public int find(int block) {
      return first.getOrDefault(block, 0);
    }

    public int findAgain(int block) {
      return find(block) * 11;
    }
  }
}
