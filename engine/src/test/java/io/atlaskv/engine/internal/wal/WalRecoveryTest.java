package io.atlaskv.engine.internal.wal;

import static io.atlaskv.engine.internal.wal.LogFixture.SMALL;
import static io.atlaskv.engine.internal.wal.LogFixture.upTo;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.atlaskv.engine.api.CorruptionException;
import io.atlaskv.engine.api.RecoveryMode;
import io.atlaskv.engine.internal.base.BatchBuilder;
import io.atlaskv.engine.internal.base.Layouts;
import io.atlaskv.engine.internal.io.Fault;
import io.atlaskv.engine.internal.io.Operation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.UUID;
import org.junit.jupiter.api.Test;

class WalRecoveryTest {
  private static final RecoveryMode DEFAULT = RecoveryMode.TOLERATE_UNSYNCED_TAIL;
  private static final String FIRST = "000001.log";
  private static final String SECOND = "000002.log";

  private final LogFixture log = LogFixture.create(1, SMALL);

  /// Fills segments, a group of about 1000 bytes each time: three of them and a NEXT fit.
  private void write(int groups) {
    for (int i = 0; i < groups; i++) {
      log.append(1, 1000);
      assertTrue(log.wal().write());
    }
  }

  private RecoveredLog read(RecoveryMode mode, List<String> expected) {
    var history = new ArrayList<String>();
    RecoveredLog recovered = log.read(mode, history);
    assertEquals(expected, history);
    return recovered;
  }

  private CorruptionException refuse(RecoveryMode mode) {
    return assertThrows(CorruptionException.class, () -> log.read(mode, new ArrayList<>()));
  }

  private void zero(String segment, int from, int to) {
    byte[] bytes = log.files.contents(segment);
    Arrays.fill(bytes, from, to, (byte) 0);
    log.files.put(segment, bytes);
  }

  @Test
  void newLogIsEmpty() {
    RecoveredLog recovered = read(RecoveryMode.STRICT, List.of());
    assertEquals(0, recovered.lastSequence());
    assertEquals(2, recovered.nextSegment());
    assertNull(recovered.damage());
  }

  @Test
  void lostTailOfAnEarlierSegmentDropsLaterOnes() {
    write(5); // three in the first segment, two in the second
    log.files.kill();
    zero(FIRST, 2216, 4096); // the third group and the NEXT never reached the disk
    refuse(RecoveryMode.STRICT);
    RecoveredLog recovered = read(DEFAULT, upTo(2));
    assertEquals(2, recovered.droppedGroups());
    RecoveredLog.Damage damage = recovered.damage();
    assertNotNull(damage);
    assertEquals(FIRST, damage.segment());
  }

  @Test
  void whatWasDroppedStaysDropped() {
    write(5);
    log.files.kill();
    zero(FIRST, 2216, 4096);
    var next = log.after(log.files, 2, log.known());
    next.recover(DEFAULT);
    next.append(2, 10); // takes the sequences of what was dropped
    assertTrue(next.writeAndSync());
    next.files.kill();
    var third = next.after(next.files, 3, next.known());
    RecoveredLog recovered = third.check(RecoveryMode.STRICT);
    assertEquals(4, recovered.lastSequence());
    assertEquals(upTo(4), third.appended);
  }

  @Test
  void earlierLifeMustBeComplete() {
    write(5);
    log.files.kill();
    var next = log.after(log.files, 2, log.known());
    next.recover(RecoveryMode.STRICT);
    next.files.kill();
    next.files.flip(SECOND, 100, 1);
    var history = new ArrayList<String>();
    var refused = assertThrows(CorruptionException.class, () -> next.read(DEFAULT, history));
    assertEquals(SECOND, refused.file());
    assertTrue(refused.getMessage().contains("found through 3"), refused.getMessage());
  }

  @Test
  void damageBeforeWhatWasSafeIsCorruptionWithPlaceAndValues() {
    write(2);
    assertTrue(log.writeAndSync());
    write(1); // says that the two before it are safe
    log.files.kill();
    log.files.flip(FIRST, LogGroupFormat.FIRST_OFFSET + 500, 4);
    CorruptionException refused = refuse(DEFAULT);
    assertEquals(FIRST, refused.file());
    assertEquals(LogGroupFormat.FIRST_OFFSET, refused.offset());
    assertTrue(
        refused
            .getMessage()
            .matches(
                "000001.log@88: group: expected crc [0-9a-f]+, found [0-9a-f]+; "
                    + "the log was synced through 2, found through 0"),
        refused.getMessage());
  }

