package io.atlaskv.engine.internal.wal;

import static io.atlaskv.engine.internal.wal.LogFixture.SMALL;
import static io.atlaskv.engine.internal.wal.LogFixture.upTo;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.api.ClosedException;
import io.atlaskv.engine.api.CorruptionException;
import io.atlaskv.engine.api.ReadOnlyException;
import io.atlaskv.engine.api.RecoveryMode;
import io.atlaskv.engine.internal.base.BatchBuilder;
import io.atlaskv.engine.internal.io.Fault;
import io.atlaskv.engine.internal.io.FileName;
import io.atlaskv.engine.internal.io.Operation;
import io.atlaskv.engine.internal.io.Operation.Kind;
import io.atlaskv.engine.internal.io.SimPorts;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import org.junit.jupiter.api.Test;

class WalTest {
  private static final long SECOND_NANOS = 1_000_000_000;

  private final LogFixture log = LogFixture.create(1, SMALL);
  private final Wal wal = log.wal();

  @Test
  void appendTouchesNoFile() {
    log.world.scheduler().runUntilIdle();
    int before = log.files.operationCount();
    log.append(1, 10);
    log.append(2, 10);
    assertEquals(before, log.files.operationCount());
    assertEquals(0, wal.writtenSequence());
  }

  @Test
  void pendingAppendsAreOneWrite() {
    int before = log.files.count(Kind.WRITE);
    log.append(1, 10);
    log.append(2, 10);
    assertTrue(wal.write());
    assertEquals(before + 1, log.files.count(Kind.WRITE));
    assertEquals(3, wal.writtenSequence());
    assertEquals(0, wal.durableSequence());
    assertTrue(wal.write());
    assertEquals(before + 1, log.files.count(Kind.WRITE));
  }

  @Test
  void oneSyncCoversAllThatIsWritten() {
    int before = log.files.count(Kind.SYNC);
    for (int i = 0; i < 5; i++) {
      log.append(1, 10);
      assertTrue(wal.write());
    }
    log.append(1, 10); // pending: not covered
    assertTrue(wal.sync());
    assertEquals(before + 1, log.files.count(Kind.SYNC));
    assertEquals(5, wal.durableSequence());
    assertTrue(wal.sync());
    assertEquals(before + 1, log.files.count(Kind.SYNC));
  }

  @Test
  void requestedSyncRunsInTheBackground() {
    log.append(1, 10);
    assertTrue(wal.write());
    wal.requestSync();
    assertEquals(0, wal.durableSequence());
    log.world.scheduler().runUntil(() -> wal.durableSequence() == 1);
    int syncs = log.files.count(Kind.SYNC);
    wal.requestSync();
    log.world.scheduler().runFor(SECOND_NANOS);
    assertEquals(syncs, log.files.count(Kind.SYNC));
  }

  @Test
  void appendsThroughManySegmentsComeBack() {
    for (int i = 0; i < 200; i++) {
      log.append(1 + i % 3, i * 7 % 300);
      if (i % 4 == 0) {
        assertTrue(wal.write());
      }
    }
    wal.close();
    assertTrue(wal.statistics().segmentSwitches() > 10, wal.statistics()::toString);
    var history = new ArrayList<String>();
    RecoveredLog recovered = log.read(RecoveryMode.STRICT, history);
    assertEquals(upTo(log.nextSequence - 1), history);
    assertTrue(recovered.isSealed());
    assertNull(recovered.damage());
    assertEquals(log.nextSequence - 1, recovered.durableThrough());
  }

  @Test
  void killedProcessLosesNothingWritten() {
    for (int i = 0; i < 50; i++) {
      log.append(1, 100);
    }
    assertTrue(wal.write());
    log.append(1, 100); // was never handed to the kernel
    log.files.kill();
    var history = new ArrayList<String>();
    RecoveredLog recovered = log.read(RecoveryMode.STRICT, history);
    assertEquals(upTo(50), history);
    assertFalse(recovered.isSealed());
  }

