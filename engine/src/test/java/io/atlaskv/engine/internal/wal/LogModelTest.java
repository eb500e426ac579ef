package io.atlaskv.engine.internal.wal;

import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.api.RecoveryMode;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;

/// Random use of a log through many lives that end in a close, a kill or a power cut, against a
/// list of what was appended.
class LogModelTest {
  private static final long SEED = Long.getLong("atlaskv.seed", 42);
  private static final int RUNS = Integer.getInteger("atlaskv.model.runs", 150);
  private static final int STEPS = 150;
  private static final long MILLI_NANOS = 1_000_000;

  private int lives;
  private int shortened;

  @Test
  void randomLivesLoseNothingSafe() {
    for (int run = 0; run < RUNS; run++) {
      long seed = SEED + run;
      try {
        live(seed);
      } catch (RuntimeException | AssertionError e) {
        throw new AssertionError("rerun: -Dtest=LogModelTest -Datlaskv.seed=" + seed, e);
      }
    }
    assertTrue(lives > RUNS * 3, "lives=" + lives);
    assertTrue(shortened > RUNS / 10, "shortened=" + shortened);
  }

  private void live(long seed) {
    var random = new SplittableRandom(seed);
    LogFixture log = LogFixture.create(seed, options(random));
    log.files.withoutHistory();
    for (int step = 0; step < STEPS; step++) {
      log = step(log, random);
    }
    assertTrue(log.close());
    log.check(RecoveryMode.STRICT);
  }

  private static WalOptions options(SplittableRandom random) {
    long first = 4096L << random.nextInt(2);
    return new WalOptions(
        first,
        first << random.nextInt(3),
        random.nextInt(40_000),
        random.nextInt(10_000),
        256 << random.nextInt(4),
        MILLI_NANOS,
        MILLI_NANOS);
  }

  private LogFixture step(LogFixture log, SplittableRandom random) {
    switch (random.nextInt(40)) {
      case 0 -> {
        log.files.kill();
        return reopen(log, log.after(log.files, random.nextLong(), log.known()));
      }
      case 1, 2 -> {
        LogFixture.Known known = log.known();
        return reopen(log, log.after(log.files.crash(random.nextLong()), random.nextLong(), known));
      }
      case 3 -> {
        assertTrue(log.close());
        return reopen(log, log.after(log.files, random.nextLong(), log.known()));
      }
      case 4 -> log.release();
      case 5 -> log.world.scheduler().runFor(3 * MILLI_NANOS);
      case 6, 7 -> log.appendCounter();
      case 8, 9, 10 -> log.writeAndSync();
      case 11 -> log.wal().requestSync();
      case 12, 13, 14, 15 -> log.wal().write();
      case 16 -> log.append(1, random.nextInt(20_000));
      case 17, 18, 19, 20, 21 -> log.world.scheduler().step();
      default -> log.append(random.nextInt(1, 4), random.nextInt(400));
    }
    return log;
  }

  private LogFixture reopen(LogFixture before, LogFixture after) {
    after.files.withoutHistory();
    int appended = before.appended.size();
    after.recover(RecoveryMode.TOLERATE_UNSYNCED_TAIL);
    lives++;
    if (after.appended.size() < appended) {
      shortened++;
    }
    return after;
  }
}
