package io.atlaskv.engine.internal.sstable;

import io.atlaskv.engine.api.AtlasException;
import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.api.StorageException;
import io.atlaskv.engine.api.tools.Finding;
import io.atlaskv.engine.internal.base.ExpiringValue;
import io.atlaskv.engine.internal.base.InternalKey;
import io.atlaskv.engine.internal.base.KeyBytes;
import io.atlaskv.engine.internal.base.RangeTombstones;
import io.atlaskv.engine.internal.base.ValueKind;
import io.atlaskv.engine.internal.cache.BlockCache;
import io.atlaskv.engine.internal.io.FileName;
import io.atlaskv.engine.internal.io.FileSystem;
import java.util.Arrays;
import java.util.UUID;
import java.util.function.Consumer;
import java.util.function.LongConsumer;
import org.jspecify.annotations.Nullable;

/// Reads all of a table and checks what its readers rely on. Tells every damaged block, not only
/// the first.
///
/// Checked:
/// - C1: every byte is under a checksum that matches, but for the header, which has its own.
/// - C2: rows stand in the order of internal keys, across blocks too.
/// - C3: index, filter and tags lead to every row.
/// - C4: the properties say what is there; they cannot be judged where a block is damaged.
public final class TableVerifier {
  private final TableReader table;
  private final Consumer<Finding> findings;
  private byte[] lastKey = new byte[128];
  private int lastKeyLength;
  private long lastTrailer;
  private boolean hasLast;
  private @Nullable Bytes firstKey;
  private long entries;
  private long deletions;
  private long expiring;
  private long smallestExpiry;
  private long largestExpiry;
  private long keyBytes;
  private long valueBytes;
  private long smallestSequence = Long.MAX_VALUE;
  private long largestSequence;
  private boolean isWhole = true;

  private TableVerifier(TableReader table, Consumer<Finding> findings) {
    this.table = table;
    this.findings = findings;
  }

  /// Checks table `number`.
  ///
  /// @param cache lends buffers; nothing is put into it
  /// @param progress told how many bytes more have been read
  /// @return what the table says of itself; null if it cannot be opened
  public static @Nullable TableProperties verify(
      FileSystem files,
      long number,
      UUID storeUuid,
      BlockCache cache,
      Consumer<Finding> findings,
      LongConsumer progress) {
    TableReader table;
    try {
      table = TableReader.open(files, number, storeUuid, cache, PointIndexes.NONE);
    } catch (AtlasException e) {
      findings.accept(Finding.of(e, FileName.table(number)));
      return null;
    }
    try (var walk = new BlockWalk(table, cache.buffers())) {
      var verifier = new TableVerifier(table, findings);
      while (walk.next()) {
        verifier.block(walk);
        progress.accept(walk.storedBytes());
      }
      verifier.properties();
      return table.properties();
    } finally {
      table.release();
    }
  }

  private void block(BlockWalk walk) {
    try {
      walk.decode();
      var rows = walk.entries();
      for (rows.seekToFirst(); rows.isValid(); rows.next()) {
        row(rows, walk);
      }
    } catch (StorageException e) { // the device cannot read it; the blocks behind it perhaps
      tell(walk, String.valueOf(e.getMessage()));
      isWhole = false;
    } catch (AtlasException e) {
      findings.accept(Finding.of(e, table.name()));
      isWhole = false;
    }
  }

