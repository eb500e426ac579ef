package io.atlaskv.engine.internal.sstable;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.internal.base.InternalKey;
import io.atlaskv.engine.internal.cache.BlockCache;
import io.atlaskv.engine.internal.cache.ReadContext;
import io.atlaskv.engine.internal.io.FaultFileSystem;
import io.atlaskv.engine.internal.io.FileSystem;
import io.atlaskv.engine.internal.io.ReadFile;
import io.atlaskv.engine.internal.iterator.InternalIterator;
import io.atlaskv.engine.internal.iterator.InternalIteratorContract.Entry;
import java.lang.reflect.Proxy;
import java.nio.ByteBuffer;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class ReadAheadTest {
  private static final int VALUE_BYTES = 16_000; // so that each is a block
  private static final int ENTRIES = 60;

  private int reads;
  private long bytes;

  @Test
  void aScanThatEndsHasReadLittleBeyond() {
    int wanted = 18;
    scan(wanted, true);
    assertTrue(bytes < (wanted + 4) * (VALUE_BYTES + 100L), bytes + " bytes");
  }

  @Test
  void aLongScanReadsSeveralBlocksAtOnce() {
    scan(ENTRIES, true);
    assertTrue(reads <= ENTRIES / 2, reads + " reads");
  }

  @Test
  void whoReadsAWholeTableReadsLargePieces() {
    scan(ENTRIES, false);
    assertTrue(reads <= 1 + ENTRIES * VALUE_BYTES / (200 << 10), reads + " reads");
  }

  /// Reads the first entries of a table, and counts what of its blocks that reads.
  private void scan(int wanted, boolean fillsCache) {
    FaultFileSystem files = FaultFileSystem.create(1);
    var entries =
        IntStream.range(0, ENTRIES)
            .mapToObj(i -> Entry.put("key" + (100 + i), i + 1, "v".repeat(VALUE_BYTES)))
            .toList();
    TestTables.write(files, 7, TableOptions.DEFAULT, entries);
    try (var cache = new BlockCache(0, true);
        var context = new ReadContext(cache, ReadContext.Mode.BLOCKING)) {
      context.fillsCache(fillsCache);
      TableReader table = TestTables.open(counted(files), 7, cache);
      reads = 0;
      bytes = 0;
      try (InternalIterator iterator = table.iterator(context)) {
        iterator.seekToFirst();
        int found = 1;
        for (; found < wanted; found++) {
          iterator.next();
        }
        assertTrue(iterator.position().isValid());
        assertEquals(wanted, InternalKey.sequence(iterator.position().trailer()));
      } finally {
        table.release();
      }
    }
  }

  private FileSystem counted(FileSystem files) {
    return (FileSystem)
        Proxy.newProxyInstance(
            FileSystem.class.getClassLoader(),
            new Class<?>[] {FileSystem.class},
            (proxy, method, arguments) -> {
              Object result = method.invoke(files, arguments);
              return result instanceof ReadFile file ? counted(file) : result;
            });
  }

  private ReadFile counted(ReadFile file) {
    return new ReadFile() {
      @Override
      public int read(long position, ByteBuffer target) {
        int found = file.read(position, target);
        reads++;
        bytes += found;
        return found;
      }

      @Override
      public long size() {
        return file.size();
      }

      @Override
      public void close() {
        file.close();
      }
    };
  }
}
