package io.atlaskv.redis.command.string;

import io.atlaskv.redis.command.Errors;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.Keyword;
import io.atlaskv.redis.resp.ReplyWriter;
import org.jspecify.annotations.Nullable;

/// Options of LCS, and the reply they ask for.
///
/// @param isOnlyLength how long it is
/// @param isIndexed where it is in both strings
/// @param matchBytesMin shorter matches are left out
/// @param hasMatchLengths each match says its length
record LcsOptions(
    boolean isOnlyLength, boolean isIndexed, long matchBytesMin, boolean hasMatchLengths) {
  private static final Keyword LEN = Keyword.of("LEN");
  private static final Keyword IDX = Keyword.of("IDX");
  private static final Keyword MINMATCHLEN = Keyword.of("MINMATCHLEN");
  private static final Keyword WITHMATCHLEN = Keyword.of("WITHMATCHLEN");

  /// The options from argument 3 on; null: the error is in `reply`.
  static @Nullable LcsOptions parse(Args args, ReplyWriter reply) {
    boolean isOnlyLength = false;
    boolean isIndexed = false;
    boolean hasMatchLengths = false;
    long matchBytesMin = 0;
    for (int i = 3; i < args.count(); i++) {
      if (args.is(i, IDX)) {
        isIndexed = true;
      } else if (args.is(i, LEN)) {
        isOnlyLength = true;
      } else if (args.is(i, WITHMATCHLEN)) {
        hasMatchLengths = true;
      } else if (args.is(i, MINMATCHLEN) && i + 1 < args.count()) {
        i++;
        if (!args.isNumber(i)) {
          reply.error(Errors.NOT_AN_INTEGER);
          return null;
        }
        matchBytesMin = args.number();
      } else {
        reply.error(Errors.SYNTAX);
        return null;
      }
    }
    if (isIndexed && isOnlyLength) {
      reply.error("ERR If you want both the length and indexes, please just use IDX.");
      return null;
    }
    return new LcsOptions(isOnlyLength, isIndexed, matchBytesMin, hasMatchLengths);
  }

  void reply(CommonSubsequence found, ReplyWriter reply) {
    if (isOnlyLength) {
      reply.integer(found.length());
    } else if (isIndexed) {
      reply.map(2);
      reply.bulk("matches");
      int mark = reply.beginArray();
      int count =
          found.walkMatches((aFirst, bFirst, bytes) -> {
            if (bytes < matchBytesMin) {
              return false;
            }
            match(reply, aFirst, bFirst, bytes);
            return true;
          });
      reply.endArray(mark, count);
      reply.bulk("len");
      reply.integer(found.length());
    } else {
      int at = reply.reserveBulk(found.length());
      found.copyTo(reply.buffer().segment(), at);
    }
  }

  private void match(ReplyWriter reply, long aFirst, long bFirst, long bytes) {
    reply.array(hasMatchLengths ? 3 : 2);
    range(reply, aFirst, bytes);
    range(reply, bFirst, bytes);
    if (hasMatchLengths) {
      reply.integer(bytes);
    }
  }

  private static void range(ReplyWriter reply, long first, long bytes) {
    reply.array(2);
    reply.integer(first);
    reply.integer(first + bytes - 1);
  }
}