  @Test
  void countersTakeNoSequenceAndKeepTheirPlace() {
    log.append(1, 1);
    log.appendCounter();
    assertTrue(wal.write());
    log.appendCounter();
    assertTrue(wal.write());
    log.append(1, 1);
    wal.close();
    var history = new ArrayList<String>();
    assertEquals(2, log.read(RecoveryMode.STRICT, history).lastSequence());
    assertEquals(List.of("1", "+1", "+2", "2"), history);
  }

  @Test
  void hugeBatchGetsASegmentOfItsOwnAndItsMemoryIsGivenBack() {
    log.append(1, 10);
    log.append(1, 64 << 20);
    log.append(1, 10);
    wal.close();
    var history = new ArrayList<String>();
    assertEquals(3, log.read(RecoveryMode.STRICT, history).lastSequence());
    assertEquals(upTo(3), history);
  }

  @Test
  void noRoomIsToldBeforeAnythingIsDone() {
    try (var batch = new BatchBuilder()) {
      LogFixture.put(batch, 1, 10_000);
      batch.finish();
      assertFalse(wal.hasRoom(batch.length()));
      assertThrows(
          IllegalStateException.class, () -> wal.append(1, 1, batch.segment(), batch.length()));
      log.world.scheduler().runUntil(() -> wal.hasRoom(batch.length()));
      wal.append(1, 1, batch.segment(), batch.length());
    }
    assertTrue(wal.write());
  }

  @Test
  void sequencesMustFollowEachOther() {
    try (var batch = new BatchBuilder()) {
      batch.finish();
      assertThrows(
          IllegalArgumentException.class, () -> wal.append(2, 1, batch.segment(), batch.length()));
    }
  }

  @Test
  void failedWriteIsForGood() {
    log.append(1, 10);
    assertTrue(wal.write());
    log.files.fail(op -> op.kind() == Kind.WRITE, Fault.EIO);
    log.append(1, 10);
    assertFalse(wal.write());
    assertNotNull(wal.failure());
    int operations = log.files.operationCount();
    assertFalse(wal.write());
    assertFalse(wal.sync());
    assertFalse(wal.hasRoom(1));
    assertFalse(log.append(1, 10));
    assertThrows(ReadOnlyException.class, () -> appendAnyway(wal));
    wal.close();
    assertEquals(operations, log.files.operationCount());
    assertEquals(1, wal.writtenSequence());
    assertEquals(0, wal.durableSequence());
  }

  @Test
  void failedSyncIsNeverRepeated() {
    log.append(1, 10);
    assertTrue(wal.write());
    log.files.fail(op -> op.kind() == Kind.SYNC, Fault.EIO);
    wal.requestSync();
    log.world.scheduler().runFor(SECOND_NANOS);
    assertNotNull(wal.failure());
    int syncs = log.files.count(Kind.SYNC);
    assertFalse(wal.sync());
    wal.requestSync();
    log.world.scheduler().runFor(SECOND_NANOS);
    assertEquals(syncs, log.files.count(Kind.SYNC));
    assertEquals(0, wal.durableSequence());
  }

  @Test
  void failureWhileClosingIsTold() {
    log.append(1, 10);
    log.files.fail(op -> op.kind() == Kind.SYNC, Fault.EIO);
    var thrown = assertThrows(ReadOnlyException.class, wal::close);
    assertSame(wal.failure(), thrown.getCause());
  }

  @Test
  void closedLogRefusesAppends() {
    log.append(1, 10);
    wal.close();
    wal.close();
    assertThrows(ClosedException.class, () -> appendAnyway(wal));
  }

  /// The task that makes the next segment may stand anywhere when the log is closed.
  @Test
  void closedLogHasNoFileOpenWhereverItsTaskStood() {
    for (int seed = 0; seed < 10; seed++) {
      for (int steps = 0; steps < 30; steps++) {
        LogFixture fixture = LogFixture.create(seed, LogFixture.SMALL);
        for (int i = 0; i < 8; i++) {
          fixture.append(1, 300);
        }
        for (int i = 0; i < steps; i++) {
          fixture.world.scheduler().step();
        }
        assertTrue(fixture.close());
        fixture.world.scheduler().close(); // drops what is queued, as the store's end does
        assertEquals(0, fixture.files.openFiles(), "seed " + seed + ", steps " + steps);
      }
    }
  }

