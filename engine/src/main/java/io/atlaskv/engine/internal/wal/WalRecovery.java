package io.atlaskv.engine.internal.wal;

import io.atlaskv.engine.api.CorruptionException;
import io.atlaskv.engine.api.RecoveryMode;
import io.atlaskv.engine.internal.base.LogBoundary;
import io.atlaskv.engine.internal.base.SequenceNumber;
import io.atlaskv.engine.internal.base.WriteBatchFormat;
import io.atlaskv.engine.internal.io.FileName;
import io.atlaskv.engine.internal.io.FileSystem;
import io.atlaskv.engine.internal.io.Ports;
import io.atlaskv.engine.internal.wal.SegmentReader.Found;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/// Reads the log back at open: delivers all that it holds, in commit order, and finds its end.
///
/// The log of a store is a row of lives, each begun by a recovery in a new segment. Within a life
/// groups form a chain: from the first segment's first group to the next, by NEXT groups from
/// segment to segment, sequences without a gap.
///
/// Rules:
/// - Y1: of earlier lives, everything up to their boundary is there, or the store is refused; what
///   follows was dropped and stays so.
/// - Y2: in the last life the chain ends where no intact group follows. D is the largest sequence
///   that anything says was safe: a group before or behind the end, the manifest, a boundary. An
///   end before D is corruption. At or after D it is the end of the log, and intact groups behind
///   it are dropped: unsynced writes may reach the disk in any order.
/// - Y3: a segment that the chain reaches, and one before a segment that holds groups, was whole
///   and safe before. If it is not there, short or without header, no power cut explains that.
/// - Y4: before the caller may set a boundary, all that was delivered is safe. What lies above D is
///   written again, the same bytes in the same place, and synced: after a failed sync the kernel
///   may hold it as clean though it never reached the disk, and then a sync alone does nothing. Of
///   earlier lives all is safe, or their boundary would not be there; of one that was closed, all
///   that has batches is.
/// - Y5: no byte on disk is changed.
///
/// Modes that pass over damage are the business of `LogSalvage`, once this has refused.
///
/// The caller reads and checks; `ReplayWindows` delivers and `RecoverySync` syncs meanwhile.
public final class WalRecovery {
  private final FileSystem files;
  private final RecoveryRequest request;
  private final ReplayWindows windows;
  private final Runnable awaitSafe;
  private final List<Long> segments;
  private long expectedSequence; // 0 = not known yet
  private long durableThrough;
  private long bytes;
  private long droppedGroups;

  private WalRecovery(
      FileSystem files, RecoveryRequest request, ReplayWindows windows, Runnable awaitSafe) {
    this.files = files;
    this.request = request;
    this.windows = windows;
    this.awaitSafe = awaitSafe;
    segments = segmentsIn(files);
  }

  /// Recovers the log of a store whose manifest says `request`.
  ///
  /// @param sink is called on a lane, by one thread at a time, and no more once this has returned
  /// @throws CorruptionException if something that was safe is lost, or damage that the mode
  ///   refuses; `sink` may have got a part before
  public static RecoveredLog recover(Ports ports, RecoveryRequest request, BatchSink sink) {
    return recover(ports, request, sink, ReplayWindows.Sizes.DEFAULT);
  }

  static RecoveredLog recover(
      Ports ports, RecoveryRequest request, BatchSink sink, ReplayWindows.Sizes sizes) {
    try (var sync = new RecoverySync(ports);
        var windows = new ReplayWindows(ports, sink, sync::write, sizes)) {
      return new WalRecovery(ports.files(), request, windows, sync::await).run();
    }
  }

  /// What `recover` would find and deliver, found without writing anything: for tools. Nothing is
  /// made safe, so the caller must not go on from it (Y4).
  ///
  /// @throws CorruptionException as `recover`
  public static RecoveredLog check(Ports ports, RecoveryRequest request, BatchSink sink) {
    try (var windows = new ReplayWindows(ports, sink, window -> {}, ReplayWindows.Sizes.DEFAULT)) {
      return new WalRecovery(ports.files(), request, windows, () -> {}).run();
    }
  }

  /// What a store that is about to be created recovers: nothing. Segments that an attempt to create
  /// it left behind are told as old ones.
  public static RecoveredLog none(FileSystem files) {
    List<Long> old = segmentsIn(files);
    long next = old.isEmpty() ? 1 : old.getLast() + 1;
    return new RecoveredLog(0, 0, true, next, old, 0, 0, null, 0);
  }

  /// Numbers of the segments there are, oldest first.
  static List<Long> segmentsIn(FileSystem files) {
    var numbers = new ArrayList<Long>();
    for (String text : files.list()) {
      FileName name = FileName.parse(text);
      if (name != null && name.kind() == FileName.Kind.LOG) {
        numbers.add(name.number());
      }
    }
    Collections.sort(numbers);
    return numbers;
  }

