package io.atlaskv.engine.internal.sstable;

import io.atlaskv.engine.internal.base.ExpiringValue;
import io.atlaskv.engine.internal.base.InternalKey;
import io.atlaskv.engine.internal.base.KeyBytes;
import io.atlaskv.engine.internal.base.Layouts;
import io.atlaskv.engine.internal.base.Lookup;
import io.atlaskv.engine.internal.base.NativeBuffer;
import io.atlaskv.engine.internal.base.SequenceNumber;
import io.atlaskv.engine.internal.base.ValueKind;
import io.atlaskv.engine.internal.cache.BlockRequest;
import io.atlaskv.engine.internal.cache.PinnedBlock;
import io.atlaskv.engine.internal.cache.ReadContext;
import io.atlaskv.engine.internal.cache.RowCache;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;

/// The rows of one table in the row cache: each the newest that the table has of a key.
///
/// ```
/// offset  size  field
///      0     8  trailer, as in the table
///      8     4  length of the key << 1 | 1 if there is a sum
///     12  0, 4  sum of the row (`RowSum`), if its block has such
///               key, value as stored
/// ```
///
/// Invariants:
/// - C1: it is the newest version in its table, so it answers who sees all of that table, and
///   nobody else. Such a reader would find this very row in the table, whatever was written since:
///   tables do not change.
/// - C2: the name in the cache has only a hash of the key, so the key is compared.
final class TableRows {
  private static final int KEY_LENGTH_OFFSET = Long.BYTES;
  private static final int HEADER_BYTES = KEY_LENGTH_OFFSET + Integer.BYTES;
  private static final int HAS_SUM = 1;

  private final RowCache cache;
  private final TableReader table;
  private final long largestSequence;

  /// @param largestSequence in the table
  TableRows(RowCache cache, TableReader table, long largestSequence) {
    this.cache = cache;
    this.table = table;
    this.largestSequence = largestSequence;
  }

  /// Whether such a reader may see rows, and leave some.
  boolean isFor(ReadContext context, long snapshot) {
    return snapshot >= largestSequence && context.fillsCache(); // C1
  }

  /// Answers with a cached row, and says false; or brings the block in which the key is to the
  /// context's scratch, and keeps the row if its key is missed for the second time.
  boolean load(
      ReadContext context,
      long blockOffset,
      int storedBytes,
      byte[] key,
      int offset,
      int length,
      long hash,
      Lookup out) {
    PinnedBlock scratch = context.scratch();
    boolean isKnown = cache.isKnown(hash);
    if (isKnown && cache.pin(table.fileNumber(), hash, scratch)) {
      try {
        int state = get(scratch, key, offset, length, hash, out);
        if (state == DataBlockSearch.MALFORMED || state == DataBlockSearch.WRONG_SUM) {
          throw table.damage(state, blockOffset, key, offset, length);
        }
        if (Lookup.isAnswer(state)) {
          context.forgetMiss();
          return false;
        }
      } finally {
        scratch.release();
      }
    }
    BlockRequest request;
    if (isKnown) {
      byte[] ownKey = Arrays.copyOfRange(key, offset, offset + length);
      request =
          new BlockRequest(table, blockOffset, storedBytes, block -> keep(block, ownKey, hash));
    } else {
      request = new BlockRequest(table, blockOffset, storedBytes);
    }
    context.readIfAllowed(request, false, scratch);
    return true;
  }

  /// Answers with a pinned row through `out`, which takes over the pin if there is a value. Returns
  /// the state of `out`, or as `DataBlockSearch` does if the row is another key's or damaged.
  static int get(PinnedBlock row, byte[] key, int offset, int length, long hash, Lookup out) {
    MemorySegment segment = row.segment();
    long base = row.base();
    int lengthAndSum = segment.get(Layouts.LE_INT, base + KEY_LENGTH_OFFSET);
    boolean hasSum = (lengthAndSum & HAS_SUM) != 0;
    long keyAt = base + HEADER_BYTES + (hasSum ? RowSum.BYTES : 0);
    if (lengthAndSum >>> 1 != length
        || !KeyBytes.equal(key, offset, segment, keyAt, length)) { // C2
      out.absent();
      return DataBlockSearch.OTHER_KEY;
    }
    long trailer = segment.get(Layouts.LE_LONG, base);
    long valueAt = keyAt + length;
    int valueLength = (int) (base + row.length() - valueAt);
    if (hasSum
        && segment.get(Layouts.LE_INT, base + HEADER_BYTES)
            != RowSum.of(hash, trailer, segment, valueAt, valueLength)) {
      return DataBlockSearch.WRONG_SUM;
    }
    byte kind = InternalKey.kind(trailer);
    long sequence = InternalKey.sequence(trailer);
    return DataBlockSearch.answer(row, kind, sequence, valueAt, valueLength, out);
  }

  /// Takes the row of a key from the block in which its newest version is, if it is anywhere. Who
  /// asked for the block is told what is wrong with it, if anything is.
  private void keep(PinnedBlock block, byte[] key, long hash) {
    var found = new Lookup();
    try (var shared = new PinnedBlock()) {
      block.share(shared);
      int state =
          DataBlockSearch.get(
              shared,
              DataBlockSearch.ANY_ENTRY,
              key,
              0,
              key.length,
              hash,
              SequenceNumber.MAX,
              found);
      if (Lookup.isAnswer(state)) {
        insert(found, DataBlockLayout.hasRowSums(block.segment(), block.base()), key, hash);
      }
    } finally {
      found.release();
    }
  }

  private void insert(Lookup found, boolean hasSum, byte[] key, long hash) {
    boolean expires = found.state() == Lookup.EXPIRING;
    int before = expires ? ExpiringValue.HEADER_BYTES : 0; // the lookup shows what is behind
    MemorySegment value = found.segment();
    long valueAt = found.offset() - before;
    int valueLength = found.length() + before;
    if (valueLength > RowCache.ROW_BYTES_MAX - HEADER_BYTES - RowSum.BYTES - key.length) {
      return;
    }
    byte kind = expires ? ValueKind.PUT_EXPIRING : found.kind();
    long trailer = InternalKey.pack(found.sequence(), kind);
    NativeBuffer row = cache.buffers().take(RowCache.ROW_BYTES_MAX);
    try {
      row.putLong(trailer);
      row.putInt(key.length << 1 | (hasSum ? HAS_SUM : 0));
      if (hasSum) { // the row has just been compared with its own
        row.putInt(RowSum.of(hash, trailer, value, valueAt, valueLength));
      }
      row.put(key, 0, key.length);
      row.put(value, valueAt, valueLength);
      cache.insert(table.fileNumber(), hash, row);
    } finally {
      cache.buffers().give(row);
    }
  }
}
