package io.atlaskv.engine.internal.sstable;

/// How a table is written. Readers need none of it.
///
/// @param blockBytes most bytes of a data block before compression, unless one entry is larger; the
///   block cache's slots fit the default
/// @param restartShift a restart point stands every `1 << restartShift` entries
/// @param compression what is tried on data blocks; a block that does not shrink by an eighth stays
///   as it is
/// @param filterBitsPerKey size of the filter; 0 = no filter
/// @param hasRowSums whether each row has a checksum of its own ([RowSum])
/// @param prefixes which namespaces have a prefix filter, over how many bytes ([PrefixFilter])
public record TableOptions(
    int blockBytes,
    int restartShift,
    Compression compression,
    int filterBitsPerKey,
    boolean hasRowSums,
    PrefixLengths prefixes) {
  /// Uncompressed, for tables that are soon merged away.
  public static final TableOptions DEFAULT =
      new TableOptions(4 << 10, 2, Compression.NONE, 10, false, PrefixLengths.NONE);

  private static final int BLOCK_BYTES_MIN = 256;
  private static final int BLOCK_BYTES_MAX = 32 << 10;
  private static final int RESTART_SHIFT_MAX = 6;
  private static final int FILTER_BITS_MAX = 32;

  /// Codecs for data blocks.
  public enum Compression {
    NONE,
    LZ4
  }

  public TableOptions {
    require("blockBytes", blockBytes, BLOCK_BYTES_MIN, BLOCK_BYTES_MAX);
    require("restartShift", restartShift, 0, RESTART_SHIFT_MAX);
    require("filterBitsPerKey", filterBitsPerKey, 0, FILTER_BITS_MAX);
  }

  private static void require(String field, int value, int min, int max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(field + "=" + value + ", expected " + min + " to " + max);
    }
  }

  /// With another block size.
  public TableOptions withBlockBytes(int newBlockBytes) {
    return new TableOptions(
        newBlockBytes, restartShift, compression, filterBitsPerKey, hasRowSums, prefixes);
  }

  /// With another restart interval.
  public TableOptions withRestartShift(int newRestartShift) {
    return new TableOptions(
        blockBytes, newRestartShift, compression, filterBitsPerKey, hasRowSums, prefixes);
  }

  /// With another codec.
  public TableOptions withCompression(Compression newCompression) {
    return new TableOptions(
        blockBytes, restartShift, newCompression, filterBitsPerKey, hasRowSums, prefixes);
  }

  /// With another filter size.
  public TableOptions withFilterBitsPerKey(int newFilterBitsPerKey) {
    return new TableOptions(
        blockBytes, restartShift, compression, newFilterBitsPerKey, hasRowSums, prefixes);
  }

  /// With or without a checksum for each row.
  public TableOptions withRowSums(boolean newHasRowSums) {
    return new TableOptions(
        blockBytes, restartShift, compression, filterBitsPerKey, newHasRowSums, prefixes);
  }

  /// With prefix filters for other namespaces.
  public TableOptions withPrefixes(PrefixLengths newPrefixes) {
    return new TableOptions(
        blockBytes, restartShift, compression, filterBitsPerKey, hasRowSums, newPrefixes);
  }
}
