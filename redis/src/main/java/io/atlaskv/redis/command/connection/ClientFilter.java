package io.atlaskv.redis.command.connection;

import io.atlaskv.redis.command.Errors;
import io.atlaskv.redis.command.Session;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.ReplyWriter;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// Which clients CLIENT KILL ends: those that meet all filters given.
///
/// @param id 0 = any
record ClientFilter(
    long id,
    @Nullable String address,
    @Nullable String localAddress,
    @Nullable ClientType type,
    boolean skipsAsker) {

  /// Reads `filter value [filter value ...]` from argument 2 on; null if an error was the reply.
  static @Nullable ClientFilter parse(Args args, ReplyWriter reply) {
    long id = 0;
    String address = null;
    String localAddress = null;
    ClientType type = null;
    boolean skipsAsker = true;
    for (int i = 2; i < args.count(); i += 2) {
      String value = i + 1 < args.count() ? args.text(i + 1) : null;
      String error = null;
      String filter = value == null ? "" : args.text(i).toUpperCase(Locale.ROOT);
      switch (filter) {
        case "ID" -> {
          boolean isValid = args.isNumber(i + 1) && args.number() > 0;
          id = isValid ? args.number() : 0;
          error = isValid ? null : "ERR client-id should be greater than 0";
        }
        case "ADDR" -> address = value;
        case "LADDR" -> localAddress = value;
        case "TYPE" -> {
          type = ClientType.parse(String.valueOf(value));
          error = type == null ? ClientType.unknown(String.valueOf(value)) : null;
        }
        case "USER" ->
            error =
                ClientNames.isDefaultUser(String.valueOf(value))
                    ? null
                    : "ERR No such user '" + ClientNames.printable(String.valueOf(value)) + "'";
        case "SKIPME" -> {
          skipsAsker = "yes".equalsIgnoreCase(value);
          error = skipsAsker || "no".equalsIgnoreCase(value) ? null : Errors.SYNTAX;
        }
        default -> error = Errors.SYNTAX;
      }
      if (error != null) {
        reply.error(error);
        return null;
      }
    }
    return new ClientFilter(id, address, localAddress, type, skipsAsker);
  }

  boolean includes(Session session, Session asker) {
    return (id == 0 || id == session.id())
        && (address == null || address.equals(session.address()))
        && (localAddress == null || localAddress.equals(session.localAddress()))
        && (type == null || type.includes(session))
        && !(skipsAsker && session == asker);
  }
}
