package io.atlaskv.redis.command;

/// What only the server knows of a client: its buffers. Numbers of other loops may be a moment old.
///
/// @param inputBytes received and not executed yet, what runs now included
/// @param inputFreeBytes room behind them
/// @param argumentBytes of the command that waits or runs
/// @param replyCapacityBytes memory for replies
/// @param unsentBytes replies and pushes that are not sent
/// @param isWriteWanted whether the socket is full
public record ClientFigures(
    long inputBytes,
    long inputFreeBytes,
    long argumentBytes,
    long replyCapacityBytes,
    long unsentBytes,
    boolean isWriteWanted) {
  /// Nothing is buffered.
  public static final ClientFigures NONE = new ClientFigures(0, 0, 0, 0, 0, false);

  /// Up to so many unsent bytes count as the reply buffer, more as the list behind it: as in Redis,
  /// where output limits begin there.
  public static final int REPLY_BUFFER_BYTES = 16 * 1024;

  /// Bytes in the list behind the reply buffer.
  public long listBytes() {
    return unsentBytes > REPLY_BUFFER_BYTES ? unsentBytes : 0;
  }
}
