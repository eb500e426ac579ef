package io.atlaskv.redis.resp;

/// A reply does not fit in what one connection may have pending. The command is answered with an
/// error instead.
public final class ReplyTooLargeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ReplyTooLargeException(int limitBytes) {
    super("reply is larger than the output limit of " + limitBytes + " bytes", null, false, false);
  }
}
