package io.atlaskv.engine.internal.wal;

import io.atlaskv.engine.api.CorruptionException;
import io.atlaskv.engine.api.Loss;
import io.atlaskv.engine.api.RecoveryMode;
import io.atlaskv.engine.api.tools.Finding;
import io.atlaskv.engine.internal.base.LogBoundary;
import io.atlaskv.engine.internal.base.WriteBatchFormat;
import io.atlaskv.engine.internal.io.FileName;
import io.atlaskv.engine.internal.io.FileSystem;
import io.atlaskv.engine.internal.wal.SegmentReader.Found;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/// Reads a log that `WalRecovery` refuses, and tells what is missing.
///
/// Rules:
/// - S1: with `STOP_AT_FIRST` what is delivered is all there was up to one sequence. Otherwise it
///   is every group that verifies, in commit order, with holes where others were.
/// - S2: what an earlier recovery dropped stays so: a boundary tells, and so does a later segment
///   that begins with a sequence that an earlier one has as well.
/// - S3: no sequence that is known to have been used lies above `lastSequence`, unless it is told
///   as lost and stopped before.
/// - S4: no byte on disk is changed, and nothing is made safe: the caller puts what he got into
///   tables before he answers anybody.
public final class LogSalvage {
  /// The manifest does not say what is in tables.
  public static final long NOTHING_KNOWN = -1;

  /// What was found.
  ///
  /// @param lastSequence where the next life may go on
  /// @param nextSegment number of the first segment of the next life
  /// @param segments all segments there are, oldest first
  /// @param groups groups delivered
  /// @param batches batches delivered
  /// @param bytes bytes of groups delivered
  /// @param droppedGroups intact groups that were not delivered
  /// @param losses what is missing; empty if nothing is
  public record Salvaged(
      long lastSequence,
      long nextSegment,
      List<Long> segments,
      long groups,
      long batches,
      long bytes,
      long droppedGroups,
      List<Loss> losses) {
    /// As what a recovery has found.
    public RecoveredLog asRecovered() {
      Loss first = losses.isEmpty() ? null : losses.getFirst();
      return new RecoveredLog(
          lastSequence,
          lastSequence,
          false,
          nextSegment,
          segments,
          batches,
          bytes,
          first == null
              ? null
              : new RecoveredLog.Damage(first.file(), first.offset(), first.detail()),
          droppedGroups);
    }
  }

  /// A place where something else was expected.
  private record Place(String file, long offset, long bytes, String detail) {}

  private final FileSystem files;
  private final RecoveryRequest request;
  private final BatchSink sink;
  private final boolean stopsAtFirst;
  private final List<Loss> losses = new ArrayList<>();
  private final List<Place> open = new ArrayList<>(); // not known yet what is lost there
  private @Nullable Place end; // where the last segment ended
  private boolean isCut; // and it did not end there as logs do
  private long named; // segment in which the log goes on; 0 if the last one does not say so
  private long reached;
  private long durableThrough;
  private long lastKnown;
  private boolean isStopped;
  private long groups;
  private long batches;
  private long bytes;
  private long droppedGroups;

  private LogSalvage(FileSystem files, RecoveryRequest request, BatchSink sink) {
    this.files = files;
    this.request = request;
    this.sink = sink;
    stopsAtFirst = request.mode() == RecoveryMode.STOP_AT_FIRST;
    reached = request.flushedThrough();
    durableThrough = Math.max(0, reached);
  }

  /// Reads the log.
  ///
  /// @param request `flushedThrough` may be `NOTHING_KNOWN`
  public static Salvaged read(FileSystem files, RecoveryRequest request, BatchSink sink) {
    return new LogSalvage(files, request, sink).run();
  }