  private RecoveredLog run() {
    noteDurable(request.flushedThrough());
    long lifeStart = request.fromSegment();
    for (LogBoundary boundary : request.boundaries()) {
      if (boundary.firstSegment() > lifeStart) {
        replayEarlierLife(lifeStart, boundary);
        lifeStart = boundary.firstSegment();
      }
    }
    return replayLastLife(lifeStart);
  }

  private List<Long> segmentsOf(long from, long to) {
    return segments.stream().filter(number -> number >= from && number < to).toList();
  }

  private void replayEarlierLife(long from, LogBoundary boundary) { // Y1
    long through = boundary.lastSequence();
    noteDurable(through);
    List<Long> life = segmentsOf(from, boundary.firstSegment());
    End end = life.isEmpty() ? End.missing(from) : walk(life, through);
    if (lastSequence() < through) {
      throw end.corruption("recovered through " + through + " before", lastSequence());
    }
    expectedSequence = through + 1;
  }

  private RecoveredLog replayLastLife(long from) {
    List<Long> life = segmentsOf(from, Long.MAX_VALUE);
    requireNoHole(life, from);
    End end = walk(life, Long.MAX_VALUE);
    boolean isDamaged = end.isDamage();
    if (!end.isSealed()) {
      isDamaged |= search(life, end);
    }
    if (lastSequence() < durableThrough) { // Y2
      throw end.corruption("synced through " + durableThrough, lastSequence());
    }
    if (isDamaged && request.mode() == RecoveryMode.STRICT) {
      throw end.corruption("damaged, with " + droppedGroups + " groups behind", lastSequence());
    }
    windows.finish();
    windows.makeSafe(); // Y4
    awaitSafe.run();
    return new RecoveredLog(
        lastSequence(),
        durableThrough,
        end.isSealed(),
        segments.getLast() + 1,
        segments,
        windows.batches(),
        bytes,
        isDamaged ? end.damage() : null,
        droppedGroups);
  }

  private static void requireNoHole(List<Long> life, long from) { // Y3
    long expected = from;
    for (long number : life) {
      if (number != expected) {
        break;
      }
      expected++;
    }
    if (life.isEmpty() || life.getLast() >= expected) {
      throw new CorruptionException(FileName.log(expected), 0, "log segment is missing");
    }
  }

  /// Follows the chain through the segments of a life, and delivers it, up to `through`.
  private End walk(List<Long> life, long through) {
    for (int i = 0; ; i++) {
      try (var reader = new SegmentReader(files, request.storeUuid(), life.get(i), windows)) {
        CorruptionException damage = reader.headerDamage();
        if (damage != null) {
          throw damage; // Y3
        }
        End end = walk(reader, through);
        if (end.kind() != End.Kind.NEXT) {
          return end;
        }
        if (i + 1 == life.size()) {
          long missing = reader.number() + 1;
          throw new CorruptionException(
              FileName.log(missing), 0, "log segment is missing, " + reader.name() + " names it");
        }
      }
    }
  }

  private End walk(SegmentReader reader, long through) {
    long offset = LogGroupFormat.FIRST_OFFSET;
    while (true) {
      Found found = reader.read(offset, expectedSequence);
      if (found == Found.END_OF_FILE) {
        throw new CorruptionException(reader.name(), offset, reader.detail()); // Y3
      }
      if (found != Found.GROUP) {
        var kind = found == Found.NOTHING ? End.Kind.NOTHING : End.Kind.DAMAGE;
        return new End(kind, reader.number(), offset, reader.detail());
      }
      if (!isExpected(reader.firstSequence())) { // intact and in its place: no power cut does that
        throw new CorruptionException(
            reader.name(),
            offset,
            "expected sequence " + (lastSequence() + 1) + ", found " + reader.firstSequence());
      }
      int operations = countOperations(reader, offset);
      if (reader.firstSequence() + operations - 1 > through) {
        return new End(End.Kind.NOTHING, reader.number(), offset, "dropped by a recovery");
      }
      noteDurable(reader.durableThrough());
      boolean isLastLife = through == Long.MAX_VALUE;
      reader.replay(isLastLife ? neededThrough(reader, operations) : SequenceNumber.ZERO); // Y4
      expectedSequence = reader.firstSequence() + operations;
      bytes += reader.nextOffset() - offset;
      switch (reader.kind()) {
        case LogGroupFormat.SEAL -> {
          if (isLastLife) {
            noteSealed();
          }
          return new End(End.Kind.SEAL, reader.number(), offset, "sealed");
        }
        case LogGroupFormat.NEXT -> {
          return new End(End.Kind.NEXT, reader.number(), offset, "next");
        }
        default -> offset = reader.nextOffset();
      }
    }
  }

