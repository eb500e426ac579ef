package io.atlaskv.redis.command;

/// The changes of one transaction are more than the store takes at once.
final class BatchTooLargeException extends RuntimeException {
  private static final long serialVersionUID = 1;

  BatchTooLargeException(long bytesMax) {
    super("its changes are larger than the limit of " + bytesMax + " bytes");
  }
}