  private Salvaged run() {
    List<Long> all = WalRecovery.segmentsIn(files);
    List<Long> segments = all.stream().filter(number -> number >= request.fromSegment()).toList();
    Map<Long, Long> limits = limits(segments);
    long expected = request.fromSegment();
    for (long number : segments) {
      if (expected != 0 && number > expected && (reached >= 0 || groups > 0)) {
        open.add(new Place(FileName.log(expected), 0, 0, "log segment is missing"));
      }
      expected = number + 1;
      boolean isNamed = number == named;
      named = 0;
      try (var windows = new OneWindow();
          var reader = new SegmentReader(files, request.storeUuid(), number, windows)) {
        read(reader, limits.getOrDefault(number, Long.MAX_VALUE), isNamed);
      }
    }
    if (segments.isEmpty()) {
      named = request.fromSegment();
    }
    if (named != 0) {
      cut(new Place(FileName.log(named), 0, 0, "log segment is missing"));
    }
    finish();
    return new Salvaged(
        Math.max(0, reached), nextSegment(all), all, groups, batches, bytes, droppedGroups, losses);
  }

  /// Above all segments there are, and those that should be there.
  private long nextSegment(List<Long> segments) {
    long last = segments.isEmpty() ? 0 : segments.getLast();
    last = Math.max(last, Math.max(named, request.fromSegment()));
    for (LogBoundary boundary : request.boundaries()) {
      last = Math.max(last, boundary.firstSegment());
    }
    return last + 1;
  }

  /// Last sequence that counts of each segment, where that is known (S2).
  private Map<Long, Long> limits(List<Long> segments) {
    var limits = new HashMap<Long, Long>();
    long limit = Long.MAX_VALUE;
    for (long number : segments.reversed()) {
      limits.put(number, Math.min(limit, boundary(number)));
      try (var windows = new OneWindow();
          var reader = new SegmentReader(files, request.storeUuid(), number, windows)) {
        if (reader.find(LogGroupFormat.FIRST_OFFSET) >= 0) {
          limit = Math.min(limit, reader.firstSequence() - 1);
        }
      }
    }
    return limits;
  }

  /// Last sequence of a segment that the manifest knows to count.
  private long boundary(long segment) {
    long last = Long.MAX_VALUE;
    for (LogBoundary boundary : request.boundaries()) {
      if (boundary.firstSegment() > segment) {
        last = Math.min(last, boundary.lastSequence());
      }
    }
    return last;
  }

  /// @param isNamed whether the segment before says that the log goes on in this one: then it was
  ///   whole and had its header
  private void read(SegmentReader reader, long limit, boolean isNamed) {
    CorruptionException damage = reader.headerDamage();
    if (damage != null && !reader.isHeaderAbsent()) {
      String detail = Finding.of(damage, reader.name()).detail();
      if (reader.find(LogGroupFormat.FIRST_OFFSET) >= 0) { // groups need no header
        losses.add(Loss.of(reader.name(), 0, LogSegmentHeader.BYTES, detail, 0));
      } else {
        open.add(new Place(reader.name(), 0, LogSegmentHeader.BYTES, detail));
      }
    }
    long offset = LogGroupFormat.FIRST_OFFSET;
    while (true) {
      Found found = reader.read(offset, reached >= 0 ? reached + 1 : 0);
      if (found == Found.GROUP) {
        if (!take(reader, offset, limit)) {
          return;
        }
        offset = reader.nextOffset();
        continue;
      }
      if (reached >= boundary(reader.number())) {
        return; // what an earlier recovery has dropped
      }
      String detail = reader.detail();
      long next = found == Found.END_OF_FILE ? -1 : reader.find(offset + LogGroupFormat.ALIGNMENT);
      if (next < 0) {
        var place = new Place(reader.name(), offset, 0, detail);
        boolean isUnfinished =
            isNamed && offset == LogGroupFormat.FIRST_OFFSET && reader.isHeaderAbsent();
        if (found != Found.NOTHING || isUnfinished) {
          cut(place);
        } else {
          end = place;
          isCut = false;
        }
        return;
      }
      open.add(new Place(reader.name(), offset, next - offset, detail));
      offset = next;
    }
  }

  /// The log ends at a place where it did not end.
  private void cut(Place place) {
    end = place;
    isCut = true;
    open.add(place);
  }

