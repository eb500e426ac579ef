package io.atlaskv.engine.api.tools;

import io.atlaskv.engine.api.Bytes;
import java.util.List;
import java.util.UUID;

/// What a table says of itself.
///
/// @param file plain name
/// @param storeUuid identity of the store
/// @param formatVersion version of its format
/// @param bytes size of the file
/// @param parts the parts of the file, in their order
/// @param blocks number of data blocks
/// @param entries rows, tombstones included
/// @param deletions point tombstones
/// @param rangeDeletions range tombstones
/// @param rawKeyBytes sum of the lengths of keys
/// @param rawValueBytes sum of the lengths of values
/// @param smallestSequence smallest sequence in it
/// @param largestSequence largest sequence in it
/// @param createdMillis when it was written, milliseconds since 1970
/// @param smallest first key or start of a range tombstone
/// @param largest last key or end of a range tombstone
/// @param isLargestExclusive whether `largest` is no part of the table
/// @param filterLines lines of 64 bytes of its filter; 0 if it has none
/// @param filterProbes bits that the filter sets for each key
/// @param prefixLengths how long the prefixes are that its prefix filter has, by namespace; empty
///   if it has none
/// @param prefixFilterLines lines of 64 bytes of its prefix filter
/// @param prefixFilterProbes bits that it sets for each prefix
/// @param indexLevels levels of the search tree of its index
/// @param expiring rows that expire
/// @param smallestExpiryMillis when the first of them does, milliseconds since 1970; 0 if there is
///   none
/// @param largestExpiryMillis when the last of them does; 0 if there is none
public record TableContents(
    String file,
    UUID storeUuid,
    int formatVersion,
    long bytes,
    List<Part> parts,
    int blocks,
    long entries,
    long deletions,
    long rangeDeletions,
    long rawKeyBytes,
    long rawValueBytes,
    long smallestSequence,
    long largestSequence,
    long createdMillis,
    Bytes smallest,
    Bytes largest,
    boolean isLargestExclusive,
    long filterLines,
    int filterProbes,
    List<PrefixLength> prefixLengths,
    long prefixFilterLines,
    int prefixFilterProbes,
    int indexLevels,
    long expiring,
    long smallestExpiryMillis,
    long largestExpiryMillis) {

  public TableContents {
    parts = List.copyOf(parts);
    prefixLengths = List.copyOf(prefixLengths);
  }

  /// A part of the file.
  public record Part(String name, long offset, long bytes) {}

  /// How many bytes of the keys of a namespace are the prefix that the prefix filter has.
  public record PrefixLength(int namespace, int bytes) {}
}
