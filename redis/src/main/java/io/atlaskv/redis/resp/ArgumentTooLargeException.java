package io.atlaskv.redis.resp;

/// An argument is longer than what is copied to the heap. The command is answered with an error.
public final class ArgumentTooLargeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ArgumentTooLargeException(int bytes) {
    super(
        "an argument of "
            + bytes
            + " bytes is longer than this command takes: "
            + Args.COPY_BYTES_MAX,
        null,
        false,
        false);
  }
}