  @Test
  void damageAfterWhatWasSafeEndsTheLog() {
    write(1);
    assertTrue(log.writeAndSync());
    write(2);
    log.files.kill();
    log.files.flip(FIRST, 2000, 4); // in the second group; the third one knows that 1 is safe
    RecoveredLog recovered = read(DEFAULT, upTo(1));
    assertEquals(1, recovered.durableThrough());
    assertEquals(1, recovered.droppedGroups());
    assertTrue(refuse(RecoveryMode.STRICT).getMessage().contains("1 groups behind"));
  }

  @Test
  void missingSegmentIsRefused() {
    write(5);
    log.files.kill();
    log.files.delete(SECOND);
    assertEquals(SECOND, refuse(DEFAULT).file());
    log.files.delete(FIRST);
    assertEquals(FIRST, refuse(DEFAULT).file());
  }

  @Test
  void missingLastSegmentIsRefusedIfTheOneBeforeNamesIt() {
    write(4);
    log.files.kill();
    log.files.delete(SECOND);
    assertEquals(SECOND, refuse(DEFAULT).file());
  }

  @Test
  void cutSegmentIsRefusedEvenIfOnlyUnusedBytesAreGone() {
    write(1);
    log.files.kill();
    log.files.truncate(FIRST, 4000);
    var refused = refuse(DEFAULT);
    assertEquals(4000, refused.offset());
    assertTrue(refused.getMessage().contains("expected 4096 bytes, found 4000"));
  }

  @Test
  void damagedHeaderOfAUsedSegmentIsRefused() {
    write(4);
    log.files.kill();
    zero(SECOND, 0, LogSegmentHeader.BYTES);
    assertEquals(SECOND, refuse(DEFAULT).file());
  }

  @Test
  void unfinishedSegmentBehindTheEndIsNoDamage() {
    write(1);
    log.world.scheduler().runUntilIdle();
    log.files.kill();
    log.files.truncate(SECOND, 1000);
    zero(SECOND, 0, 1000);
    assertNull(read(RecoveryMode.STRICT, upTo(1)).damage());
    log.files.truncate(SECOND, 0);
    assertNull(read(RecoveryMode.STRICT, upTo(1)).damage());
  }

  @Test
  void logOfAnotherStoreIsRefused() {
    write(1);
    log.files.kill();
    var request = new RecoveryRequest(new UUID(1, 2), 1, 0, List.of(), DEFAULT);
    var refused =
        assertThrows(
            CorruptionException.class,
            () ->
                WalRecovery.recover(
                    log.world.ports(), request, (sequence, time, bytes, offset, length) -> {}));
    assertTrue(refused.getMessage().contains("expected store"), refused.getMessage());
  }

  @Test
  void segmentUnderAnotherNumberIsRefused() {
    write(4);
    log.files.kill();
    log.files.put(SECOND, log.files.contents(FIRST));
    assertEquals("expected file number 2, found 1", detail(refuse(DEFAULT)));
  }

  private static String detail(CorruptionException e) {
    String message = e.getMessage();
    return message == null ? "" : message.substring(message.indexOf(": ") + 2);
  }

  @Test
  void holeBetweenTablesAndLogIsRefused() {
    write(7);
    log.files.kill();
    log.fromSegment = 2; // its first group is 4
    log.boundaries.clear();
    log.flushedThrough = 3;
    read(RecoveryMode.STRICT, upTo(7).subList(3, 7));
    log.flushedThrough = 2;
    assertTrue(refuse(DEFAULT).getMessage().contains("expected sequence 3, found 4"));
  }

  @Test
  void logThatEndsBeforeWhatIsInTablesIsRefused() {
    write(2);
    log.files.kill();
    log.flushedThrough = 3;
    assertTrue(refuse(DEFAULT).getMessage().contains("synced through 3, found through 2"));
  }

  @Test
  void batchThatIsNoneNamesItsPlaceInTheFile() {
    try (var batch = new BatchBuilder()) {
      LogFixture.put(batch, 1, 10);
      batch.finish();
      batch.segment().set(Layouts.BYTE, 12, (byte) 9); // kind of its first operation
      log.wal().append(1, 1, batch.segment(), batch.length());
    }
    assertTrue(log.wal().write());
    log.files.kill();
    CorruptionException refused = refuse(DEFAULT);
    assertEquals(FIRST, refused.file());
    assertEquals(LogGroupFormat.FIRST_OFFSET + LogGroupFormat.HEADER_BYTES, refused.offset());
  }

