package io.atlaskv.redis.command.connection;

/// Rules for what clients call themselves.
final class ClientNames {
  static final String INVALID =
      "ERR Client names cannot contain spaces, newlines or special characters.";

  private ClientNames() {}

  /// True if every character can be seen.
  static boolean isValid(String name) {
    return name.chars().allMatch(c -> c >= '!' && c <= '~');
  }

  /// The only user there is so far.
  static boolean isDefaultUser(String name) {
    return name.equals("default");
  }

  static String printable(String text) {
    return text.replaceAll("[^!-~]", " ");
  }
}