  /// Whoever closes the log may be slow to go on when the seal is safe.
  @Test
  void noMarkIsWrittenBehindTheSeal() {
    var world = SimPorts.create(1);
    var isLate = new AtomicBoolean();
    Runnable listener =
        () -> {
          if (isLate.compareAndSet(true, false)) {
            world.scheduler().runFor(SECOND_NANOS);
            isLate.set(true);
          }
        };
    var none = WalRecovery.none(world.files());
    var closed = new Wal(world.ports(), LogFixture.SMALL, LogFixture.STORE, none, listener);
    try (var batch = new BatchBuilder()) {
      LogFixture.put(batch, 1, 10);
      batch.finish();
      closed.append(1, 1, batch.segment(), batch.length());
    }
    isLate.set(true);
    closed.close();
    assertEquals(3, closed.statistics().groups(), "the batch, a mark, the seal");
  }

  @Test
  void idleLogSaysThatAllIsSafe() {
    log.append(1, 10);
    assertTrue(wal.write());
    assertTrue(wal.sync());
    log.world.scheduler().runFor(SECOND_NANOS);
    long end = wal.liveBytes();
    log.world.scheduler().runFor(SECOND_NANOS);
    assertEquals(end, wal.liveBytes());
    log.files.kill();
    log.files.flip("000001.log", LogGroupFormat.FIRST_OFFSET + 50, 1);
    var thrown =
        assertThrows(
            CorruptionException.class,
            () -> log.read(RecoveryMode.TOLERATE_UNSYNCED_TAIL, new ArrayList<>()));
    assertEquals("000001.log", thrown.file());
    assertEquals(LogGroupFormat.FIRST_OFFSET, thrown.offset());
  }

  @Test
  void releasedSegmentsAreUsedAgain() {
    for (int round = 0; round < 20; round++) {
      for (int i = 0; i < 20; i++) {
        log.append(1, 300);
        assertTrue(wal.write());
      }
      assertTrue(wal.sync());
      log.release();
      log.world.scheduler().runUntilIdle();
    }
    WalStatistics statistics = wal.statistics();
    assertTrue(statistics.segmentsRecycled() > 20, statistics::toString);
    assertTrue(statistics.segmentsMade() < 10, statistics::toString);
    assertTrue(log.files.list().size() < 10);
    wal.close();
    var history = new ArrayList<String>();
    log.read(RecoveryMode.STRICT, history);
    assertEquals(upTo(400).subList(400 - history.size(), 400), history);
  }

  @Test
  void unsafeSegmentsAreNotReleased() {
    for (int i = 0; i < 40; i++) {
      log.append(1, 300);
      assertTrue(wal.write());
    }
    wal.releaseBelow(wal.currentSegment());
    assertEquals(1, wal.segments().getFirst());
    assertTrue(wal.sync());
    assertEquals(List.of(wal.currentSegment()), wal.segments());
  }

  @Test
  void retainedSegmentIsDeletedLaterAndNeverUsedAgain() {
    wal.retain(1);
    for (int i = 0; i < 40; i++) {
      log.append(1, 300);
      assertTrue(wal.write());
    }
    assertTrue(wal.sync());
    log.files.link("000001.log", log.files.directory("backup"), "000001.log");
    byte[] before = log.files.contents("000001.log");
    log.release();
    log.world.scheduler().runUntilIdle();
    assertTrue(log.files.exists("000001.log"));
    wal.unretain(1);
    for (int i = 0; i < 100; i++) {
      log.append(1, 300);
      assertTrue(wal.write());
    }
    log.world.scheduler().runUntilIdle();
    assertFalse(log.files.exists("000001.log"));
    assertArrayEquals(before, log.files.directory("backup").contents("000001.log"));
  }

  @Test
  void segmentsOfEarlierRunsAreDeleted() {
    log.append(1, 10);
    wal.close();
    log.recover(RecoveryMode.STRICT);
    log.append(1, 10);
    assertTrue(log.wal().write());
    log.wal().releaseBelow(log.wal().currentSegment());
    log.world.scheduler().runUntilIdle();
    assertFalse(log.files.exists("000001.log"));
    assertEquals(0, log.wal().statistics().segmentsRecycled());
  }

