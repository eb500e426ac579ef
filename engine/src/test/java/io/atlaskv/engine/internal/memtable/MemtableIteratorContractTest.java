package io.atlaskv.engine.internal.memtable;

import io.atlaskv.engine.internal.base.LiveSnapshots;
import io.atlaskv.engine.internal.iterator.InternalIterator;
import io.atlaskv.engine.internal.iterator.InternalIteratorContract;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;

class MemtableIteratorContractTest {
  /// Ordered from the start.
  @Nested
  class Eager extends Base {
    @Override
    protected InternalIterator open(List<Entry> entries) {
      return openFilled(entries, true, entries.size());
    }
  }

  /// Ordered when everything is there.
  @Nested
  class Late extends Base {
    @Override
    protected InternalIterator open(List<Entry> entries) {
      return openFilled(entries, false, entries.size());
    }
  }

  /// Ordered while it is written.
  @Nested
  class Midway extends Base {
    @Override
    protected InternalIterator open(List<Entry> entries) {
      return openFilled(entries, false, entries.size() / 2);
    }
  }

  abstract static class Base extends InternalIteratorContract {
    private final ChunkPool pool = new ChunkPool(0, true);
    private final List<MemtableFixture> fixtures = new ArrayList<>();

    @AfterEach
    void release() {
      fixtures.forEach(MemtableFixture::releaseMemtable);
      pool.close();
    }

    /// Puts the entries, keys mixed, versions oldest first, and runs the order task beside.
    final InternalIterator openFilled(List<Entry> entries, boolean isOrdered, int orderedAt) {
      var fixture = new MemtableFixture(pool, isOrdered, MemtableFixture.BUDGET);
      fixtures.add(fixture);
      var mixed = new ArrayList<>(entries);
      Collections.shuffle(mixed, new Random(entries.size()));
      mixed.sort((left, right) -> Long.compareUnsigned(left.trailer(), right.trailer()));
      var task = isOrdered ? null : fixture.memtable.orderTask(fixture.commitLock);
      int at = 0;
      for (var entry : mixed) {
        fixture.put(entry.key(), entry.trailer(), entry.value(), LiveSnapshots.all());
        if (task != null && at++ >= orderedAt && at % 8 == 0) {
          task.step();
        }
      }
      while (task != null && task.step()) {}
      return fixture.memtable.iterator();
    }
  }
}
