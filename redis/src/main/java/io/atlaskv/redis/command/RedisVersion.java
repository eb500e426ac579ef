package io.atlaskv.redis.command;

/// Which Redis this behaves like, for clients that ask.
public final class RedisVersion {
  /// The level of commands, replies and errors.
  public static final String COMPATIBLE = "7.2.0";

  private RedisVersion() {}
}
