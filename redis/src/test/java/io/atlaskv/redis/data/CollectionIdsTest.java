package io.atlaskv.redis.data;

import static org.assertj.core.api.Assertions.assertThat;

import io.atlaskv.engine.api.Durability;
import io.atlaskv.redis.store.Batch;
import io.atlaskv.redis.store.SimStore;
import org.junit.jupiter.api.Test;

class CollectionIdsTest {
  private static final long SEED = Long.getLong("atlaskv.seed", 42);
  private static final int IN_FIRST_GROUP = 140; // of the first segment

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

  private static void writeRow(SimStore store) {
    Batch batch = store.newBatch();
    byte[] key = {0, 0, 0, 64, 'M', 1};
    batch.put(key, 0, key.length, 0);
    assertThat(store.commit(batch)).isPositive();
  }
}
