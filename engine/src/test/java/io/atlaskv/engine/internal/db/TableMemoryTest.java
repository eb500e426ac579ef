package io.atlaskv.engine.internal.db;

import static org.assertj.core.api.Assertions.assertThat;

import io.atlaskv.engine.AtlasKv;
import io.atlaskv.engine.api.Codec;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.Options;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/// Indexes and filters of open tables are part of the memory that the store may take.
class TableMemoryTest {
  private static final long MIB = 1 << 20;
  private static final long CACHE = 4 * MIB;
  private static final int ENTRIES = 600_000; // with filters of some 700 KiB

  @Test
  void blocksMakeRoomForFiltersAndIndexes(@TempDir Path directory) {
    Options options = Options.DEFAULT.withBlockCacheBytes(CACHE).withMemtableBytes(16 * MIB);
    try (Db db = AtlasKv.open(directory, options)) {
      for (long i = 0; i < ENTRIES; i++) {
        db.put(Codec.int64().toBytes(i), Codec.int64().toBytes(~i));
      }
      db.flush();
    }
    try (Db db = AtlasKv.open(directory, options)) { // without a memtable
      long metadata = db.statistics().nativeBytes() - db.statistics().memtableBytes();
      for (long i = 0; i < ENTRIES; i += 50) {
        assertThat(db.get(Codec.int64().toBytes(i))).isEqualTo(Codec.int64().toBytes(~i));
      }
      long filters = ENTRIES * 10L / Byte.SIZE;
      assertThat(metadata).isGreaterThan(filters);
      assertThat(db.statistics().blockCacheBytes()).isBetween(CACHE / 4, CACHE - filters);
    }
  }
}
