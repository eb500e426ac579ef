package io.atlaskv.redis.resp;

/// A reply does not fit in what one connection may have pending. The command is answered with an
/// error instead.
public final class ReplyTooLargeException extends RuntimeException {
  private static final long serialVersionUID = 1L;

  ReplyTooLargeException(int limitBytes) {
    this("reply is larger than the output limit of " + limitBytes + " bytes");
  }

  /// For a limit of the protocol that a reply is written in.
  public ReplyTooLargeException(String message) {
    super(message, null, false, false);
  }
}
