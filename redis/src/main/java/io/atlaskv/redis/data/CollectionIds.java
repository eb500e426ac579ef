package io.atlaskv.redis.data;

import io.atlaskv.engine.internal.base.Layouts;
import io.atlaskv.engine.internal.base.Lookup;
import io.atlaskv.redis.store.Batch;
import io.atlaskv.redis.store.Reader;
import io.atlaskv.redis.store.Store;

/// Gives out the ids that rows of large values carry, never one twice, for all databases of a
/// store.
///
/// A block of ids is reserved by a record in the store before the first of it is used. As the log
/// is recovered as a prefix, no batch that was recovered can name an id that is not reserved. A
/// restart skips what is left of the block. Where an open or a repair has passed over damage, the
/// last records may be lost: each open since skips more ids than a log has writes.
///
/// ```
/// key    0(4) 'C'
/// value  version (1), first id that is not reserved u64 little-endian
/// ```
public final class CollectionIds {
  private static final byte VERSION = 1;
  private static final byte[] KEY = {0, 0, 0, 0, 'C'};
  private static final int NEXT_OFFSET = 1;
  private static final int VALUE_BYTES = NEXT_OFFSET + Long.BYTES;
  private static final long FIRST = 1;
  private static final long BLOCK = 1 << 16;
  private static final long LOST_MAX = 1L << 40;

  private final Store store;
  private long next;
  private long reservedEnd;

  private CollectionIds(Store store, long first) {
    this.store = store;
    next = first;
    reservedEnd = first;
  }

  /// Reads what is reserved. May block.
  public static CollectionIds open(Store store) {
    Reader reader = store.newReader(true);
    var lookup = new Lookup();
    long first = FIRST;
    if (reader.get(KEY, 0, KEY.length, lookup) == Reader.FOUND) {
      if (lookup.length() != VALUE_BYTES
          || lookup.segment().get(Layouts.BYTE, lookup.offset()) != VERSION) {
        throw new MetadataException("record of ids has an unknown version or is cut short");
      }
      first = lookup.segment().get(Layouts.LE_LONG, lookup.offset() + NEXT_OFFSET);
    }
    lookup.release();
    reader.reset();
    return new CollectionIds(store, store.hasLostWrites() ? first + LOST_MAX : first);
  }

  /// A fresh id.
  ///
  /// @throws NeedsRoom if a block has to be reserved and there is no room for the record now
  synchronized long take() {
    if (next == reservedEnd) {
      reserve();
    }
    return next++;
  }

  private void reserve() {
    long end = Math.addExact(next, BLOCK);
    try (Batch batch = store.newBatch()) {
      int at = batch.put(KEY, 0, KEY.length, VALUE_BYTES);
      batch.segment().set(Layouts.BYTE, at, VERSION);
      batch.segment().set(Layouts.LE_LONG, at + (long) NEXT_OFFSET, end);
      if (store.commit(batch) == Store.STALLED) {
        throw NeedsRoom.INSTANCE;
      }
    }
    reservedEnd = end;
  }
}
