package io.atlaskv.redis.command;

import java.util.List;
import java.util.Locale;

/// One argument of a command, or a group of them, as COMMAND DOCS tells it.
///
/// @param name of the argument; what groups are called is not part of Redis' protocol
/// @param type of its value
/// @param token word in front of it, or empty
/// @param keySpec which of the command's key specs finds it, or -1
/// @param isOptional whether it may be left out
/// @param isMultiple whether it may be repeated
/// @param isTokenRepeated whether the token is repeated with it
/// @param arguments of a group
public record Argument(
    String name,
    Type type,
    String token,
    int keySpec,
    boolean isOptional,
    boolean isMultiple,
    boolean isTokenRepeated,
    List<Argument> arguments) {
  /// What an argument is.
  public enum Type {
    STRING,
    INTEGER,
    DOUBLE,
    KEY,
    PATTERN,
    UNIX_TIME,
    PURE_TOKEN,
    ONEOF,
    BLOCK;

    /// Redis' name of it.
    public String word() {
      return name().toLowerCase(Locale.ROOT).replace('_', '-');
    }
  }

  public Argument {
    arguments = List.copyOf(arguments);
  }

  static Argument leaf(String name, Type type, int keySpec) {
    return new Argument(name, type, "", keySpec, false, false, false, List.of());
  }

  static Argument word(String token) {
    String name = token.toLowerCase(Locale.ROOT);
    return new Argument(name, Type.PURE_TOKEN, token, -1, false, false, false, List.of());
  }

  static Argument group(Type type, List<Argument> arguments) {
    return new Argument(arguments.getFirst().name(), type, "", -1, false, false, false, arguments);
  }

  Argument withToken(String newToken) {
    return new Argument(
        name, type, newToken, keySpec, isOptional, isMultiple, isTokenRepeated, arguments);
  }

  Argument optional() {
    return new Argument(name, type, token, keySpec, true, isMultiple, isTokenRepeated, arguments);
  }

  Argument multiple(boolean withToken) {
    return new Argument(name, type, token, keySpec, isOptional, true, withToken, arguments);
  }

  /// True if COMMAND DOCS gives it a text to display: a value, not a word or a group.
  public boolean isValue() {
    return type != Type.PURE_TOKEN && type != Type.ONEOF && type != Type.BLOCK;
  }
}
