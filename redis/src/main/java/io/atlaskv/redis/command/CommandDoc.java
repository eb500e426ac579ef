package io.atlaskv.redis.command;

/// What COMMAND DOCS and the docs page say of a command.
///
/// @param since version of Redis that brought it, or of AtlasKV for its own
/// @param complexity time, in Redis' notation
/// @param syntax arguments as documented
/// @param summary one line
/// @param deprecatedSince version of Redis, or empty
/// @param replacedBy what to use instead, or empty
public record CommandDoc(
    String since,
    String complexity,
    String syntax,
    String summary,
    String deprecatedSince,
    String replacedBy) {
  static final CommandDoc NONE = new CommandDoc("1.0.0", "O(1)", "", "", "", "");
}
