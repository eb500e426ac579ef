package io.atlaskv.engine.internal.wal;

import io.atlaskv.engine.api.CorruptionException;
import io.atlaskv.engine.api.HistoryGoneException;
import io.atlaskv.engine.api.StorageException;
import io.atlaskv.engine.internal.base.LogBoundary;
import io.atlaskv.engine.internal.base.WriteBatchFormat;
import io.atlaskv.engine.internal.io.FileName;
import io.atlaskv.engine.internal.io.FileSystem;
import io.atlaskv.engine.internal.wal.SegmentReader.Found;
import java.lang.foreign.MemorySegment;
import java.util.List;
import java.util.UUID;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;

/// Reads what was committed, batch by batch in commit order, from the log of an open store, while
/// that goes on, or from one that was put aside. One thread at a time.
///
/// Invariants:
/// - H1: a batch is delivered only if its sequences follow those of the one before without a hole,
///   and are at most what the caller says is written: what is not found though it was written is
///   damage, or gone.
/// - H2: what a recovery dropped is not delivered: each life is read through the boundary behind
///   it.
/// - H3: one segment is open. It may be deleted meanwhile, but is never reused (R1 of
///   `LogSegments`).
public final class HistoryReader implements AutoCloseable {
  private static final int WINDOW_BYTES = 64 << 10;

  private final FileSystem files;
  private final UUID storeUuid;
  private final HistorySource source;
  private final Supplier<List<LogBoundary>> boundaries;
  private final OneWindow windows = new OneWindow(WINDOW_BYTES);
  private @Nullable SegmentReader reader;
  private long segment; // that is open, or could not be opened
  private long offset; // of the next group
  private long lifeEnd; // last sequence of the life of this segment that counts
  private long nextLife; // first segment of the next life
  private long expected; // sequence of the next batch in the log
  private long from; // those before are passed over
  private int batchesLeft; // of the group that was read last
  private long at;
  private long end;
  private long firstSequence;
  private long lastSequence;
  private long batchOffset;
  private long batchLength;
  private long timeMillis;

  private HistoryReader(
      FileSystem files,
      UUID storeUuid,
      HistorySource source,
      Supplier<List<LogBoundary>> boundaries) {
    this.files = files;
    this.storeUuid = storeUuid;
    this.source = source;
    this.boundaries = boundaries;
  }

  /// Begins with the batch that has `fromSequence`.
  ///
  /// @param boundaries where recoveries ended lives of the log, as the manifest says at the moment
  /// @throws HistoryGoneException if there is no segment with it
  public static HistoryReader open(
      FileSystem files,
      UUID storeUuid,
      HistorySource source,
      Supplier<List<LogBoundary>> boundaries,
      long fromSequence) {
    var history = new HistoryReader(files, storeUuid, source, boundaries);
    try {
      history.find(fromSequence);
      return history;
    } catch (Throwable e) {
      history.close();
      throw e;
    }
  }

  private void find(long fromSequence) {
    expected = fromSequence;
    for (HistorySegment segment : source.history().reversed()) {
      long first = firstSequence(segment);
      if (first != 0 && first <= fromSequence) {
        open(segment.number(), first);
        from = fromSequence;
        return;
      }
    }
    throw gone();
  }

  private long firstSequence(HistorySegment segment) {
    return source.firstSequence(files, storeUuid, segment);
  }

  private SegmentReader open(long number, long sequence) {
    segment = number;
    SegmentReader old = reader;
    if (old != null) {
      old.close();
      reader = null;
    }
    expected = sequence;
    if (!source.beginRead(number)) {
      throw gone();
    }
    SegmentReader next;
    try {
      next = new SegmentReader(files, storeUuid, number, windows);
    } catch (StorageException e) {
      throw source.beginRead(number) ? e : gone();
    }
    reader = next;
    offset = LogGroupFormat.FIRST_OFFSET;
    lifeEnd = Long.MAX_VALUE;
    nextLife = Long.MAX_VALUE;
    for (LogBoundary boundary : boundaries.get().reversed()) {
      if (boundary.firstSegment() > number) {
        lifeEnd = boundary.lastSequence();
        nextLife = boundary.firstSegment();
      }
    }
    CorruptionException damage = next.headerDamage();
    if (damage != null) {
      throw damage;
    }
    return next;
  }