  @Test
  void sealIsTheEnd() {
    write(1);
    assertTrue(log.close());
    assertTrue(read(RecoveryMode.STRICT, upTo(1)).isSealed());
    log.recover(RecoveryMode.STRICT);
    log.append(1, 1);
    assertTrue(log.wal().write());
    log.files.kill();
    assertFalse(read(RecoveryMode.STRICT, upTo(2)).isSealed());
  }

  @Test
  void whatAFailedSyncLeftWithTheKernelIsSafeAfterRecovery() {
    write(1);
    assertTrue(log.writeAndSync());
    write(4); // in two segments
    log.files.fail(op -> op.kind() == Operation.Kind.SYNC, Fault.EIO);
    assertFalse(log.wal().sync());
    log.files.kill();
    var next = log.after(log.files, 2, log.known());
    assertEquals(5, next.recover(DEFAULT).lastSequence());
    next.files
        .crashStates(next.files.operationCount() - 1, 200)
        .forEach(left -> next.after(left, 3, next.known()).check(DEFAULT));
  }

  @Test
  void whatIsSafeIsNotWrittenAgain() {
    write(4); // in two segments
    assertTrue(log.writeAndSync());
    write(1); // says that the first four are safe
    log.files.kill();
    log.roomForAll();
    int before = log.files.operationCount();
    read(DEFAULT, upTo(5));
    List<Operation> writes = writesSince(before);
    assertEquals(1, writes.size(), writes.toString());
    assertEquals(SECOND, writes.getFirst().name());
    assertTrue(writes.getFirst().bytes() < 1100, writes.toString());
  }

  private void closeAndReadWithoutAWrite() {
    assertTrue(log.close());
    log.roomForAll();
    int before = log.files.operationCount();
    assertTrue(read(DEFAULT, upTo(5)).isSealed());
    assertEquals(List.of(), writesSince(before));
  }

  @Test
  void nothingOfAClosedLogIsWrittenAgain() {
    write(5);
    closeAndReadWithoutAWrite();
  }

  @Test
  void nothingOfAClosedLogWithAMarkIsWrittenAgain() {
    write(5);
    assertTrue(log.writeAndSync());
    int unmarked = log.files.operationCount();
    log.world.scheduler().runFor(2 * LogFixture.SMALL.markDelayNanos());
    assertTrue(
        writesSince(unmarked).stream().anyMatch(op -> op.bytes() == LogGroupFormat.HEADER_BYTES),
        "a mark");
    closeAndReadWithoutAWrite();
  }

  @Test
  void nothingOfAnEarlierLifeIsWrittenAgain() {
    write(5);
    log.files.kill();
    var next = log.after(log.files, 2, log.known());
    next.recover(DEFAULT);
    next.files.kill();
    next.roomForAll();
    int before = next.files.operationCount();
    var history = new ArrayList<String>();
    next.read(DEFAULT, history);
    assertEquals(upTo(5), history);
    assertEquals(List.of(), writesSince(before));
  }

  /// The next life begins with the sequence of the seal.
  @Test
  void theSealOfAnEarlierLifeTellsNothingOfTheNext() {
    write(1);
    assertTrue(log.close());
    var second = log.after(log.files, 2, log.known());
    second.recover(RecoveryMode.STRICT);
    second.append(1, 10);
    second.files.fail(op -> op.kind() == Operation.Kind.SYNC, Fault.EIO);
    assertFalse(second.writeAndSync());
    second.files.kill();
    var third = second.after(second.files, 3, second.known());
    assertEquals(2, third.recover(DEFAULT).lastSequence());
    third
        .files
        .crashStates(third.files.operationCount() - 1, 200)
        .forEach(left -> third.after(left, 4, third.known()).check(DEFAULT));
  }

  private List<Operation> writesSince(int operationCount) {
    return log.files.operations().stream()
        .skip(operationCount)
        .filter(op -> op.kind() == Operation.Kind.WRITE)
        .toList();
  }

  @Test
  void recoveryChangesNothing() {
    write(5);
    log.files.kill();
    var before = log.files.list().stream().map(name -> Arrays.hashCode(log.files.contents(name)));
    var hashes = before.toList();
    read(DEFAULT, upTo(5));
    assertEquals(
        hashes,
        log.files.list().stream().map(name -> Arrays.hashCode(log.files.contents(name))).toList());
  }
}