  @Test
  void fullDiskRefusesBeforeItTakesAndGoesOnWhenThereIsSpace() {
    log.files.capacity(10 << 10);
    try (var batch = new BatchBuilder()) {
      LogFixture.put(batch, 1, 1000);
      batch.finish();
      long sequence = 1;
      while (hasRoomInASecond(batch)) {
        wal.append(sequence++, 1, batch.segment(), batch.length());
        assertTrue(wal.write());
        log.world.scheduler().runUntilIdle();
      }
      assertNotNull(wal.shortage());
      assertNull(wal.failure());
      log.files.capacity(100 << 10);
      log.world.scheduler().runUntil(() -> wal.hasRoom(batch.length()));
      assertNull(wal.shortage());
      wal.append(sequence, 1, batch.segment(), batch.length());
      assertTrue(wal.write());
      assertTrue(wal.sync());
    }
  }

  private boolean hasRoomInASecond(BatchBuilder batch) {
    if (!wal.hasRoom(batch.length())) {
      log.world.scheduler().runFor(SECOND_NANOS);
    }
    return wal.hasRoom(batch.length());
  }

  @Test
  void segmentGetsItsBlocksShortlyBeforeTheyAreNeeded() {
    var large = new WalOptions(64 << 10, 64 << 10, 0, 8 << 10, 256, 1L << 40, 1L << 50);
    LogFixture lazy = LogFixture.create(3, large);
    int written = 0;
    for (int i = 0; i < 40; i++) {
      lazy.append(1, 1000);
      written += 1000;
      lazy.world.scheduler().runUntilIdle();
      long zeroed = zeroedBytes(lazy, "000001.log");
      assertTrue(zeroed >= written, zeroed + " of " + written);
      assertTrue(zeroed <= written + (16 << 10), zeroed + " for " + written);
    }
  }

  @Test
  void batchThatIsLargerThanTheBlocksAheadWaitsForItsOwn() {
    var large = new WalOptions(64 << 10, 64 << 10, 0, 4 << 10, 256, 1L << 40, 1L << 50);
    LogFixture lazy = LogFixture.create(4, large);
    try (var batch = new BatchBuilder()) {
      LogFixture.put(batch, 1, 40_000);
      batch.finish();
      for (int sequence = 1; sequence <= 3; sequence++) { // one each segment
        assertFalse(lazy.wal().hasRoom(batch.length()));
        lazy.world.scheduler().runUntil(() -> lazy.wal().hasRoom(batch.length()));
        lazy.wal().append(sequence, 1, batch.segment(), batch.length());
        assertTrue(lazy.wal().write());
        String name = "00000" + sequence + ".log";
        assertTrue(zeroedBytes(lazy, name) > batch.length(), name);
      }
    }
  }

  /// Zeroes on their way to the end of the segment must not meet a batch that is there already.
  @Test
  void batchThatJustFitsWaitsForItsBlocksThoughTheNextSegmentIsReady() {
    int size = (int) WalOptions.DEFAULT.firstSegmentBytes();
    int atOnce = 0;
    for (int left = 100; left <= 400; left += LogGroupFormat.ALIGNMENT) {
      LogFixture lazy = LogFixture.create(6, WalOptions.DEFAULT);
      lazy.world.scheduler().runUntilIdle(); // the next segment is ready, without a hole
      lazy.append(1, 10); // and the growth of this one is asked for
      try (var batch = new BatchBuilder()) {
        LogFixture.put(batch, 2, size - left);
        batch.finish();
        atOnce += lazy.wal().hasRoom(batch.length()) ? 1 : 0;
      }
      lazy.append(1, size - left);
      lazy.wal().write();
      lazy.world.scheduler().runUntilIdle();
      lazy.append(1, 10);
      assertTrue(lazy.writeAndSync());
      lazy.files.kill();
      lazy.after(lazy.files, 7, lazy.known()).check(RecoveryMode.STRICT);
    }
    assertTrue(atOnce > 0, "those that fit no more go to the next segment");
  }