  private HistoryGoneException gone() {
    long first = Long.MAX_VALUE;
    for (HistorySegment segment : source.history()) {
      long found = firstSequence(segment);
      first = found == 0 ? first : Math.min(first, found); // what was dropped may begin later
    }
    return new HistoryGoneException(expected, first);
  }

  /// Moves to the next batch; false if there is none that ends at or before `through`.
  ///
  /// @param through all up to it is written
  public boolean next(long through) {
    while (true) {
      if (batchesLeft > 0) {
        readBatch();
        if (lastSequence >= from && lastSequence >= firstSequence) {
          return true;
        }
      } else if (expected > through) {
        return false;
      } else if (expected > lifeEnd) {
        openFrom(nextLife);
      } else {
        readGroup();
      }
    }
  }

  /// The reader of the segment; if that could not be opened, it is tried again.
  private SegmentReader current() {
    SegmentReader current = reader;
    return current == null ? open(segment, expected) : current;
  }

  /// Goes on in the first segment there is from `number` on.
  private void openFrom(long number) {
    List<HistorySegment> segments = source.history();
    for (HistorySegment segment : segments) {
      if (segment.number() >= number) {
        long first = firstSequence(segment);
        if (segment.equals(segments.getFirst()) && first > expected) {
          throw new HistoryGoneException(expected, first);
        }
        open(segment.number(), expected);
        return;
      }
    }
    throw new CorruptionException(FileName.log(number), 0, "log segment is missing");
  }

  private void readGroup() {
    SegmentReader current = current();
    Found found = current.read(offset, expected);
    if (found != Found.GROUP) { // it may have been written since that place was read
      current.refresh();
      found = current.read(offset, expected);
    }
    if (found != Found.GROUP) {
      throw new CorruptionException(
          current.name(), offset, current.detail() + "; expected sequence " + expected);
    }
    if (current.firstSequence() != expected) {
      throw new CorruptionException(
          current.name(),
          offset,
          "expected sequence " + expected + ", found " + current.firstSequence());
    }
    switch (current.kind()) {
      case LogGroupFormat.NEXT -> openFrom(current.number() + 1);
      case LogGroupFormat.SEAL ->
          throw new CorruptionException(
              current.name(), offset, "log is sealed before sequence " + expected);
      default -> {
        batchesLeft = current.batches();
        at = current.payloadOffset();
        end = at + current.payloadBytes();
        timeMillis = current.timeMillis();
        offset = current.nextOffset();
      }
    }
  }

  private void readBatch() {
    SegmentReader current = current();
    long length = WriteBatchFormat.bytesAt(current.memory(), at, end);
    int operations = length < 0 ? -1 : WriteBatchFormat.operationsAt(current.memory(), at);
    if (operations < 0) {
      throw new CorruptionException(current.name(), offset, "a batch does not fit its group");
    }
    firstSequence = expected;
    lastSequence = expected + operations - 1;
    batchOffset = at;
    batchLength = length;
    expected += operations;
    at += length;
    batchesLeft--;
  }

  /// Has the next move lead to the batch again that it stands on.
  public void again() {
    expected = firstSequence;
    at = batchOffset;
    batchesLeft++;
  }

  /// Sequence of the next batch that may be delivered.
  public long nextSequence() {
    return Math.max(expected, from);
  }

  /// Where the batch was read, for messages.
  public String file() {
    return current().name();
  }

  /// The bytes with the batch; until the next move.
  public MemorySegment memory() {
    return current().memory();
  }

  /// Where it begins in `memory()`.
  public long offset() {
    return batchOffset;
  }

  /// Its bytes.
  public long length() {
    return batchLength;
  }

  public long firstSequence() {
    return firstSequence;
  }

  public long lastSequence() {
    return lastSequence;
  }

  /// When it was written.
  public long timeMillis() {
    return timeMillis;
  }

  @Override
  public void close() {
    SegmentReader old = reader;
    if (old != null) {
      old.close();
      reader = null;
    }
    windows.close();
  }
}
