package io.atlaskv.redis.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.atlaskv.engine.StoreTools;
import io.atlaskv.engine.api.Durability;
import io.atlaskv.engine.api.Loss;
import io.atlaskv.engine.api.Options;
import io.atlaskv.engine.internal.db.Engine;
import io.atlaskv.engine.internal.db.EngineOpener;
import io.atlaskv.engine.internal.io.SystemPorts;
import io.atlaskv.redis.store.Batch;
import io.atlaskv.redis.store.EngineStore;
import io.atlaskv.redis.store.SimStore;
import io.atlaskv.redis.store.Store;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class CollectionIdsTest {
  private static final long SEED = Long.getLong("atlaskv.seed", 42);
  private static final int IN_FIRST_GROUP = 140; // of the first segment
  private static final Options OPTIONS = Options.DEFAULT.withDurability(Durability.OS);

  @Test
  void noIdIsGivenOutAgainThoughTheRecordThatReservedItIsLost() {
    try (SimStore store = SimStore.create(SEED, Durability.OS)) {
      long taken = CollectionIds.open(store).take();
      store.writeLog();
      writeRow(store);
      store.writeLog();
      try (SimStore damaged = store.afterDamage(SEED, "000001.log", IN_FIRST_GROUP)) {
        assertThat(damaged.hasLostWrites()).isTrue();
        assertThat(CollectionIds.open(damaged).take()).isGreaterThan(taken);
      }
    }
  }

  @Test
  void norAfterARepairThatLostTheRecord(@TempDir Path directory) throws IOException {
    long taken;
    try (Engine engine = EngineOpener.open(directory, OPTIONS)) {
      Store store = store(engine);
      taken = CollectionIds.open(store).take();
      store.writeLog();
      writeRow(store);
      store.writeLog();
    }
    Path segment = directory.resolve("000001.log");
    byte[] bytes = Files.readAllBytes(segment);
    bytes[IN_FIRST_GROUP] ^= 1;
    Files.write(segment, bytes);
    var losses = new ArrayList<Loss>();
    StoreTools.repair(directory, losses::add);
    assertThat(losses).isNotEmpty();
    try (Engine engine = EngineOpener.open(directory, OPTIONS)) {
      assertThat(engine.recoveryReport().losses()).isEmpty();
      assertThat(CollectionIds.open(store(engine)).take()).isGreaterThan(taken);
    }
  }

  private static Store store(Engine engine) {
    return new EngineStore(engine, () -> SystemPorts.directories(Path.of("unused")));
  }

  private static void writeRow(Store store) {
    Batch batch = store.newBatch();
    byte[] key = {0, 0, 0, 64, 'M', 1};
    batch.put(key, 0, key.length, 0);
    assertThat(store.commit(batch)).isPositive();
  }
}