  private void row(DataBlockIterator row, BlockWalk walk) {
    byte[] key = row.keyBuffer();
    int length = row.keyLength();
    long trailer = row.trailer();
    if (hasLast && compareWithLast(key, length, trailer) >= 0) { // C2
      tell(walk, "key " + text(key, length) + " follows " + text(lastKey, lastKeyLength));
    }
    long hash = TableReader.hash(key, 0, length);
    if (!table.filter().mayContain(hash)) { // C3
      tell(walk, "key " + text(key, length) + " is not in the filter");
    }
    PrefixFilter prefixes = table.prefixFilter();
    if (prefixes != null && !prefixes.leadsTo(key, length)) { // C3
      tell(walk, "key " + text(key, length) + " is not in the prefix filter");
    }
    int found = table.index().find(key, 0, length, trailer);
    if (found != walk.ordinal()) {
      tell(walk, "the index has key " + text(key, length) + " in block " + found);
    }
    if (row.tag() != DataBlockLayout.tag(hash)) {
      tell(walk, "key " + text(key, length) + " has a wrong tag");
    }
    long sequence = InternalKey.sequence(trailer);
    smallestSequence = Math.min(smallestSequence, sequence);
    largestSequence = Math.max(largestSequence, sequence);
    entries++;
    deletions += InternalKey.kind(trailer) == ValueKind.DELETE ? 1 : 0;
    if (InternalKey.kind(trailer) == ValueKind.PUT_EXPIRING) {
      long expiresAt = ExpiringValue.expiresAt(row.valueSegment(), row.valueOffset());
      smallestExpiry = expiring == 0 ? expiresAt : Math.min(smallestExpiry, expiresAt);
      largestExpiry = Math.max(largestExpiry, expiresAt);
      expiring++;
    }
    keyBytes += length;
    valueBytes += row.valueLength();
    keep(key, length, trailer);
  }

  private int compareWithLast(byte[] key, int length, long trailer) {
    int order = KeyBytes.compare(lastKey, 0, lastKeyLength, key, 0, length);
    return order != 0 ? order : InternalKey.compareTrailers(lastTrailer, trailer);
  }

  private void keep(byte[] key, int length, long trailer) {
    if (firstKey == null) {
      firstKey = Bytes.of(key, 0, length);
    }
    if (lastKey.length < length) {
      lastKey = new byte[Math.max(length, 2 * lastKey.length)];
    }
    System.arraycopy(key, 0, lastKey, 0, length);
    lastKeyLength = length;
    lastTrailer = trailer;
    hasLast = true;
  }

  private void properties() { // C4
    if (!isWhole) {
      return;
    }
    RangeTombstones tombstones = table.rangeTombstones();
    Bytes smallest = firstKey;
    Bytes largest = hasLast ? Bytes.of(lastKey, 0, lastKeyLength) : null;
    boolean isExclusive = false;
    for (int i = 0; i < tombstones.fragments(); i++) {
      Bytes start = Bytes.of(tombstones.start(i));
      Bytes end = Bytes.of(tombstones.end(i));
      smallest = smallest == null || start.compareTo(smallest) < 0 ? start : smallest;
      if (largest == null || end.compareTo(largest) > 0) {
        largest = end;
        isExclusive = true;
      }
      for (int j = 0; j < tombstones.sequenceCount(i); j++) {
        smallestSequence = Math.min(smallestSequence, tombstones.sequence(i, j));
        largestSequence = Math.max(largestSequence, tombstones.sequence(i, j));
      }
    }
    TableProperties told = table.properties();
    expect("rows", told.entries(), entries);
    expect("deletions", told.deletions(), deletions);
    expect("bytes of keys", told.rawKeyBytes(), keyBytes);
    expect("bytes of values", told.rawValueBytes(), valueBytes);
    expect("entries that expire", told.expiring(), expiring);
    expect("smallest expiry", told.smallestExpiryMillis(), smallestExpiry);
    expect("largest expiry", told.largestExpiryMillis(), largestExpiry);
    expect("data blocks", told.dataBlocks(), (long) table.index().blocks());
    if (smallest != null && largest != null) {
      expect("smallest sequence", told.smallestSequence(), smallestSequence);
      expect("largest sequence", told.largestSequence(), largestSequence);
      expect("smallest key", told.smallest(), smallest);
      expect("largest key", told.largest(), largest);
      expect("exclusive largest key", told.isLargestExclusive(), isExclusive);
    }
  }

  private void expect(String what, Object told, Object found) {
    if (!told.equals(found)) {
      findings.accept(
          Finding.damage(
              table.name(),
              table.footer().properties().offset(),
              "expected " + what + " " + told + ", found " + found));
    }
  }

  private void tell(BlockWalk walk, String detail) {
    findings.accept(Finding.damage(table.name(), walk.offset(), detail));
  }

  private static String text(byte[] key, int length) {
    return Bytes.of(Arrays.copyOf(key, length)).toString();
  }
}
