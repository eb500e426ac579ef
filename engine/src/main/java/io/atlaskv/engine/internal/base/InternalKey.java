package io.atlaskv.engine.internal.base;

/// One version of a user key: the key and a 64-bit trailer.
///
/// ```
/// trailer = sequence << 8 | kind
/// ```
///
/// Order: user key ascending as unsigned bytes, then trailer descending as an unsigned number, so
/// that the newest version of a key comes first.
public final class InternalKey {
  /// Size of a stored trailer.
  public static final int TRAILER_BYTES = Long.BYTES;

  /// Longest user key: 64 KiB for the caller plus room for the namespace and layers above.
  public static final int USER_KEY_BYTES_MAX = (64 << 10) + 16;

  private static final int KIND_BITS = Byte.SIZE;

  private InternalKey() {}

  /// Makes a trailer.
  public static long pack(long sequence, byte kind) {
    assert SequenceNumber.isValid(sequence) : "sequence=" + sequence;
    return (sequence << KIND_BITS) | kind;
  }

  /// The sequence of a trailer.
  public static long sequence(long trailer) {
    return trailer >>> KIND_BITS;
  }

  /// The kind of a trailer.
  public static byte kind(long trailer) {
    return (byte) trailer;
  }

  /// Sorts before (or equal to) every version of a key that `snapshot` sees, and after all others.
  public static long seekTrailer(long snapshot) {
    return pack(snapshot, ValueKind.MAX);
  }

  /// Order of two versions of the same user key: newest first.
  public static int compareTrailers(long left, long right) {
    return Long.compareUnsigned(right, left);
  }

  /// Order of two internal keys in heap arrays.
  public static int compare(
      byte[] left,
      int leftOffset,
      int leftLength,
      long leftTrailer,
      byte[] right,
      int rightOffset,
      int rightLength,
      long rightTrailer) {
    int order = KeyBytes.compare(left, leftOffset, leftLength, right, rightOffset, rightLength);
    return order != 0 ? order : compareTrailers(leftTrailer, rightTrailer);
  }
}
