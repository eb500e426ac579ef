package io.atlaskv.redis.command;

import java.util.Locale;

/// What a command does with a key: the words of Redis' key specifications.
public enum KeyFlag {
  /// Reads the value, does not change it.
  RO,
  /// Reads and changes the value.
  RW,
  /// Overwrites the value.
  OW,
  /// Deletes the key.
  RM,
  /// The reply, or another key, shows the value.
  ACCESS,
  /// The value changes in a way that depends on what it was.
  UPDATE,
  /// Adds to the value.
  INSERT,
  /// Takes away from the value.
  DELETE,
  NOT_KEY,
  INCOMPLETE,
  /// It depends on the other arguments: `Command.keyFlags` says.
  VARIABLE_FLAGS;

  /// The word in COMMAND INFO.
  public String word() {
    return this == RO || this == RW || this == OW || this == RM
        ? name()
        : name().toLowerCase(Locale.ROOT);
  }
}
