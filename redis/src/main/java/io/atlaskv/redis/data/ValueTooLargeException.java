package io.atlaskv.redis.data;

/// A command would write more at once than the memory limit allows. It is answered with an error.
public final class ValueTooLargeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ValueTooLargeException() {
    super("value is larger than the memory limit allows", null, false, false);
  }
}