  /// Takes the group at `offset`; false if nothing of the segment counts from here on.
  private boolean take(SegmentReader reader, long offset, long limit) {
    long first = reader.firstSequence();
    int operations = countOperations(reader);
    long last = first + Math.max(0, operations) - 1;
    if (last > limit) { // dropped by an earlier recovery
      open.removeIf(place -> place.file().equals(reader.name()) && place.offset() < offset);
      return false;
    }
    isCut = false;
    durableThrough = Math.max(durableThrough, reader.durableThrough());
    lastKnown = Math.max(lastKnown, last);
    long lost = reached < 0 ? 0 : Math.max(0, first - reached - 1);
    if (lost > 0 && open.isEmpty()) {
      Place before = end;
      open.add(
          before != null
              ? before
              : new Place(reader.name(), offset, 0, "expected sequence " + (reached + 1)));
    }
    if (!isStopped && !open.isEmpty() && stopsAtFirst) {
      isStopped = true;
    }
    if (isStopped) {
      droppedGroups++;
      return true;
    }
    tellOpen(lost);
    if (operations < 0) {
      open.add(
          new Place(
              reader.name(), offset, reader.nextOffset() - offset, "its batches do not fill it"));
      return true;
    }
    deliver(reader);
    reached = Math.max(reached, last);
    groups++;
    bytes += reader.nextOffset() - offset;
    return switch (reader.kind()) {
      case LogGroupFormat.NEXT -> {
        named = reader.number() + 1;
        yield false;
      }
      case LogGroupFormat.SEAL -> false;
      default -> true;
    };
  }

  /// Sequences that the batches of a group take; −1 if they do not fill it.
  private static int countOperations(SegmentReader reader) {
    long at = reader.payloadOffset();
    long end = at + reader.payloadBytes();
    long operations = 0;
    for (int i = 0; i < reader.batches(); i++) {
      long length = WriteBatchFormat.bytesAt(reader.memory(), at, end);
      int taken = length < 0 ? -1 : WriteBatchFormat.operationsAt(reader.memory(), at);
      if (taken < 0) {
        return -1;
      }
      operations += taken;
      at += length;
    }
    return at == end && operations <= Integer.MAX_VALUE ? (int) operations : -1;
  }

  private void deliver(SegmentReader reader) {
    long at = reader.payloadOffset();
    long end = at + reader.payloadBytes();
    long sequence = reader.firstSequence();
    while (at < end) {
      long length = WriteBatchFormat.bytesAt(reader.memory(), at, end);
      sink.batch(sequence, reader.timeMillis(), reader.memory(), at, length);
      sequence += WriteBatchFormat.operationsAt(reader.memory(), at);
      batches++;
      at += length;
    }
  }

  /// Tells the open places as lost, with so many operations in all.
  private void tellOpen(long lost) {
    for (int i = 0; i < open.size(); i++) {
      Place place = open.get(i);
      losses.add(
          Loss.of(place.file(), place.offset(), place.bytes(), place.detail(), i == 0 ? lost : 0));
    }
    open.clear();
  }

  private void finish() {
    long through = Math.max(durableThrough, isStopped ? lastKnown : 0);
    for (LogBoundary boundary : request.boundaries()) {
      through = Math.max(through, boundary.lastSequence());
    }
    long lost = Math.max(0, through - Math.max(0, reached));
    if (lost > 0 && open.isEmpty()) {
      Place last = end;
      open.add(
          last != null
              ? last
              : new Place(
                  FileName.log(request.fromSegment()),
                  0,
                  0,
                  "the log was synced through " + through));
    }
    if (lost == 0 && !isStopped) {
      tellOpen(Loss.UNKNOWN); // a write that was being made, or one that was
    } else {
      tellOpen(lost);
      Place last = end;
      if (isCut && last != null) {
        losses.add(Loss.of(last.file(), last.offset(), 0, "and what lay behind", Loss.UNKNOWN));
      }
    }
    if (!stopsAtFirst) {
      reached = Math.max(reached, through); // S3
    }
  }
}
