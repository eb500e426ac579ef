package io.atlaskv.engine.internal.db;

import static org.assertj.core.api.Assertions.assertThat;

import io.atlaskv.engine.AtlasKv;
import io.atlaskv.engine.api.Codec;
import io.atlaskv.engine.api.Compression;
import io.atlaskv.engine.api.Db;
import io.atlaskv.engine.api.Options;
import io.atlaskv.engine.api.Range;
import java.nio.file.Path;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/// A scan of far more than the block cache holds leaves there what is read again and again.
class ScanResistanceTest {
  private static final int ENTRIES = 24_000; // 24 MB
  private static final int HOT = 1_500;
  private static final int ROUNDS = 4;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void hotBlocksStayCached(boolean isBackward, @TempDir Path directory) {
    Options options =
        Options.DEFAULT.withBlockCacheBytes(6 << 20).withCompression(Compression.NONE);
    try (Db db = AtlasKv.open(directory, options)) {
      for (long i = 0; i < ENTRIES; i++) {
        db.put(Codec.int64().toBytes(i), new byte[1_000]);
      }
      db.compact();
    }
    try (Db db = AtlasKv.open(directory, options)) {
      for (int round = 0; round < ROUNDS; round++) {
        readHot(db);
      }
      var query = isBackward ? db.range(Range.all()).reverse() : db.range(Range.all());
      assertThat(query.stream().count()).isEqualTo(ENTRIES);
      long before = db.statistics().blockCacheMisses();
      readHot(db);
      long misses = db.statistics().blockCacheMisses() - before;
      assertThat(misses).isLessThan(HOT / 4 / 10); // four entries a block; a tenth of them
    }
  }

  private static void readHot(Db db) {
    for (long i = 0; i < HOT; i++) {
      assertThat(db.get(Codec.int64().toBytes(i * 7 % HOT + ENTRIES / 2))).isNotNull();
    }
  }
}
