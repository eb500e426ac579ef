package io.atlaskv.redis.command;

import io.atlaskv.engine.api.AtlasException;
import io.atlaskv.redis.data.RowKey;
import io.atlaskv.redis.resp.Args;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// Error replies in Redis' own words: clients match them.
public final class Errors {
  public static final String SYNTAX = "ERR syntax error";
  public static final String NOT_AN_INTEGER = "ERR value is not an integer or out of range";
  public static final String NOT_POSITIVE = "ERR value is out of range, must be positive";
  public static final String OVERFLOW = "ERR increment or decrement would overflow";
  public static final String WRONG_TYPE =
      "WRONGTYPE Operation against a key holding the wrong kind of value";
  public static final String KEY_TOO_LONG =
      "ERR key is longer than " + RowKey.KEY_BYTES_MAX + " bytes";
  public static final String DB_INDEX = "ERR DB index is out of range";
  public static final String NO_KEY = "ERR no such key";
  public static final String SAME_OBJECT = "ERR source and destination objects are the same";
  public static final String NOT_AN_INT =
      "ERR value is out of range, value must between -2147483648 and 2147483647";
  public static final String INVALID_CURSOR = "ERR invalid cursor";
  public static final String NO_PROTO = "NOPROTO unsupported protocol version";

  public static final String EXEC_ABORT =
      "EXECABORT Transaction discarded because of previous errors.";
  public static final String QUEUE_TOO_LONG =
      "ERR transaction is larger than the client query buffer limit allows";
  public static final String NO_AUTH = "NOAUTH Authentication required.";
  public static final String WRONG_PASS =
      "WRONGPASS invalid username-password pair or user is disabled.";
  static final String MONITOR_KEYSPACE = "ERR Replica can't interact with the keyspace";

  static final String SUBSCRIBES_ON_WORKER =
      "ERR subscriptions cannot change in a transaction that takes as long as this one";

  static final String OUT_OF_MEMORY = "OOM command not allowed when used memory > 'maxmemory'.";

  private static final int QUOTED_BYTES_MAX = 128;

  private Errors() {}

  /// Wrong number of arguments; `lowerName` with subcommand as `config|get`.
  public static String arity(String lowerName) {
    return "ERR wrong number of arguments for '" + lowerName + "' command";
  }

  /// An expiry that is zero, negative or out of range.
  public static String invalidExpire(String lowerName) {
    return "ERR invalid expire time in '" + lowerName + "' command";
  }

  static String unknownCommand(Args args) {
    String refusal = args.refusal();
    if (refusal != null) {
      return refusal;
    }
    var text = new StringBuilder("ERR unknown command '");
    text.append(quote(args, 0)).append("', with args beginning with: ");
    int quoted = 0;
    for (int i = 1; i < args.count() && quoted < QUOTED_BYTES_MAX; i++) {
      String argument = quote(args, i);
      argument = argument.substring(0, Math.min(argument.length(), QUOTED_BYTES_MAX - quoted));
      text.append('\'').append(argument).append("' ");
      quoted += argument.length() + 3;
    }
    return line(text.toString());
  }

  /// A subcommand that the container command does not have.
  public static String unknownSubcommand(Args args, String container) {
    return line("ERR unknown subcommand '" + quote(args, 1) + "'. Try " + container + " HELP.");
  }

  /// A subcommand that was given something it does not take.
  public static String subcommandSyntax(Args args, String container) {
    return line(
        "ERR unknown subcommand or wrong number of arguments for '"
            + quote(args, 1)
            + "'. Try "
            + container
            + " HELP.");
  }

  /// A client of version 2 that has subscribed to something may not run this.
  static String notWhileSubscribed(String lowerName) {
    return "ERR Can't execute '"
        + lowerName
        + "': only (P|S)SUBSCRIBE / (P|S)UNSUBSCRIBE / PING / QUIT / RESET are allowed in this context";
  }

  /// The write is refused: a write or sync of the log has failed.
  public static String readOnly(@Nullable AtlasException failure) {
    String reason = failure == null ? "store is read-only" : String.valueOf(failure.getMessage());
    return oneLine("MISCONF Errors writing to the AOF file: " + reason);
  }

  /// CLIENT UNBLOCK with ERROR.
  public static final String UNBLOCKED = "UNBLOCKED client unblocked via CLIENT UNBLOCK";

  /// EXEC has done nothing, for this reason.
  static String discarded(String error) {
    String reason = error.startsWith("ERR ") ? error.substring("ERR ".length()) : error;
    return "EXECABORT Transaction discarded because of: " + reason;
  }

  static String storage(AtlasException thrown, @Nullable AtlasException failure) {
    return failure != null
        ? readOnly(failure)
        : oneLine("ERR storage: " + String.valueOf(thrown.getMessage()).strip());
  }

  private static String quote(Args args, int i) {
    return new String(args.head(i, QUOTED_BYTES_MAX), StandardCharsets.ISO_8859_1);
  }

  /// Text, UTF-8 for the client, as the words of an error.
  public static String oneLine(String text) {
    return line(new String(text.getBytes(StandardCharsets.UTF_8), StandardCharsets.ISO_8859_1));
  }

  /// Errors end at the first line break: whatever a client sent must not make a second reply.
  private static String line(String text) {
    return text.replace('\r', ' ').replace('\n', ' ');
  }
}
