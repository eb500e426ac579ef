package io.atlaskv.engine.internal.wal;

import io.atlaskv.engine.api.RecoveryMode;

/// What a store may do with its log. Each ends early if the log fails.
enum LogWorkload {
  SYNC_EACH,
  SYNC_SOME,
  BIG_GROUPS,
  COUNTERS_AND_MARKS,
  RECYCLE,
  CLOSE_AND_REOPEN,
  HUGE_BATCH;

  private static final long MILLI_NANOS = 1_000_000;

  void run(LogFixture log) {
    switch (this) {
      case SYNC_EACH -> {
        for (int i = 0; i < 12; i++) {
          log.append(1 + i % 2, i * 30);
          log.writeAndSync();
        }
      }
      case SYNC_SOME -> {
        for (int i = 0; i < 30; i++) {
          log.append(1, 40 + i * 10);
          log.wal().write();
          if (i % 7 == 6) {
            log.writeAndSync();
          }
        }
      }
      case BIG_GROUPS -> {
        for (int i = 0; i < 10; i++) {
          log.append(2, 700);
          log.append(1, 900);
          if (i % 3 == 0) {
            log.writeAndSync();
          } else {
            log.wal().write();
          }
        }
      }
      case COUNTERS_AND_MARKS -> {
        for (int i = 0; i < 8; i++) {
          log.append(1, 100);
          log.appendCounter();
          log.writeAndSync();
          if (i % 2 == 0) {
            log.world.scheduler().runFor(10 * MILLI_NANOS);
          }
        }
      }
      case RECYCLE -> {
        for (int i = 0; i < 36; i++) {
          log.append(1, 900);
          log.wal().write();
          if (i % 6 == 5) {
            log.writeAndSync();
            log.release();
            log.world.scheduler().runUntilIdle();
          }
        }
      }
      case CLOSE_AND_REOPEN -> {
        for (int i = 0; i < 3; i++) {
          log.append(3, 500);
          log.wal().write();
          log.append(2, 600);
          if (!log.close()) {
            return;
          }
          log.recover(RecoveryMode.STRICT);
        }
      }
      case HUGE_BATCH -> {
        log.append(1, 10);
        log.append(1, 9000);
        log.append(1, 10);
        log.writeAndSync();
        log.append(1, 12_000);
        log.wal().write();
        log.append(1, 10);
        log.wal().write();
      }
    }
  }
}
