package io.atlaskv.engine.internal.wal;

import io.atlaskv.engine.internal.base.Checksum;
import io.atlaskv.engine.internal.base.SequenceNumber;
import io.atlaskv.engine.internal.base.WriteBatchFormat;
import java.util.UUID;

/// A group: what one write put into a log segment. Groups follow each other from the segment header
/// on; none crosses segments.
///
/// ```
/// offset  size  field
///      0     4  CRC32C of all that follows, padding included, xor seed
///      4     4  bytes of payload
///      8     1  kind: 0 batches, 1 seal, 2 mark, 4 next
///      9     3  tag: high 24 bits of the seed
///     12     4  batches in the payload
///     16     8  first sequence: of the payload, or the next one if it takes none
///     24     8  durable through: every sequence up to here was safe when this was written
///     32     8  time of the write, milliseconds since 1970
///     40        payload: batches, back to back
///               zeroes up to a multiple of 8
/// ```
///
/// The seed mixes store, file number and offset: a group that is stale, misplaced or of another
/// store never verifies. The tag tells a damaged group from what was there before it.
///
/// - seal: the log was closed here; nothing follows.
/// - mark: nothing was written for a while; tells that all before it is safe.
/// - next: the log goes on in the segment with the next number. Every segment but the last one ends
///   with it, so there is always room for one.
final class LogGroupFormat {
  static final int CRC_OFFSET = 0;
  static final int LENGTH_OFFSET = 4;
  static final int KIND_OFFSET = 8;
  static final int BATCHES_OFFSET = 12;
  static final int FIRST_SEQUENCE_OFFSET = 16;
  static final int DURABLE_THROUGH_OFFSET = 24;
  static final int TIME_OFFSET = 32;
  static final int HEADER_BYTES = 40;

  static final int BATCHES = 0;
  static final int SEAL = 1;
  static final int MARK = 2;
  static final int NEXT = 4;

  /// Offsets of groups are multiples of this.
  static final int ALIGNMENT = 8;

  /// Offset of the first group of a segment.
  static final int FIRST_OFFSET = LogSegmentHeader.BYTES;

  private static final int KIND_MASK = 0xff;

  private LogGroupFormat() {}

  /// What a store adds to file numbers before they go into seeds.
  static long salt(UUID storeUuid) {
    return storeUuid.getMostSignificantBits() ^ storeUuid.getLeastSignificantBits();
  }

  static int seed(long salt, long segment, long offset) {
    return Checksum.seed(segment ^ salt, offset);
  }

  static int kindAndTag(int kind, int seed) {
    return (seed & ~KIND_MASK) | kind;
  }

  static int kind(int kindAndTag) {
    return kindAndTag & KIND_MASK;
  }

  static boolean hasTag(int kindAndTag, int seed) {
    return ((kindAndTag ^ seed) & ~KIND_MASK) == 0;
  }

  /// Size of a group in the file.
  static long bytes(long payloadBytes) {
    return align(HEADER_BYTES + payloadBytes);
  }

  static long align(long offset) {
    return (offset + ALIGNMENT - 1) & -ALIGNMENT;
  }

  /// True if the fields agree with each other: what a writer could have written.
  static boolean isPlausible(
      int kind, int payloadBytes, int batches, long firstSequence, long durableThrough) {
    boolean isFilled =
        switch (kind) {
          case BATCHES ->
              batches > 0 && payloadBytes >= (long) batches * WriteBatchFormat.HEADER_BYTES;
          case SEAL, MARK, NEXT -> batches == 0 && payloadBytes == 0;
          default -> false;
        };
    return isFilled
        && firstSequence > SequenceNumber.ZERO
        && SequenceNumber.isValid(firstSequence - 1)
        && durableThrough >= SequenceNumber.ZERO
        && durableThrough < firstSequence;
  }
}
