package io.atlaskv.engine.internal.wal;

import static io.atlaskv.engine.internal.wal.LogFixture.SMALL;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.api.RecoveryMode;
import io.atlaskv.engine.internal.io.FileName;
import io.atlaskv.engine.internal.io.Operation;
import io.atlaskv.engine.internal.io.Operation.Kind;
import java.util.List;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;

/// Segments that recovery no longer needs and that are kept all the same.
class LogRetentionTest {
  private static final int SEGMENT_BYTES = 4096;

  private static LogFixture keeping(int segments, long bytes) {
    return LogFixture.create(1, SMALL.withRetention(LogRetention.of(segments, bytes)));
  }

  /// Fills so many segments, makes them safe and releases them.
  private static void fill(LogFixture log, int segments) {
    long end = log.wal().currentSegment() + segments;
    while (log.wal().currentSegment() < end) {
      log.append(1, 500);
      assertTrue(log.wal().write());
    }
    log.release();
    log.world.scheduler().runUntilIdle();
  }

  private static List<Long> filesOf(LogFixture log) {
    return WalRecovery.segmentsIn(log.files);
  }

  private static List<Long> numbers(long from, long to) {
    return LongStream.rangeClosed(from, to).boxed().toList();
  }

  @Test
  void theNewestAreKeptByCount() {
    LogFixture log = keeping(3, 0);
    fill(log, 10); // 11 is current, 12 is ready
    assertEquals(numbers(8, 12), filesOf(log));
    assertEquals(numbers(8, 11), log.wal().history().stream().map(HistorySegment::number).toList());
    WalStatistics statistics = log.wal().statistics();
    assertEquals(3, statistics.keptSegments());
    assertEquals(3 * SEGMENT_BYTES, statistics.keptBytes());
    assertEquals(0, statistics.segmentsRecycled());
    assertEquals(7, statistics.segmentsDeleted());
  }

  @Test
  void theNewestAreKeptByBytes() {
    LogFixture log = keeping(0, 2 * SEGMENT_BYTES + 100);
    fill(log, 10);
    assertEquals(numbers(9, 12), filesOf(log));
    assertEquals(2, log.wal().statistics().keptSegments());
  }

  @Test
  void bothLimitsHold() {
    LogFixture log = keeping(4, 2 * SEGMENT_BYTES);
    fill(log, 10);
    assertEquals(2, log.wal().statistics().keptSegments());
  }

  @Test
  void withoutRetentionNoneIsKept() {
    LogFixture log = LogFixture.create(1, SMALL);
    fill(log, 10);
    assertEquals(0, log.wal().statistics().keptSegments());
    assertEquals(1, log.wal().history().size());
  }

  /// A flush asks where history begins before it syncs the log.
  @Test
  void segmentsThatAreNotYetSafeAreHistoryToo() {
    LogFixture log = keeping(3, 0);
    for (int segment = 1; segment <= 2; segment++) {
      log.append(1, 10);
      log.world.scheduler().runUntilIdle();
      assertTrue(log.wal().rotate());
      assertTrue(log.wal().write());
    }
    assertEquals(3, log.wal().currentSegment());
    assertEquals(1, log.wal().historyFrom(3));
    assertEquals(1, log.wal().historyFrom(2));
    assertTrue(log.writeAndSync());
    assertEquals(1, log.wal().historyFrom(3));
  }

  @Test
  void keptSegmentsSurviveARestartAndUnusedOnesDoNotCount() {
    LogFixture log = keeping(3, 0);
    fill(log, 5); // 3 to 5 kept, 6 current, 7 ready
    log.append(1, 10);
    assertTrue(log.close());
    log.recover(RecoveryMode.STRICT);
    assertEquals(8, log.wal().currentSegment());
    assertEquals(
        List.of(3L, 4L, 5L, 6L, 8L),
        log.wal().history().stream().map(HistorySegment::number).toList());
    log.release();
    log.world.scheduler().runUntilIdle();
    assertEquals(List.of(4L, 5L, 6L, 8L, 9L), filesOf(log));
    assertEquals(3, log.wal().statistics().keptSegments());
  }

  @Test
  void anUnusedSegmentThatIsHeldStays() {
    LogFixture log = keeping(3, 0);
    log.append(1, 10);
    log.world.scheduler().runUntilIdle();
    assertTrue(log.close());
    log.recover(RecoveryMode.STRICT); // 1 is used, 2 was ready
    log.append(1, 10);
    assertTrue(log.writeAndSync());
    log.wal().rotate();
    List<Long> held = log.wal().retainFrom(1);
    assertTrue(held.contains(2L), () -> "held: " + held);
    log.release();
    log.world.scheduler().runUntilIdle();
    held.forEach(number -> assertTrue(log.files.exists(FileName.log(number)), number::toString));
    held.forEach(log.wal()::unretain);
    log.world.scheduler().runUntilIdle();
    assertFalse(log.files.exists(FileName.log(2)));
  }

  @Test
  void aFullDiskEndsRetentionOldestFirst() {
    LogFixture log = keeping(100, 0);
    fill(log, 5); // 1 to 5 kept, 6 current, 7 ready
    log.files.capacity(8 * SEGMENT_BYTES);
    fill(log, 2); // the second one finds no room
    assertNull(log.wal().shortage());
    assertFalse(log.files.exists(FileName.log(1)));
    assertTrue(log.files.exists(FileName.log(5)));
    assertEquals(log.wal().currentSegment() + 1, filesOf(log).getLast());
    assertEquals(numbers(filesOf(log).getFirst(), filesOf(log).getLast()), filesOf(log));
  }

  @Test
  void aFullDiskStaysFullIfNothingIsKeptForHistoryOnly() {
    LogFixture log = keeping(100, 0);
    log.files.capacity(3 * SEGMENT_BYTES + 100);
    while (log.wal().shortage() == null) {
      log.append(1, 500);
      assertTrue(log.wal().write());
      log.world.scheduler().runFor(100_000);
    }
    assertNotNull(log.wal().shortage());
    assertEquals(numbers(1, 3), log.wal().segments());
  }

  @Test
  void aSegmentThatACheckpointHoldsIsNotPassedOver() {
    LogFixture log = keeping(100, 0);
    fill(log, 5);
    log.wal().retain(1);
    log.wal().yieldHistory();
    log.world.scheduler().runUntilIdle();
    assertEquals(numbers(1, 7), filesOf(log));
    log.wal().unretain(1);
    log.wal().yieldHistory();
    log.world.scheduler().runUntilIdle();
    assertEquals(numbers(2, 7), filesOf(log));
  }

  @Test
  void aDeletionIsSafeBeforeTheNext() {
    LogFixture log = keeping(2, 0);
    fill(log, 8);
    boolean isSafe = true;
    int deletions = 0;
    for (Operation operation : log.files.operations()) {
      if (operation.kind() == Kind.DELETE) {
        assertTrue(isSafe, operation::toString);
        deletions++;
      }
      isSafe =
          operation.kind() == Kind.SYNC_DIRECTORY || (isSafe && operation.kind() != Kind.DELETE);
    }
    assertEquals(6, deletions);
  }
}
