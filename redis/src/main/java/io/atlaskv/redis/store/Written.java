package io.atlaskv.redis.store;

/// How much was written.
///
/// @param rows that were put or deleted; a deleted range is one
/// @param bytes of their keys, the namespace apart, and of their values
public record Written(long rows, long bytes) {
  /// Nothing.
  public static final Written NONE = new Written(0, 0);

  /// This and another one.
  public Written plus(Written other) {
    return new Written(rows + other.rows, bytes + other.bytes);
  }

  /// This without another one.
  public Written minus(Written other) {
    return new Written(rows - other.rows, bytes - other.bytes);
  }
}
