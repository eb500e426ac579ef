package io.atlaskv.engine.internal.db;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.atlaskv.engine.api.Options;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Checkpoints in the middle of random histories, with restarts, several namespaces, range deletes:
/// each holds what the model held when it was made, is a store of its own, and does not change when
/// the store goes on; nor does the store when a checkpoint is written to.
class CheckpointModelTest {
  private static final long SEED = Long.getLong("atlaskv.seed", 42);
  private static final int HISTORIES = Integer.getInteger("atlaskv.model.histories", 25);
  private static final int STEPS = 400;
  private static final int CHECKPOINT_EACH = 40;

  @Test
  void eachHoldsItsMoment() {
    int made = 0;
    for (long seed = SEED; seed < SEED + HISTORIES; seed++) {
      try {
        made += play(seed);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError(
            "replay: ./mvnw test -pl engine -am -Dtest=CheckpointModelTest"
                + " -Datlaskv.model.histories=1 -Datlaskv.seed="
                + seed,
            e);
      }
    }
    System.out.println("CheckpointModelTest: " + made + " checkpoints, seeds from " + SEED);
  }

  private static int play(long seed) {
    var random = new SplittableRandom(seed);
    Options options = RandomOptions.of(seed);
    var store = new StorePlayer(seed, options, StorePlayer.Restarts.DRAWN);
    var made = new LinkedHashMap<String, StoreModel>();
    int count = 0;
    try (var model = new ModelPlayer()) {
      for (Step step : Script.of(seed, STEPS)) {
        String expected = model.play(step);
        String found = store.play(step);
        if (!Player.isRight(expected, found)) {
          assertEquals(expected, found, step::toString);
        }
        if (random.nextInt(CHECKPOINT_EACH) == 0) {
          String name = "c" + count++;
          store.checkpoint(name);
          made.put(name, model.model().copy());
          if (random.nextBoolean()) {
            check(store, name, model.model(), random.nextBoolean());
            made.remove(name);
          }
        }
      }
      for (Map.Entry<String, StoreModel> one : made.entrySet()) {
        check(store, one.getKey(), one.getValue(), true);
      }
      assertEquals("", model.model().difference(StoreModel.readAllWays(store.db())));
      return count;
    } finally {
      store.abandon();
    }
  }

  private static void check(
      StorePlayer store, String name, StoreModel expected, boolean isWrittenTo) {
    expected.pass(store.hour()); // what was alive then may have expired since
    try (SimStore copy = store.openCheckpoint(name)) {
      assertEquals("", expected.difference(StoreModel.readAllWays(copy.db())), name);
      assertEquals(0, copy.db().recoveryReport().droppedGroups(), name);
      if (isWrittenTo) {
        copy.db().clear();
        copy.db().put(new byte[] {1}, new byte[] {2});
        copy.db().compact();
      }
    }
  }
}
