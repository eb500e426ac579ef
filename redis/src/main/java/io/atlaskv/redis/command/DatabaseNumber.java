package io.atlaskv.redis.command;

import io.atlaskv.redis.data.Databases;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.ReplyWriter;

/// Arguments that are numbers of databases.
public final class DatabaseNumber {
  private DatabaseNumber() {}

  /// The number in argument `i`; -1 = it is none, the reply says so.
  public static int parse(Args args, int i, ReplyWriter reply) {
    if (!args.isNumber(i)) {
      reply.error(Errors.NOT_AN_INTEGER);
      return -1;
    }
    if (args.number() != (int) args.number()) {
      reply.error(Errors.NOT_AN_INT);
      return -1;
    }
    if (args.number() < 0 || args.number() >= Databases.COUNT) {
      reply.error(Errors.DB_INDEX);
      return -1;
    }
    return (int) args.number();
  }
}
