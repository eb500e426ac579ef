package io.atlaskv.engine.internal.wal;

import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.api.CorruptionException;
import io.atlaskv.engine.api.tools.Finding;
import io.atlaskv.engine.api.tools.LogVisitor;
import io.atlaskv.engine.api.tools.LogVisitor.GroupKind;
import io.atlaskv.engine.internal.base.BatchReader;
import io.atlaskv.engine.internal.base.ByteArrays;
import io.atlaskv.engine.internal.base.ExpiringValue;
import io.atlaskv.engine.internal.base.ValueKind;
import io.atlaskv.engine.internal.base.WriteBatchFormat;
import io.atlaskv.engine.internal.io.FileName;
import io.atlaskv.engine.internal.io.FileSystem;
import io.atlaskv.engine.internal.wal.SegmentReader.Found;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/// Tells what lies in a segment, group by group, whatever recovery would make of it: goes on behind
/// damage with the next intact group.
public final class LogInspector {
  private final SegmentReader reader;
  private final LogVisitor visitor;
  private final BatchReader batch = new BatchReader();

  private LogInspector(SegmentReader reader, LogVisitor visitor) {
    this.reader = reader;
    this.visitor = visitor;
  }

  /// Tells of segment `number` of a store.
  public static void inspect(FileSystem files, UUID storeUuid, long number, LogVisitor visitor) {
    try (var windows = new OneWindow();
        var reader = new SegmentReader(files, storeUuid, number, windows)) {
      CorruptionException damage = reader.headerDamage();
      String detail = damage == null ? "" : Finding.of(damage, reader.name()).detail();
      visitor.segment(
          new LogVisitor.Segment(
              reader.name(), number, storeUuid, files.size(FileName.log(number)), detail));
      new LogInspector(reader, visitor).run();
    }
  }

  /// What is wrong with the header of segment `number`; null if nothing is.
  public static @Nullable CorruptionException headerDamage(
      FileSystem files, UUID storeUuid, long number) {
    try (var windows = new OneWindow();
        var reader = new SegmentReader(files, storeUuid, number, windows)) {
      return reader.headerDamage();
    }
  }

  private void run() {
    long offset = LogGroupFormat.FIRST_OFFSET;
    long expectedSequence = 0;
    while (offset >= 0) {
      Found found = reader.read(offset, expectedSequence);
      if (found == Found.GROUP) {
        long lastSequence = tell(offset);
        expectedSequence = lastSequence + 1;
        offset = reader.nextOffset();
        if (reader.kind() == LogGroupFormat.SEAL || reader.kind() == LogGroupFormat.NEXT) {
          return;
        }
        continue;
      }
      boolean isDamaged = found == Found.DAMAGED_GROUP;
      String detail = reader.detail();
      long next = found == Found.END_OF_FILE ? -1 : reader.find(offset + LogGroupFormat.ALIGNMENT);
      visitor.gap(new LogVisitor.Gap(reader.name(), offset, isDamaged, detail, next));
      expectedSequence = 0;
      offset = next;
    }
  }

  /// Returns the last sequence of the group.
  private long tell(long offset) {
    long start = reader.payloadOffset();
    long end = start + reader.payloadBytes();
    long sequence = reader.firstSequence();
    long at = start;
    for (int i = 0; i < reader.batches(); i++) {
      long length = WriteBatchFormat.bytesAt(reader.memory(), at, end);
      int operations = length < 0 ? -1 : WriteBatchFormat.operationsAt(reader.memory(), at);
      if (operations < 0) {
        throw malformed(offset, "batch " + i + " does not fit");
      }
      sequence += operations;
      at += length;
    }
    if (at != end) {
      throw malformed(offset, "batches do not fill it");
    }
    visitor.group(
        new LogVisitor.Group(
            reader.name(),
            offset,
            reader.nextOffset() - offset,
            kind(),
            reader.batches(),
            reader.firstSequence(),
            sequence - 1,
            reader.durableThrough(),
            reader.timeMillis()));
    if (visitor.wantsOperations()) {
      tellOperations(start, end, offset);
    }
    return sequence - 1;
  }

  private CorruptionException malformed(long offset, String detail) {
    return new CorruptionException(
        reader.name(), offset, "group of " + reader.batches() + " batches: " + detail);
  }

  private GroupKind kind() {
    return switch (reader.kind()) {
      case LogGroupFormat.SEAL -> GroupKind.SEAL;
      case LogGroupFormat.MARK -> GroupKind.MARK;
      case LogGroupFormat.NEXT -> GroupKind.NEXT;
      default -> GroupKind.BATCHES;
    };
  }

  private void tellOperations(long start, long end, long offset) {
    long sequence = reader.firstSequence();
    for (long at = start; at < end; ) {
      long length = WriteBatchFormat.bytesAt(reader.memory(), at, end);
      long fileOffset = offset + LogGroupFormat.HEADER_BYTES + at - start;
      batch.reset(reader.name(), fileOffset, reader.memory(), at, length);
      batch.verifyChecksum();
      while (batch.next()) {
        boolean isCounter = batch.kind() == ValueKind.COUNTER;
        visitor.operation(operation(isCounter ? 0 : sequence, isCounter));
        sequence += isCounter ? 0 : 1;
      }
      at += length;
    }
  }

  private LogVisitor.Operation operation(long sequence, boolean isCounter) {
    String kind = ValueKind.nameOf(batch.kind());
    if (isCounter) {
      long delta = batch.counterDelta();
      String namespace = Integer.toUnsignedString(batch.counterNamespace());
      String text = namespace + "/" + batch.counterId() + " " + (delta < 0 ? "" : "+") + delta;
      return new LogVisitor.Operation(reader.name(), 0, kind, Bytes.EMPTY, Bytes.EMPTY, text, -1);
    }
    int header = batch.kind() == ValueKind.PUT_EXPIRING ? ExpiringValue.HEADER_BYTES : 0;
    return new LogVisitor.Operation(
        reader.name(),
        sequence,
        kind,
        bytes(batch.keyOffset(), batch.keyLength()),
        bytes(batch.valueOffset() + header, batch.valueLength() - header),
        "",
        header == 0 ? -1 : ExpiringValue.expiresAt(batch.segment(), batch.valueOffset()));
  }

  private Bytes bytes(long offset, int length) {
    return Bytes.of(ByteArrays.copyOf(batch.segment(), offset, length));
  }
}
