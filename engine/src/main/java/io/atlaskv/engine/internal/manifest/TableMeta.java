package io.atlaskv.engine.internal.manifest;

import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.internal.sstable.TableProperties;

/// What a version knows of one table: where its keys lie and what is worth knowing about them
/// without opening it.
///
/// @param number file number
/// @param bytes size of the file
/// @param smallest first user key or start of a range tombstone
/// @param largest last user key or end of a range tombstone
/// @param largestExclusive true if `largest` is the end of a range tombstone, which is no part of
///   it
/// @param smallestSequence smallest sequence of entries and range tombstones
/// @param largestSequence largest sequence of entries and range tombstones
/// @param entries entries, point tombstones included, range tombstones not
/// @param deletions point tombstones
/// @param shadowed entries with a newer version of the same user key in the same table
/// @param rangeDeletions range tombstone fragments
/// @param times when its entries came and when they go
public record TableMeta(
    long number,
    long bytes,
    Bytes smallest,
    Bytes largest,
    boolean largestExclusive,
    long smallestSequence,
    long largestSequence,
    long entries,
    long deletions,
    long shadowed,
    long rangeDeletions,
    TableTimes times) {

  public TableMeta {
    int order = smallest.compareTo(largest);
    if (order > 0 || (order == 0 && largestExclusive)) {
      throw new IllegalArgumentException("smallest=" + smallest + " largest=" + largest);
    }
    if (smallestSequence < 0 || largestSequence < smallestSequence) {
      throw new IllegalArgumentException(
          "smallestSequence=" + smallestSequence + " largestSequence=" + largestSequence);
    }
    if (number < 0 || bytes < 0 || entries < 0 || rangeDeletions < 0) {
      throw new IllegalArgumentException(
          "number=" + number + " bytes=" + bytes + " entries=" + entries);
    }
    if (deletions < 0 || shadowed < 0 || deletions > entries || shadowed > entries) {
      throw new IllegalArgumentException(
          "deletions=" + deletions + " shadowed=" + shadowed + " entries=" + entries);
    }
  }

  /// A table of whose times nothing is known.
  public TableMeta(
      long number,
      long bytes,
      Bytes smallest,
      Bytes largest,
      boolean largestExclusive,
      long smallestSequence,
      long largestSequence,
      long entries,
      long deletions,
      long shadowed,
      long rangeDeletions) {
    this(
        number,
        bytes,
        smallest,
        largest,
        largestExclusive,
        smallestSequence,
        largestSequence,
        entries,
        deletions,
        shadowed,
        rangeDeletions,
        TableTimes.UNKNOWN);
  }

  /// What the manifest is told of a table that was just written.
  public static TableMeta of(TableProperties table, long shadowed) {
    return of(table, shadowed, TableTimes.UNKNOWN);
  }

  /// As above, with what is known of the times of its entries.
  public static TableMeta of(TableProperties table, long shadowed, TableTimes times) {
    return new TableMeta(
        table.number(),
        table.fileBytes(),
        table.smallest(),
        table.largest(),
        table.isLargestExclusive(),
        table.smallestSequence(),
        table.largestSequence(),
        table.entries(),
        table.deletions(),
        shadowed,
        table.rangeDeletes(),
        times.withExpiry(
            table.expiring(), table.smallestExpiryMillis(), table.largestExpiryMillis()));
  }

  /// The same table, whose entries count as written at a sequence, whatever they carry.
  public TableMeta withSequence(long sequence) {
    return new TableMeta(
        number,
        bytes,
        smallest,
        largest,
        largestExclusive,
        sequence,
        sequence,
        entries,
        deletions,
        shadowed,
        rangeDeletions,
        times);
  }

  /// Whether it was given its sequence as a whole (`withSequence`): the entries themselves carry 0.
  public boolean isNumbered(TableProperties found) {
    return smallestSequence > 0
        && smallestSequence == largestSequence
        && found.largestSequence() == 0
        && found.rangeDeletes() == 0;
  }

  /// True if all of this table sorts before `key`.
  public boolean endsBefore(Bytes key) {
    int order = largest.compareTo(key);
    return order < 0 || (order == 0 && largestExclusive);
  }

  /// True if the two tables may hold a common key.
  public boolean overlaps(TableMeta other) {
    return !endsBefore(other.smallest) && !other.endsBefore(smallest);
  }

  /// True if the table may hold a key of `range`.
  public boolean overlaps(KeyRange range) {
    return !endsBefore(range.smallest()) && !range.endsBefore(smallest);
  }

  /// The keys between the table's bounds.
  public KeyRange range() {
    return new KeyRange(smallest, largest, largestExclusive);
  }

  /// True if a compaction could shed something here, were no snapshot in the way.
  public boolean hasGarbage() {
    return deletions > 0 || shadowed > 0 || rangeDeletions > 0;
  }
}
