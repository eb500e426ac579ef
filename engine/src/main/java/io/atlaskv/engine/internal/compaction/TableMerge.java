package io.atlaskv.engine.internal.compaction;

import io.atlaskv.engine.internal.base.InternalKey;
import io.atlaskv.engine.internal.base.KeyBytes;
import io.atlaskv.engine.internal.base.ValueKind;
import io.atlaskv.engine.internal.iterator.InternalIterator;
import io.atlaskv.engine.internal.iterator.Position;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// The work that flushes and compactions share: takes entries from one sorted input, leaves out
/// what nobody needs and writes the rest to tables, in bounded steps.
final class TableMerge {
  private static final int STEP_ENTRIES = 8 << 10;
  private static final int STEP_BYTES = 2 << 20;

  private final InternalIterator input;
  private final VersionFilter filter;
  private final MergeOutputs outputs;
  private final CutRule cuts;
  private final byte @Nullable [] from; // null: from the first entry on
  private final byte @Nullable [] to; // null: to the last entry
  private boolean hasStarted;
  private boolean isAtEnd;
  private boolean isDone;
  private long entriesRead;
  private long bytesRead;
  private long entriesWritten;

  /// Where outputs end.
  interface CutRule {
    /// Whether a table of so many bytes is to end before this key, which is not before the last one
    /// asked for.
    boolean isBefore(byte[] key, int length, long tableBytes);
  }

  TableMerge(InternalIterator input, VersionFilter filter, MergeOutputs outputs, CutRule cuts) {
    this(input, filter, outputs, cuts, null, null);
  }

  /// Of the entries whose user keys are in `[from, to)`; null is no bound.
  TableMerge(
      InternalIterator input,
      VersionFilter filter,
      MergeOutputs outputs,
      CutRule cuts,
      byte @Nullable [] from,
      byte @Nullable [] to) {
    this.input = input;
    this.filter = filter;
    this.outputs = outputs;
    this.cuts = cuts;
    this.from = from;
    this.to = to;
  }

  /// Does one step; false when all is written and synced.
  boolean step() {
    if (isDone) {
      return false;
    }
    if (!hasStarted) {
      hasStarted = true;
      begin();
      return true;
    }
    if (!isAtEnd && input.isValid()) {
      mergeSome();
      return true;
    }
    outputs.finishAll();
    isDone = true;
    return false;
  }

  private void begin() {
    if (from == null) {
      input.seekToFirst();
    } else {
      input.seek(from, 0, from.length);
    }
  }

  private void mergeSome() {
    int bytes = 0;
    for (int i = 0; i < STEP_ENTRIES && bytes < STEP_BYTES && input.isValid(); i++) {
      Position entry = input.position();
      byte[] key = entry.keyBuffer();
      int length = entry.keyLength();
      if (to != null && KeyBytes.compare(key, 0, length, to, 0, to.length) >= 0) {
        isAtEnd = true;
        return;
      }
      boolean isOlder = entriesRead > 0 && entry.isOlderVersion();
      long trailer = filter.keep(entry, isOlder);
      if (trailer != VersionFilter.DROP) {
        boolean isShadowed = filter.isShadowed();
        if (!isShadowed && cuts.isBefore(key, length, outputs.tableBytes())) {
          outputs.cutBefore(key, length);
          bytes = STEP_BYTES; // syncing a table is a step's work
        }
        add(entry, trailer, isShadowed);
        filter.written();
        entriesWritten++;
        bytes += length + entry.valueLength();
      }
      entriesRead++;
      bytesRead += length + entry.valueLength();
      input.next();
    }
  }

  private void add(Position entry, long trailer, boolean isShadowed) {
    byte[] key = entry.keyBuffer();
    int length = entry.keyLength();
    MemorySegment other = filter.replacement();
    if (other != null) {
      outputs.add(key, length, trailer, other, 0, (int) other.byteSize(), isShadowed);
      return;
    }
    outputs.add(
        key,
        length,
        trailer,
        entry.valueSegment(),
        entry.valueOffset(),
        InternalKey.kind(trailer) == ValueKind.DELETE ? 0 : entry.valueLength(),
        isShadowed);
  }

  /// Bytes of the keys and values looked at.
  long bytesRead() {
    return bytesRead;
  }

  long entriesRead() {
    return entriesRead;
  }

  long entriesWritten() {
    return entriesWritten;
  }
}
