package io.atlaskv.engine.internal.db;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.api.Options;
import java.util.List;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// Random histories under random options, step by step against sorted maps. Everything is in one
/// thread from one seed: the simulator mixes background work into the steps.
class DbModelTest {
  private static final long SEED = Long.getLong("atlaskv.seed", 42);
  private static final int HISTORIES = Integer.getInteger("atlaskv.model.histories", 25);
  private static final int STEPS = Integer.getInteger("atlaskv.model.steps", 2_000);
  private static final int SLOW_FACTOR = 50;
  private static final int HISTORIES_WITH_PAST = 20; // half of all option sets keep history
  private static final int REPLAYED = 100; // what differs in one seed of 25 is met

  @Test
  void everyAnswerIsThatOfSortedMaps() {
    playAll(HISTORIES);
  }

  @Test
  @Tag("slow")
  void everyAnswerIsThatOfSortedMapsForLong() {
    playAll(HISTORIES * SLOW_FACTOR);
  }

  /// The same seed gives the same run: without it a seed in a failure message is worth nothing.
  @Test
  void aHistoryCanBeReplayed() {
    for (long seed = SEED; seed < SEED + REPLAYED; seed++) {
      assertEquals(trace(seed), trace(seed), "two runs of seed " + seed);
    }
  }

  private static void playAll(int histories) {
    long steps = 0;
    long pastReads = 0;
    for (long seed = SEED; seed < SEED + histories; seed++) {
      Played played = play(seed);
      steps += played.steps();
      pastReads += played.pastReads();
    }
    System.out.println(
        "DbModelTest: "
            + histories
            + " histories, "
            + steps
            + " steps, "
            + pastReads
            + " reads of the past, seeds from "
            + SEED);
    assertTrue(pastReads > 0 || histories < HISTORIES_WITH_PAST, "no read of the past");
  }

  private static String replay(long seed, int step) {
    return "step "
        + step
        + "; replay: ./mvnw test -pl engine -am -Dtest=DbModelTest#everyAnswerIsThatOfSortedMaps"
        + " -Datlaskv.model.histories=1 -Datlaskv.seed="
        + seed;
  }

  private record Played(int steps, int pastReads) {}

  private static Played play(long seed) {
    List<Step> steps = Script.of(seed, STEPS);
    Options options = RandomOptions.of(seed);
    var store = new StorePlayer(seed, options, StorePlayer.Restarts.DRAWN);
    int done = 0;
    boolean isRight = false;
    try (var model = new ModelPlayer()) {
      for (Step step : steps) {
        String expected = model.play(step);
        String found = store.play(step);
        if (!Player.isRight(expected, found)) {
          assertEquals(expected, found);
        }
        done++;
      }
      isRight = true;
    } catch (RuntimeException | AssertionError e) {
      throw new AssertionError(
          steps.get(done) + " under " + options + ", " + replay(seed, done), e);
    } finally {
      if (isRight) {
        store.close();
      } else {
        store.abandon();
      }
    }
    return new Played(done, store.pastReads());
  }

  private static long trace(long seed) {
    var player = new StorePlayer(seed, RandomOptions.of(seed), StorePlayer.Restarts.DRAWN);
    for (Step step : Script.of(new SplittableRandom(seed).nextLong(), STEPS / 4)) {
      player.play(step);
    }
    player.close();
    return player.trace();
  }
}