  private void noteDurable(long sequence) {
    durableThrough = Math.max(durableThrough, sequence);
    windows.durableThrough(sequence);
  }

  /// The seal of the last life says that all batches are safe; and nothing is to be found through
  /// what stands between the last one and itself. The next life begins with the same sequence, so
  /// that of an earlier one must not tell anything.
  private void noteSealed() {
    if (durableThrough >= lastSequence()) {
      windows.durableThrough(lastSequence() + 1);
    }
  }

  /// What has to be safe for a group to be so as well: its last sequence; that of the next group if
  /// it takes none, because what comes later is only found through it. Nothing comes after a seal.
  private static long neededThrough(SegmentReader reader, int operations) {
    return reader.kind() == LogGroupFormat.SEAL
        ? SequenceNumber.ZERO
        : reader.firstSequence() + Math.max(operations, 1) - 1;
  }

  private boolean isExpected(long firstSequence) {
    return expectedSequence == 0
        ? firstSequence <= request.flushedThrough() + 1
        : firstSequence == expectedSequence;
  }

  /// Checks that batches fill the payload, and counts their sequences.
  private static int countOperations(SegmentReader reader, long groupOffset) {
    long start = reader.payloadOffset();
    long end = start + reader.payloadBytes();
    long operations = 0;
    long at = start;
    for (int i = 0; i < reader.batches(); i++) {
      long length = WriteBatchFormat.bytesAt(reader.memory(), at, end);
      int taken = length < 0 ? -1 : WriteBatchFormat.operationsAt(reader.memory(), at);
      if (taken < 0) {
        throw malformed(reader, groupOffset, "batch " + i + " does not fit");
      }
      operations += taken;
      at += length;
    }
    if (at != end || operations > Integer.MAX_VALUE) {
      throw malformed(reader, groupOffset, "batches do not fill it");
    }
    return (int) operations;
  }

  private static CorruptionException malformed(
      SegmentReader reader, long groupOffset, String detail) {
    return new CorruptionException(
        reader.name(), groupOffset, "group of " + reader.batches() + " batches: " + detail);
  }

  /// Looks for intact groups behind the end; true if there is damage.
  private boolean search(List<Long> life, End end) {
    boolean isDamaged = false;
    for (long number : life.subList(life.indexOf(end.segment()), life.size())) {
      try (var reader = new SegmentReader(files, request.storeUuid(), number, windows)) {
        long from = number == end.segment() ? end.offset() : LogGroupFormat.FIRST_OFFSET;
        long found = search(reader, from);
        CorruptionException headerDamage = reader.headerDamage();
        if (headerDamage != null && found > 0) {
          throw headerDamage; // Y3
        }
        if (found > 0 && number != end.segment()) {
          requireWhole(life, number);
        }
        droppedGroups += found;
        isDamaged |= found > 0 || (headerDamage != null && !reader.isHeaderAbsent());
      }
    }
    return isDamaged;
  }

  private long search(SegmentReader reader, long from) {
    long count = 0;
    for (long at = reader.find(from); at >= 0; at = reader.find(reader.nextOffset())) {
      count++;
      noteDurable(reader.durableThrough());
    }
    return count;
  }

  /// Refuses segments before `number`, which holds groups, that are not whole.
  private void requireWhole(List<Long> life, long number) {
    for (long before : life.subList(0, life.indexOf(number))) {
      try (var reader = new SegmentReader(files, request.storeUuid(), before, windows)) {
        CorruptionException damage = reader.headerDamage();
        if (damage != null) {
          throw damage; // Y3
        }
      }
    }
  }

  private long lastSequence() {
    return expectedSequence == 0 ? request.flushedThrough() : expectedSequence - 1;
  }

  /// Where a walk stopped, and why.
  private record End(Kind kind, long segment, long offset, String detail) {
    enum Kind {
      SEAL,
      NEXT,
      NOTHING,
      DAMAGE
    }

    static End missing(long segment) {
      return new End(Kind.DAMAGE, segment, 0, "segment is missing");
    }

    boolean isSealed() {
      return kind == Kind.SEAL;
    }

    boolean isDamage() {
      return kind == Kind.DAMAGE;
    }

    RecoveredLog.Damage damage() {
      return new RecoveredLog.Damage(FileName.log(segment), offset, detail);
    }

    CorruptionException corruption(String expected, long lastSequence) {
      return new CorruptionException(
          FileName.log(segment),
          offset,
          detail + "; the log was " + expected + ", found through " + lastSequence);
    }
  }
}
