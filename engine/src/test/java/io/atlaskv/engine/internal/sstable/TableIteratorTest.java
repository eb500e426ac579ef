package io.atlaskv.engine.internal.sstable;

import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.internal.base.RangeTombstone;
import io.atlaskv.engine.internal.cache.BlockCache;
import io.atlaskv.engine.internal.cache.ReadContext;
import io.atlaskv.engine.internal.io.FaultFileSystem;
import io.atlaskv.engine.internal.iterator.InternalIterator;
import io.atlaskv.engine.internal.iterator.InternalIteratorContract;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Nested;

/// The contract for table iterators: many small blocks or one block, every way to read them.
class TableIteratorTest {
  /// Opens one-table stores and closes them after each test.
  abstract static class OfTables extends InternalIteratorContract {
    private final List<Runnable> closers = new ArrayList<>();

    abstract TableOptions options();

    ReadContext context(BlockCache cache) {
      return new ReadContext(cache, ReadContext.Mode.BLOCKING);
    }

    long cacheBytes() {
      return 1 << 20;
    }

    @Override
    protected InternalIterator open(List<Entry> entries) {
      var files = FaultFileSystem.create(1);
      var cache = new BlockCache(cacheBytes(), true);
      // A table is never empty: one without entries has a range tombstone.
      var tombstone = new RangeTombstone(Bytes.ofUtf8("x"), Bytes.ofUtf8("y"), 1);
      TestTables.write(files, 7, options(), entries, List.of(tombstone));
      TableReader table = TestTables.open(files, 7, cache);
      ReadContext context = context(cache);
      closers.add(() -> {
        context.close();
        table.release();
        cache.close();
      });
      return table.iterator(context);
    }

    @AfterEach
    void closeTables() {
      closers.forEach(Runnable::run);
    }
  }

  @Nested
  class SmallBlocks extends OfTables {
    @Override
    TableOptions options() {
      return TableOptions.DEFAULT.withBlockBytes(256);
    }
  }

  @Nested
  class LargeBlocks extends OfTables {
    @Override
    TableOptions options() {
      return TableOptions.DEFAULT.withBlockBytes(32 << 10).withRestartShift(4);
    }
  }

  @Nested
  class EveryEntryRestarts extends OfTables {
    @Override
    TableOptions options() {
      return TableOptions.DEFAULT.withRestartShift(0);
    }
  }

  @Nested
  class Compressed extends OfTables {
    @Override
    TableOptions options() {
      return TableOptions.DEFAULT.withCompression(TableOptions.Compression.LZ4);
    }
  }

  @Nested
  class WithoutCache extends OfTables {
    @Override
    TableOptions options() {
      return TableOptions.DEFAULT.withBlockBytes(512);
    }

    @Override
    long cacheBytes() {
      return 0;
    }
  }

  @Nested
  class PastTheCache extends OfTables {
    @Override
    TableOptions options() {
      return TableOptions.DEFAULT.withBlockBytes(512).withCompression(TableOptions.Compression.LZ4);
    }

    @Override
    ReadContext context(BlockCache cache) {
      ReadContext context = super.context(cache);
      context.fillsCache(false);
      return context;
    }
  }
}