  @Test
  void logThatIsSyncedOftenGetsSegmentsWithoutAHole() {
    var small = new WalOptions(16 << 10, 16 << 10, 0, 4 << 10, 256, 1L << 40, 1L << 50);
    LogFixture synced = LogFixture.create(5, small);
    while (synced.wal().currentSegment() < 3) {
      synced.append(1, 500);
      synced.world.scheduler().runUntilIdle();
      synced.writeAndSync();
    }
    synced.world.scheduler().runUntilIdle();
    assertTrue(zeroedBytes(synced, "000001.log") > 0);
    assertEquals(0, zeroedBytes(synced, "000004.log"), "made as a whole, before its first sync");
  }

  /// Syncs of the log share the disk with those of the next segment.
  @Test
  void segmentWithoutAHoleIsSyncedPieceByPiece() {
    var large = new WalOptions(1 << 20, 4 << 20, 0, 64 << 10, 64 << 10, 1L << 40, 1L << 50);
    LogFixture synced = LogFixture.create(6, large);
    while (synced.wal().currentSegment() < 2) {
      synced.append(1, 50_000);
      synced.world.scheduler().runUntilIdle();
      synced.writeAndSync();
    }
    synced.world.scheduler().runUntilIdle();
    long syncedSize = 0;
    long size = 0;
    for (Operation operation : synced.files.operations()) {
      if (operation.name().equals("000003.log")) {
        if (operation.kind() == Kind.PREALLOCATE) {
          size = operation.position();
        } else if (operation.kind() == Kind.SYNC) {
          syncedSize = size;
        }
        assertThat(size - syncedSize).isLessThanOrEqualTo(512 << 10);
      }
    }
    assertEquals(4 << 20, syncedSize);
  }

  /// Bytes of a segment that got blocks by zeroes, its size aside.
  private static long zeroedBytes(LogFixture log, String name) {
    return log.files.operations().stream()
        .filter(operation -> operation.name().equals(name) && operation.kind() == Kind.ZERO)
        .mapToLong(Operation::bytes)
        .sum();
  }

  @Test
  void releasedSegmentEndsAShortageAtOnce() {
    var patient = new WalOptions(4096, 4096, 16 << 10, 1024, 256, 1L << 40, 1L << 50);
    LogFixture full = LogFixture.create(2, patient);
    full.files.capacity(10 << 10);
    for (int i = 0; i < 6; i++) { // fills both segments there is room for
      full.append(1, 1000);
      full.world.scheduler().runUntilIdle();
    }
    assertFalse(full.wal().hasRoom(1000));
    assertNotNull(full.wal().shortage());
    full.release();
    full.world.scheduler().runUntilIdle();
    assertTrue(full.wal().hasRoom(1000));
    assertNull(full.wal().shortage());
    assertEquals(1, full.wal().statistics().segmentsRecycled());
  }

  /// The system may have forgotten the pages of an old segment, and reads one before a part of it
  /// is changed.
  @Test
  void segmentMadeOfAnOldOneIsReadBeforeItIsWritten() {
    var recycling = new WalOptions(64 << 10, 64 << 10, 1 << 20, 8 << 10, 256, 1L << 40, 1L << 50);
    LogFixture log = LogFixture.create(2, recycling);
    while (log.wal().statistics().segmentsRecycled() == 0) {
      log.append(1, 1000);
      log.wal().write();
      log.world.scheduler().runUntilIdle();
      log.release();
    }
    long recycled = log.wal().currentSegment() + 1;
    while (log.wal().currentSegment() <= recycled) {
      log.append(1, 1000);
      log.wal().write();
      log.world.scheduler().runUntilIdle();
    }
    long readTo = 0;
    int writes = 0;
    for (Operation operation : log.files.operations()) {
      if (!operation.name().equals(FileName.log(recycled))) {
        continue;
      }
      long end = operation.position() + operation.bytes();
      if (operation.kind() == Kind.READ) {
        readTo = Math.max(readTo, end);
      } else if (operation.kind() == Kind.WRITE) {
        writes++;
        assertThat(end).as(operation.toString()).isLessThanOrEqualTo(readTo);
      }
    }
    assertThat(writes).isGreaterThan(50);
    assertEquals(0, zeroedBytes(log, FileName.log(recycled)), "it has its blocks");
  }

  private static void appendAnyway(Wal wal) {
    try (var batch = new BatchBuilder()) {
      batch.finish();
      wal.append(1, 0, batch.segment(), batch.length());
    }
  }
}
