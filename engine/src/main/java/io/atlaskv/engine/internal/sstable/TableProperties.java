package io.atlaskv.engine.internal.sstable;

import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.api.CorruptionException;
import io.atlaskv.engine.internal.base.Layouts;
import io.atlaskv.engine.internal.base.NativeBuffer;
import java.lang.foreign.MemorySegment;

/// What a table says of itself.
///
/// ```
/// offset  size  field
///      0     4  number of properties n
///      4  12 n  properties: id u32, value u64; unknown ids are ignored
///            4  length of the smallest key, then the key
///            4  length of the largest key, then the key
///               prefix filter, if there is one                          [PrefixFilter]
/// ```
///
/// @param number file number
/// @param fileBytes size of the file
/// @param entries point entries, tombstones included
/// @param deletions point tombstones
/// @param rangeDeletes range tombstones, as written
/// @param rawKeyBytes sum of the key lengths
/// @param rawValueBytes sum of the value lengths
/// @param dataBlocks number of data blocks
/// @param smallestSequence smallest sequence of entries and range tombstones
/// @param largestSequence largest of them
/// @param createdMillis when it was written, in milliseconds since 1970
/// @param smallest smallest key of entries and range tombstones
/// @param largest largest key of entries, or end of a range tombstone if that is greater
/// @param isLargestExclusive whether `largest` is the end of a range tombstone, which does not
///   belong to the range
/// @param expiring entries that expire; these three properties are written only if there are some
/// @param smallestExpiryMillis when the first of them expires, in milliseconds since 1970; 0 if
///   there is none
/// @param largestExpiryMillis when the last of them expires; 0 if there is none
/// @param prefixFilterBytes bytes of the prefix filter at the end of the block, 0 if there is none;
///   then the property is not written
public record TableProperties(
    long number,
    long fileBytes,
    long entries,
    long deletions,
    long rangeDeletes,
    long rawKeyBytes,
    long rawValueBytes,
    long dataBlocks,
    long smallestSequence,
    long largestSequence,
    long createdMillis,
    Bytes smallest,
    Bytes largest,
    boolean isLargestExclusive,
    long expiring,
    long smallestExpiryMillis,
    long largestExpiryMillis,
    int prefixFilterBytes) {
  private static final int ENTRIES = 1;
  private static final int DELETIONS = 2;
  private static final int RANGE_DELETES = 3;
  private static final int RAW_KEY_BYTES = 4;
  private static final int RAW_VALUE_BYTES = 5;
  private static final int DATA_BLOCKS = 6;
  private static final int SMALLEST_SEQUENCE = 7;
  private static final int LARGEST_SEQUENCE = 8;
  private static final int CREATED_MILLIS = 9;
  private static final int LARGEST_EXCLUSIVE = 10;
  private static final int EXPIRING = 11;
  private static final int SMALLEST_EXPIRY = 12;
  private static final int LARGEST_EXPIRY = 13;
  private static final int PREFIX_FILTER_BYTES = 14;
  private static final int COUNT_OF_ALL = 10; // that all tables have
  private static final int COUNT_OF_EXPIRING = 3;
  private static final int LAST = PREFIX_FILTER_BYTES;
  private static final int PROPERTY_BYTES = Integer.BYTES + Long.BYTES;

  /// Appends all but the prefix filter.
  void encode(NativeBuffer target) {
    int count = COUNT_OF_ALL + (expiring == 0 ? 0 : COUNT_OF_EXPIRING);
    target.putInt(count + (prefixFilterBytes == 0 ? 0 : 1));
    put(target, ENTRIES, entries);
    put(target, DELETIONS, deletions);
    put(target, RANGE_DELETES, rangeDeletes);
    put(target, RAW_KEY_BYTES, rawKeyBytes);
    put(target, RAW_VALUE_BYTES, rawValueBytes);
    put(target, DATA_BLOCKS, dataBlocks);
    put(target, SMALLEST_SEQUENCE, smallestSequence);
    put(target, LARGEST_SEQUENCE, largestSequence);
    put(target, CREATED_MILLIS, createdMillis);
    put(target, LARGEST_EXCLUSIVE, isLargestExclusive ? 1 : 0);
    if (expiring != 0) {
      put(target, EXPIRING, expiring);
      put(target, SMALLEST_EXPIRY, smallestExpiryMillis);
      put(target, LARGEST_EXPIRY, largestExpiryMillis);
    }
    if (prefixFilterBytes != 0) {
      put(target, PREFIX_FILTER_BYTES, prefixFilterBytes);
    }
    putKey(target, smallest);
    putKey(target, largest);
  }

  private static void put(NativeBuffer target, int id, long value) {
    target.putInt(id);
    target.putLong(value);
  }

  private static void putKey(NativeBuffer target, Bytes key) {
    target.putInt(key.length());
    target.put(key.toArray(), 0, key.length());
  }

  TableProperties withFileBytes(long bytes) {
    return new TableProperties(
        number,
        bytes,
        entries,
        deletions,
        rangeDeletes,
        rawKeyBytes,
        rawValueBytes,
        dataBlocks,
        smallestSequence,
        largestSequence,
        createdMillis,
        smallest,
        largest,
        isLargestExclusive,
        expiring,
        smallestExpiryMillis,
        largestExpiryMillis,
        prefixFilterBytes);
  }

  /// Reads a verified properties block.
  static TableProperties decode(
      String file,
      long number,
      long fileBytes,
      long fileOffset,
      MemorySegment source,
      long at,
      int bytes) {
    int count = bytes < Integer.BYTES ? -1 : source.get(Layouts.LE_INT, at);
    long keysAt = at + Integer.BYTES + (long) count * PROPERTY_BYTES;
    if (count < 0 || keysAt > at + bytes) {
      throw malformed(file, fileOffset);
    }
    long[] values = new long[LAST + 1];
    for (int i = 0; i < count; i++) {
      long property = at + Integer.BYTES + (long) i * PROPERTY_BYTES;
      int id = source.get(Layouts.LE_INT, property);
      if (id > 0 && id <= LAST) {
        values[id] = source.get(Layouts.LE_LONG, property + Integer.BYTES);
      }
    }
    Bytes smallest = key(file, fileOffset, source, keysAt, at + bytes);
    long largestAt = keysAt + Integer.BYTES + smallest.length();
    Bytes largest = key(file, fileOffset, source, largestAt, at + bytes);
    long prefixFilterBytes = values[PREFIX_FILTER_BYTES];
    long rest = at + bytes - largestAt - Integer.BYTES - largest.length();
    if (prefixFilterBytes < 0 || prefixFilterBytes > rest) {
      throw malformed(file, fileOffset);
    }
    return new TableProperties(
        number,
        fileBytes,
        values[ENTRIES],
        values[DELETIONS],
        values[RANGE_DELETES],
        values[RAW_KEY_BYTES],
        values[RAW_VALUE_BYTES],
        values[DATA_BLOCKS],
        values[SMALLEST_SEQUENCE],
        values[LARGEST_SEQUENCE],
        values[CREATED_MILLIS],
        smallest,
        largest,
        values[LARGEST_EXCLUSIVE] != 0,
        values[EXPIRING],
        values[SMALLEST_EXPIRY],
        values[LARGEST_EXPIRY],
        (int) prefixFilterBytes);
  }

  private static Bytes key(String file, long fileOffset, MemorySegment source, long at, long end) {
    int length = end - at < Integer.BYTES ? -1 : source.get(Layouts.LE_INT, at);
    if (length < 0 || length > end - at - Integer.BYTES) {
      throw malformed(file, fileOffset);
    }
    byte[] key = new byte[length];
    MemorySegment.copy(source, Layouts.BYTE, at + Integer.BYTES, key, 0, length);
    return Bytes.of(key);
  }

  private static CorruptionException malformed(String file, long fileOffset) {
    return new CorruptionException(file, fileOffset, "malformed properties block");
  }
}
