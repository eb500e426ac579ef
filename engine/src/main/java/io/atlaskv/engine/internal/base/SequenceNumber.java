package io.atlaskv.engine.internal.base;

/// Position of an operation in the one commit order of a store: 1, 2, 3, ... in 56 bits.
///
/// `ZERO` belongs to no operation; compaction gives it to entries that every snapshot sees.
public final class SequenceNumber {
  /// Width of a sequence; the other 8 bits of a trailer hold the `ValueKind`.
  public static final int BITS = 56;

  /// Before every operation.
  public static final long ZERO = 0;

  /// Largest sequence; as a snapshot it sees everything.
  public static final long MAX = (1L << BITS) - 1;

  private SequenceNumber() {}

  /// True if `sequence` fits in 56 bits.
  public static boolean isValid(long sequence) {
    return (sequence & ~MAX) == 0;
  }
}
