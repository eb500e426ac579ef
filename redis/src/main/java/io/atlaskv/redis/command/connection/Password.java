package io.atlaskv.redis.command.connection;

import io.atlaskv.redis.command.Context;
import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;

/// The password of the default user (`requirepass`).
final class Password {
  private Password() {}

  /// True if there is one.
  static boolean isRequired(Context context) {
    return !context.data().settings().access.requirepass.value().isEmpty();
  }

  /// True if `candidate` is the password, or there is none. The time it takes tells nothing of the
  /// password, not even its length: digests are compared.
  static boolean isRight(Context context, byte[] candidate) {
    String password = context.data().settings().access.requirepass.value();
    boolean isRight =
        MessageDigest.isEqual(digest(password.getBytes(StandardCharsets.UTF_8)), digest(candidate));
    return isRight || password.isEmpty();
  }

  private static byte[] digest(byte[] text) {
    try {
      return MessageDigest.getInstance("SHA-256").digest(text);
    } catch (NoSuchAlgorithmException e) { // every Java has it
      throw new AssertionError(e);
    }
  }
}
