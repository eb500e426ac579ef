package io.atlaskv.redis.config;

import java.io.Serial;

/// A change that was refused, in Redis' words.
public final class SettingException extends Exception {
  @Serial private static final long serialVersionUID = 1;

  private SettingException(String sentence) {
    super(sentence);
  }

  static SettingException unknown(String name) {
    return new SettingException(
        "Unknown option or number of arguments for CONFIG SET - '" + name + "'");
  }

  static SettingException refused(String name, String reason) {
    return new SettingException(
        "CONFIG SET failed (possibly related to argument '" + name + "') - " + reason);
  }

  /// The whole sentence, without the code of an error reply.
  public String sentence() {
    return String.valueOf(getMessage());
  }
}
