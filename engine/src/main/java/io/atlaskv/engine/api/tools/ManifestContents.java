package io.atlaskv.engine.api.tools;

import io.atlaskv.engine.api.Bytes;
import java.util.List;
import java.util.UUID;

/// What the live manifest of a store says.
///
/// @param file plain name of the manifest
/// @param storeUuid identity of the store
/// @param formatVersion version of its format
/// @param bytes size of the file
/// @param intactBytes bytes up to the end of its last whole edit; less than `bytes` if a crash left
///   an incomplete one
/// @param committedBytes bytes that the file `COMMITTED` says were synced; −1 if it says nothing
/// @param edits number of its edits, the first of which is a whole state
/// @param nextFileNumber no file has this number or a larger one
/// @param lastSequence last sequence known to be used
/// @param flushedThrough everything up to this sequence is in tables
/// @param logNumber oldest log segment that recovery needs; 0 if the store has none yet
/// @param historyFrom oldest log segment that is kept for its history; 0 if none is
/// @param boundaries where recoveries ended the log, oldest first
/// @param tables live tables, by tree, then by level, in the level's order
/// @param counters persistent counters that are not 0, by namespace and number
/// @param features optional features of the format that the store uses, such as `expiry`: a release
///   that does not know one refuses the store
public record ManifestContents(
    String file,
    UUID storeUuid,
    int formatVersion,
    long bytes,
    long intactBytes,
    long committedBytes,
    long edits,
    long nextFileNumber,
    long lastSequence,
    long flushedThrough,
    long logNumber,
    long historyFrom,
    List<Boundary> boundaries,
    List<LiveTable> tables,
    List<Counter> counters,
    List<String> features) {

  public ManifestContents {
    boundaries = List.copyOf(boundaries);
    tables = List.copyOf(tables);
    counters = List.copyOf(counters);
    features = List.copyOf(features);
  }

  /// Where a recovery ended the log.
  ///
  /// @param firstSegment first segment written after it
  /// @param lastSequence last sequence before it
  public record Boundary(long firstSegment, long lastSequence) {}

  /// A persistent counter.
  public record Counter(int namespace, int counter, long value) {}

  /// A table that the manifest names. Keys are engine keys: the namespace in four bytes, then the
  /// caller's key.
  ///
  /// @param level its level, 0 the newest
  /// @param file plain name
  /// @param bytes size of the file
  /// @param smallest first key or start of a range tombstone
  /// @param largest last key or end of a range tombstone
  /// @param isLargestExclusive whether `largest` is no part of the table
  /// @param smallestSequence smallest sequence in it
  /// @param largestSequence largest sequence in it
  /// @param entries rows, tombstones included
  /// @param deletions point tombstones
  /// @param shadowed rows with a newer version of their key in the same table
  /// @param rangeDeletions range tombstones
  /// @param tree 0 for the tree that namespaces share, else the id of the namespace whose own it is
  public record LiveTable(
      int level,
      String file,
      long bytes,
      Bytes smallest,
      Bytes largest,
      boolean isLargestExclusive,
      long smallestSequence,
      long largestSequence,
      long entries,
      long deletions,
      long shadowed,
      long rangeDeletions,
      int tree) {}
}
