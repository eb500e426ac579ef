package io.atlaskv.engine.internal.base;

/// What an operation does to its key: the low byte of a trailer and the first byte of each
/// operation of a batch. Part of the file formats: values are never reused.
public final class ValueKind {
  /// A point tombstone; has no value.
  public static final byte DELETE = 0;

  /// A value.
  public static final byte PUT = 1;

  /// Tombstone over a range `[start, end)`; the value is the end key.
  public static final byte RANGE_DELETE = 2;

  /// Change of a persistent counter: only in batches, never in tables, takes no sequence.
  public static final byte COUNTER = 3;

  /// A value that expires: 8 bytes of time before it (`ExpiringValue`).
  public static final byte PUT_EXPIRING = 4;

  /// Largest kind known: packed with a snapshot's sequence it sorts before all of its entries.
  public static final byte MAX = PUT_EXPIRING;

  private ValueKind() {}

  /// True if an entry of a memtable or table may have this kind. Others are corruption.
  public static boolean isStored(byte kind) {
    return kind == PUT || kind == DELETE || kind == PUT_EXPIRING;
  }

  /// True if an operation of a batch may have this kind. Others are corruption.
  public static boolean isBatched(byte kind) {
    return kind >= DELETE && kind <= PUT_EXPIRING;
  }

  /// For messages.
  public static String nameOf(byte kind) {
    return switch (kind) {
      case DELETE -> "DELETE";
      case PUT -> "PUT";
      case RANGE_DELETE -> "RANGE_DELETE";
      case COUNTER -> "COUNTER";
      case PUT_EXPIRING -> "PUT_EXPIRING";
      default -> "unknown kind " + (kind & 0xff);
    };
  }
}
