package io.atlaskv.engine.internal.db;

import static org.junit.jupiter.api.Assertions.assertEquals;

import io.atlaskv.engine.api.Compression;
import io.atlaskv.engine.api.Durability;
import io.atlaskv.engine.api.Options;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;

/// One list of operations gives the same history whatever the options, and whether the store is
/// never opened again, closed and opened, or killed and opened.
class DbMetamorphicTest {
  private static final long SEED = Long.getLong("atlaskv.seed", 1_000);
  private static final int LISTS = Integer.getInteger("atlaskv.metamorphic.lists", 4);
  private static final int STEPS = Integer.getInteger("atlaskv.metamorphic.steps", 2_000);
  private static final int SLOW_LISTS = 500;
  private static final long KIB = 1024;
  private static final long MIB = 1024 * KIB;

  private record Variant(String name, Options options, StorePlayer.Restarts restarts) {}

  private static final Options SMALL = RandomOptions.SMALL;

  private static final List<Variant> VARIANTS =
      List.of(
          new Variant(
              "defaults",
              Options.DEFAULT.withMemoryLimitBytes(64 * MIB).withLogSegmentBytes(MIB),
              StorePlayer.Restarts.NONE),
          new Variant("small", SMALL, StorePlayer.Restarts.NONE),
          new Variant("small, closed", SMALL, StorePlayer.Restarts.CLOSE),
          new Variant("small, killed", SMALL, StorePlayer.Restarts.KILL),
          new Variant(
              "uncompressed", SMALL.withCompression(Compression.NONE), StorePlayer.Restarts.DRAWN),
          new Variant("always", SMALL.withDurability(Durability.ALWAYS), StorePlayer.Restarts.KILL),
          new Variant("os", SMALL.withDurability(Durability.OS), StorePlayer.Restarts.KILL),
          new Variant(
              "a table for few writes",
              SMALL.withMemtableEntriesMax(7),
              StorePlayer.Restarts.DRAWN),
          new Variant(
              "all in one memtable",
              SMALL.withMemtableBytes(8 * MIB).withLogSegmentBytes(8 * MIB),
              StorePlayer.Restarts.NONE),
          new Variant(
              "one memtable recovered",
              SMALL.withMemtableBytes(8 * MIB).withLogSegmentBytes(8 * MIB),
              StorePlayer.Restarts.KILL),
          new Variant(
              "rows instead of blocks",
              SMALL.withRowCacheBytes(256 << 10).withMemtableEntriesMax(50).withRowChecksums(true),
              StorePlayer.Restarts.DRAWN),
          new Variant(
              "large tables, large cache",
              SMALL.withTableBytes(4 * MIB).withBlockCacheBytes(4 * MIB),
              StorePlayer.Restarts.DRAWN),
          new Variant(
              "large memtables, small segments",
              SMALL.withMemtableBytes(4 * MIB).withMemtableEntriesMax(300),
              StorePlayer.Restarts.CLOSE),
          new Variant(
              "a table for each second",
              SMALL.withMemtableAgeMax(Duration.ofSeconds(1)),
              StorePlayer.Restarts.DRAWN),
          new Variant(
              "two hours of history",
              SMALL.withMemtableEntriesMax(20).withHistoryWindow(Duration.ofHours(2)),
              StorePlayer.Restarts.DRAWN),
          new Variant(
              "all of history",
              SMALL.withMemtableEntriesMax(20).withHistoryWindow(Duration.ofDays(3_650)),
              StorePlayer.Restarts.DRAWN),
          new Variant(
              "a second of history, killed",
              SMALL.withMemtableEntriesMax(20).withHistoryWindow(Duration.ofSeconds(1)),
              StorePlayer.Restarts.KILL));

  @Test
  void optionsDoNotChangeHistories() {
    compareAll(LISTS);
  }

  @Test
  @Tag("slow")
  void optionsDoNotChangeHistoriesForLong() {
    compareAll(SLOW_LISTS);
  }

  private static void compareAll(int lists) {
    for (long seed = SEED; seed < SEED + lists; seed++) {
      compare(seed);
    }
    System.out.println(
        "DbMetamorphicTest: "
            + lists
            + " lists of "
            + STEPS
            + " steps under "
            + VARIANTS.size()
            + " option sets, seeds from "
            + SEED);
  }

  private static void compare(long seed) {
    List<Step> steps = Script.of(seed, STEPS);
    var expected = new ArrayList<String>();
    try (var model = new ModelPlayer()) {
      steps.forEach(step -> expected.add(model.play(step)));
    }
    for (Variant variant : VARIANTS) {
      play(seed, steps, expected, variant);
    }
  }

  private static void play(long seed, List<Step> steps, List<String> expected, Variant variant) {
    String replay =
        "replay: ./mvnw test -pl engine -am -Dtest=DbMetamorphicTest#optionsDoNotChangeHistories"
            + " -Datlaskv.metamorphic.lists=1 -Datlaskv.seed="
            + seed;
    var player = new StorePlayer(seed, variant.options, variant.restarts);
    int done = 0;
    try {
      for (; done < steps.size(); done++) {
        String found = player.play(steps.get(done));
        if (!Player.isRight(expected.get(done), found)) {
          assertEquals(expected.get(done), found, where(variant, steps, done) + replay);
        }
      }
    } catch (RuntimeException e) {
      throw new AssertionError(where(variant, steps, done) + replay, e);
    } finally {
      if (done == steps.size()) {
        player.close();
      } else {
        player.abandon();
      }
    }
  }

  private static String where(Variant variant, List<Step> steps, int step) {
    return "options '" + variant.name + "', step " + step + ", " + steps.get(step) + ", ";
  }
}
