package io.atlaskv.engine.internal.wal;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.api.CorruptionException;
import io.atlaskv.engine.api.RecoveryMode;
import io.atlaskv.engine.internal.io.FaultFileSystem;
import io.atlaskv.engine.internal.io.FileName;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/// Damages every byte of a small log in three ways. Recovery refuses, naming a place, or finds all
/// that the rest of the log says was safe; never anything that was not written.
class LogDamageTest {
  private static final long SEED = Long.getLong("atlaskv.seed", 42);
  private static final int SECTOR_BYTES = 512;
  private static final int SAFE = 30;

  private final LogFixture log = LogFixture.create(SEED, LogFixture.SMALL);
  private int refused;
  private int accepted;

  @BeforeEach
  void write() {
    log.files.withoutHistory();
    for (int i = 0; i < 15; i++) {
      log.append(2, 60 + i * 20);
      if (i % 5 == 3) {
        log.appendCounter();
      }
      log.wal().write();
    }
    log.writeAndSync();
    assertEquals(SAFE, log.wal().durableSequence());
    assertTrue(log.wal().currentSegment() > 1);
  }

  /// Three more groups, not synced; the first of them says that all before is safe.
  private void writeUnsafeTail() {
    for (int i = 0; i < 3; i++) {
      log.append(1, 100);
      log.wal().write();
    }
    log.files.kill();
  }

  @Test
  void sealedLogIsReadAsAWholeOrRefused() {
    log.close();
    damageAll(RecoveryMode.TOLERATE_UNSYNCED_TAIL, log.appended.size());
    damageAll(RecoveryMode.STRICT, log.appended.size());
    assertTrue(refused > 5_000, "refused=" + refused);
  }

  @Test
  void unsealedLogIsReadThroughWhatWasSafe() {
    writeUnsafeTail();
    damageAll(RecoveryMode.TOLERATE_UNSYNCED_TAIL, log.appended.indexOf("" + SAFE) + 1);
    assertTrue(refused > 5_000, "refused=" + refused);
    assertTrue(accepted > 200, "accepted=" + accepted);
  }

  @Test
  void strictModeReadsAnUnsealedLogAsAWholeOrRefuses() {
    writeUnsafeTail();
    damageAll(RecoveryMode.STRICT, log.appended.size());
    assertTrue(refused > 5_000, "refused=" + refused);
  }

  @Test
  void zeroedSectorsNeverShortenWhatWasSafe() {
    writeUnsafeTail();
    int safe = log.appended.indexOf("" + SAFE) + 1;
    for (long segment : log.wal().segments()) {
      String name = FileName.log(segment);
      byte[] original = log.files.contents(name);
      for (int at = 0; at < original.length; at += SECTOR_BYTES) {
        byte[] damaged = original.clone();
        Arrays.fill(damaged, at, at + SECTOR_BYTES, (byte) 0);
        tryDamaged(name, damaged, RecoveryMode.TOLERATE_UNSYNCED_TAIL, safe, "zero sector " + at);
      }
      log.files.put(name, original);
    }
    assertTrue(refused > 5, "refused=" + refused);
  }

  @Test
  void randomDamageOfManyBytesIsNeverAWrongAnswer() {
    writeUnsafeTail();
    var random = new Random(SEED);
    var names = log.files.list();
    for (int round = 0; round < 2_000; round++) {
      String name = names.get(random.nextInt(names.size()));
      byte[] original = log.files.contents(name);
      byte[] damaged = original.clone();
      for (int i = 1 + random.nextInt(20); i > 0; i--) {
        damaged[random.nextInt(damaged.length)] = (byte) random.nextInt();
      }
      tryDamaged(name, damaged, RecoveryMode.TOLERATE_UNSYNCED_TAIL, 0, "round " + round);
      log.files.put(name, original);
    }
    assertTrue(refused > 100 && accepted > 100, "refused=" + refused + " accepted=" + accepted);
  }

  private void damageAll(RecoveryMode mode, int expectedAtLeast) {
    for (String name : log.files.list()) {
      byte[] original = log.files.contents(name);
      for (int at = 0; at < usedBytes(original); at++) {
        byte[] flipped = original.clone();
        flipped[at] ^= (byte) (1 << at % Byte.SIZE);
        tryDamaged(name, flipped, mode, expectedAtLeast, "flip " + at);
        byte[] zeroed = original.clone();
        zeroed[at] = 0;
        tryDamaged(name, zeroed, mode, expectedAtLeast, "zero " + at);
        tryDamaged(name, Arrays.copyOf(original, at), mode, expectedAtLeast, "cut " + at);
      }
      log.files.put(name, original);
    }
  }

  /// What lies behind is zero and read by nobody, but for a group's worth.
  private static int usedBytes(byte[] segment) {
    int used = segment.length;
    while (used > 0 && segment[used - 1] == 0) {
      used--;
    }
    return Math.min(segment.length, used + 2 * LogGroupFormat.HEADER_BYTES);
  }

  private void tryDamaged(
      String name, byte[] damaged, RecoveryMode mode, int expectedAtLeast, String what) {
    FaultFileSystem files = log.files;
    files.put(name, damaged);
    var history = new ArrayList<String>();
    try {
      log.read(mode, history);
    } catch (CorruptionException e) {
      refused++;
      assertTrue(e.file().endsWith(".log") && e.offset() >= 0, () -> what + ": " + e.getMessage());
      return;
    }
    accepted++;
    int end = log.historyEnd(history);
    assertTrue(end >= expectedAtLeast, () -> name + " " + what + ": shortened to " + history);
  }
}
