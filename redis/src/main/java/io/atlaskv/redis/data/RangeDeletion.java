package io.atlaskv.redis.data;

import io.atlaskv.engine.api.Bytes;
import io.atlaskv.redis.store.Batch;
import io.atlaskv.redis.store.Reader;
import io.atlaskv.redis.store.RowCursor;
import java.lang.foreign.MemorySegment;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// Deletes the first keys of a stretch with one range tombstone. Their expiry rows go one by one,
/// as those lie in order of time, and so do the fragments of each large string.
public final class RangeDeletion {
  /// What was deleted.
  ///
  /// @param keys live keys
  /// @param last where to go on; null = nothing is left
  public record Slice(long keys, @Nullable Bytes last) {}

  private RangeDeletion() {}

  /// Puts the deletion of up to `keysMax` keys of `bounds` into the batch of `keys`; null = blocks
  /// are needed. The caller holds all latches.
  public static @Nullable Slice delete(Keyspace keys, KeyBounds bounds, int keysMax) {
    int namespace = keys.namespace();
    byte[] lower = bounds.lowerRow(namespace);
    byte[] upper = bounds.upperRow(namespace);
    Batch batch = keys.batch();
    long now = keys.nowMillis();
    long stored = 0;
    long live = 0;
    long expiring = 0;
    long bytes = 0;
    byte[] end = {};
    byte[] indexRow = {};
    try (RowCursor rows = keys.reader().cursor(lower, upper)) {
      int state = rows.first();
      while (state == Reader.FOUND && stored < keysMax) {
        long expiresAt = MetadataFormat.expiresAt(rows.valueSegment(), rows.valueOffset());
        int length = rows.keyLength();
        if (expiresAt != 0) {
          if (indexRow.length < length + Long.BYTES) {
            indexRow = new byte[2 * length + Long.BYTES];
          }
          int indexLength = RowKey.expiry(indexRow, rows.key(), length, expiresAt);
          batch.delete(indexRow, 0, indexLength);
          expiring++;
        }
        bytes += length - RowKey.METADATA_PREFIX_BYTES + deleteValue(rows, namespace, batch);
        boolean isLive = expiresAt == 0 || expiresAt > now;
        keys.deletedInRange(rows.key(), length, isLive);
        live += isLive ? 1 : 0;
        stored++;
        if (end.length != length + 1) {
          end = new byte[length + 1];
        }
        System.arraycopy(rows.key(), 0, end, 0, length); // the next key after this one
        state = rows.next();
      }
      if (state == Reader.NEEDS_BLOCKS) {
        return null;
      }
      if (stored == 0) {
        return new Slice(0, null);
      }
      batch.deleteRange(lower, end);
      batch.count(namespace, Keyspace.KEYS, -stored);
      batch.count(namespace, Keyspace.BYTES, -bytes);
      if (expiring > 0) {
        batch.count(namespace, Keyspace.EXPIRING, -expiring);
      }
      if (state == Reader.ABSENT) {
        return new Slice(live, null);
      }
      byte[] last = Arrays.copyOfRange(end, RowKey.METADATA_PREFIX_BYTES, end.length - 1);
      return new Slice(live, Bytes.of(last));
    }
  }

  /// Deletes what of a value is not in the metadata row; returns the bytes of all of it.
  private static long deleteValue(RowCursor rows, int namespace, Batch batch) {
    MemorySegment memory = rows.valueSegment();
    long at = rows.valueOffset();
    int bytes = rows.valueLength() - MetadataFormat.BYTES;
    if (!MetadataFormat.isInFragments(MetadataFormat.head(memory, at))) {
      return bytes;
    }
    Fragments fragments = Fragments.read(namespace, memory, at + MetadataFormat.BYTES, bytes);
    fragments.delete(batch);
    return fragments.length();
  }
}
