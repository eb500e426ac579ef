package io.atlaskv.redis.data;

import io.atlaskv.redis.store.Batch;
import io.atlaskv.redis.store.Reader;
import io.atlaskv.redis.store.RowCursor;
import java.util.ArrayList;
import java.util.Arrays;

/// Deletes the keys of many rows of the expiry index at once. The index is in order of time, so one
/// range tombstone covers the rows of all of them, and what a row says of its key is enough to
/// delete it unread.
///
/// Invariants:
/// - Z1: the caller holds all latches from before the walk until the batch is committed, and every
///   other writer holds the latches of its keys from before it reads until it has committed. So no
///   row comes, goes or changes between the walk and the range tombstone: the tombstone covers the
///   rows that were walked over, all of them, and no others.
/// - Z2: so a row that was walked over is the expiry row of a key that is stored and expires then
///   (K1 of `Keyspace`). It says how long the value is if the key has no other rows; a key that may
///   have some is read.
/// - Z3: the tombstone begins where the walk did, not at the start of the index: a row before that,
///   written late, is left to a walk that meets it.
/// - Z4: metadata rows, index rows and counters change in one batch: K1 holds after each commit and
///   after a crash.
public final class ExpirySweep {
  private final Keyspace keys;
  private final KeysAhead ahead;
  private final ArrayList<byte[]> others = new ArrayList<>(); // rows of keys that are to be read
  private byte[] last = {};
  private int lastLength;

  /// @param keys what it deletes goes into their batch
  /// @param ahead looks keys up together; nothing is left in it between sweeps
  public ExpirySweep(Keyspace keys, KeysAhead ahead) {
    this.keys = keys;
    this.ahead = ahead;
  }

  /// Puts the deletion of the first keys that are due, not before `lower`, into the batch: of up to
  /// `rowsMax`, fewer if they are long. Returns how many, or `Reader.NEEDS_BLOCKS`: then the batch
  /// must not be committed.
  public int delete(byte[] lower, int rowsMax, int bytesMax) {
    Batch batch = keys.batch();
    int alone = 0;
    long aloneBytes = 0;
    byte[] upper = RowKey.expiryBound(keys.namespace(), keys.nowMillis() + 1);
    others.clear();
    try (RowCursor rows = keys.reader().cursor(lower, upper)) {
      int state = rows.first();
      while (state == Reader.FOUND
          && alone + others.size() < rowsMax
          && batch.length() < bytesMax) {
        byte[] row = rows.key();
        int length = rows.keyLength();
        int valueBytes =
            ExpiryFormat.aloneBytes(rows.valueSegment(), rows.valueOffset(), rows.valueLength());
        if (valueBytes != ExpiryFormat.OTHERS) {
          aloneBytes += keys.expireAlone(row, length) + valueBytes;
          alone++;
        } else {
          others.add(Arrays.copyOf(row, length));
        }
        keep(row, length);
        state = rows.next();
      }
      if (state == Reader.NEEDS_BLOCKS && alone + others.size() == 0) {
        return Reader.NEEDS_BLOCKS;
      }
    }
    int count = alone + others.size();
    if (count == 0) {
      return 0;
    }
    if (!ExpiryRows.delete(keys, others, ahead)) {
      return Reader.NEEDS_BLOCKS;
    }
    byte[] end = Arrays.copyOf(last, lastLength + 1); // with a zero: the next key after the last
    end[lastLength] = 0;
    batch.deleteRange(lower, end);
    if (alone > 0) {
      batch.count(keys.namespace(), Keyspace.KEYS, -alone);
      batch.count(keys.namespace(), Keyspace.EXPIRING, -alone);
      batch.count(keys.namespace(), Keyspace.BYTES, -aloneBytes);
    }
    return count;
  }

  /// The last row of the last sweep.
  public byte[] last() {
    return Arrays.copyOf(last, lastLength);
  }

  private void keep(byte[] row, int length) {
    if (last.length <= length) {
      last = new byte[2 * length + 1];
    }
    System.arraycopy(row, 0, last, 0, length);
    lastLength = length;
  }
}
