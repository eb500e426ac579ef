package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.internal.base.BatchReader;
import io.atlaskv.engine.internal.base.InternalKey;
import io.atlaskv.engine.internal.base.Layouts;
import io.atlaskv.engine.internal.base.LiveSnapshots;
import io.atlaskv.engine.internal.base.ValueKind;
import io.atlaskv.engine.internal.memtable.Memtable;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// Inserts the operations of batches into a memtable and the counters: at commit and at recovery,
/// so that both do the same. One thread at a time.
final class BatchApplier {
  private final CounterTable counters;
  private final LiveSnapshots snapshots;
  private final @Nullable ReplayedNames names;
  private final @Nullable Tally writes;
  private final BatchReader reader = new BatchReader();

  /// @param names is told of all keys, if there is one
  /// @param writes counts all operations, if there is one
  BatchApplier(
      CounterTable counters,
      LiveSnapshots snapshots,
      @Nullable ReplayedNames names,
      @Nullable Tally writes) {
    this.counters = counters;
    this.snapshots = snapshots;
    this.names = names;
    this.writes = writes;
  }

  void apply(Memtable memtable, long firstSequence, MemorySegment bytes, long offset, long length) {
    long sequence = firstSequence;
    reader.reset(bytes, offset, length);
    while (reader.next()) {
      switch (reader.kind()) {
        case ValueKind.PUT, ValueKind.DELETE, ValueKind.PUT_EXPIRING -> {
          memtable.put(
              InternalKey.pack(sequence++, reader.kind()),
              bytes,
              reader.keyOffset(),
              reader.keyLength(),
              reader.valueOffset(),
              reader.valueLength(),
              snapshots);
          count(bytes);
          if (names != null) {
            names.note(bytes, reader.keyOffset(), reader.keyLength());
          }
        }
        case ValueKind.RANGE_DELETE -> {
          byte[] start = copy(bytes, reader.keyOffset(), reader.keyLength());
          byte[] end = copy(bytes, reader.valueOffset(), reader.valueLength());
          count(bytes);
          memtable.deleteRange(sequence++, start, end, snapshots);
          int dropped = NamespaceKey.wholeNamespace(start, end);
          if (dropped >= 0) {
            counters.clearNamespace(dropped);
          }
        }
        case ValueKind.COUNTER ->
            counters.add(reader.counterNamespace(), reader.counterId(), reader.counterDelta());
        default -> throw new AssertionError("kind=" + reader.kind());
      }
    }
  }

  private void count(MemorySegment bytes) {
    if (writes != null && reader.keyLength() >= NamespaceKey.ID_BYTES) {
      writes.write(
          bytes.get(Layouts.BE_INT, reader.keyOffset()),
          reader.keyLength() - NamespaceKey.ID_BYTES + reader.valueLength());
    }
  }

  private static byte[] copy(MemorySegment bytes, long offset, int length) {
    byte[] copy = new byte[length];
    MemorySegment.copy(bytes, Layouts.BYTE, offset, copy, 0, length);
    return copy;
  }
}
