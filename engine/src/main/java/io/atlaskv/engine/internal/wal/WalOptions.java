package io.atlaskv.engine.internal.wal;

/// Sizes and times of the log.
///
/// @param firstSegmentBytes size of the first segment; each later one is four times as large
/// @param segmentBytesMax until it has this size; only a larger batch gets a larger segment
/// @param recycledBytesMax how much of old segments is kept for reuse; the rest is deleted
/// @param aheadBytes how much of a segment gets blocks before what is written reaches them
/// @param groupBytes memory of a pending group; a larger batch gets more, for as long as it needs
/// @param markDelayNanos how long nothing must be written before a mark says so
/// @param retryDelayNanos how long to wait for space before a failed preparation is tried again
/// @param retention what is kept of segments that recovery no longer needs
public record WalOptions(
    long firstSegmentBytes,
    long segmentBytesMax,
    long recycledBytesMax,
    long aheadBytes,
    int groupBytes,
    long markDelayNanos,
    long retryDelayNanos,
    LogRetention retention) {
  /// Smallest segment.
  public static final long SEGMENT_BYTES_MIN = 4 << 10;

  private static final int GROUP_BYTES_MIN = 256;

  public static final WalOptions DEFAULT =
      new WalOptions(1 << 20, 64 << 20, 128 << 20, 16 << 20, 256 << 10, 100_000_000, 1_000_000_000);

  public WalOptions {
    require(firstSegmentBytes >= SEGMENT_BYTES_MIN, "firstSegmentBytes", firstSegmentBytes);
    require(segmentBytesMax >= firstSegmentBytes, "segmentBytesMax", segmentBytesMax);
    require(recycledBytesMax >= 0, "recycledBytesMax", recycledBytesMax);
    require(aheadBytes >= 0, "aheadBytes", aheadBytes);
    require(groupBytes >= GROUP_BYTES_MIN, "groupBytes", groupBytes);
    require(markDelayNanos >= 0, "markDelayNanos", markDelayNanos);
    require(retryDelayNanos >= 0, "retryDelayNanos", retryDelayNanos);
  }

  /// Keeps no segment longer than recovery needs it.
  public WalOptions(
      long firstSegmentBytes,
      long segmentBytesMax,
      long recycledBytesMax,
      long aheadBytes,
      int groupBytes,
      long markDelayNanos,
      long retryDelayNanos) {
    this(
        firstSegmentBytes,
        segmentBytesMax,
        recycledBytesMax,
        aheadBytes,
        groupBytes,
        markDelayNanos,
        retryDelayNanos,
        LogRetention.NONE);
  }

  private static void require(boolean condition, String field, long value) {
    if (!condition) {
      throw new IllegalArgumentException(field + "=" + value);
    }
  }

  /// With segments of at most `bytes`.
  public WalOptions withSegmentBytesMax(long bytes) {
    return new WalOptions(
        Math.min(firstSegmentBytes, bytes),
        bytes,
        recycledBytesMax,
        aheadBytes,
        groupBytes,
        markDelayNanos,
        retryDelayNanos,
        retention);
  }

  /// With another retention.
  public WalOptions withRetention(LogRetention value) {
    return new WalOptions(
        firstSegmentBytes,
        segmentBytesMax,
        recycledBytesMax,
        aheadBytes,
        groupBytes,
        markDelayNanos,
        retryDelayNanos,
        value);
  }
}
