package io.atlaskv.redis.command.string;

import io.atlaskv.redis.command.Context;
import io.atlaskv.redis.command.Errors;
import io.atlaskv.redis.command.Outcome;
import io.atlaskv.redis.data.Keyspace;
import io.atlaskv.redis.data.StringEdit;
import io.atlaskv.redis.data.StringView;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.ReplyWriter;
import io.atlaskv.redis.store.Reader;

/// What commands do with strings that may be long.
public final class StringValues {
  /// With more bytes to be read or written a command leaves the loop to others.
  public static final int BYTES_ON_LOOP_MAX = 1024 * 1024;

  private static final String TOO_LONG =
      "ERR string exceeds maximum allowed size (proto-max-bulk-len)";

  private StringValues() {}

  /// True if a command that touches so many bytes has to move to a worker first.
  public static boolean isForWorker(Context context, long bytes) {
    return bytes > BYTES_ON_LOOP_MAX && !context.isOnWorker();
  }

  /// Replies with the string found.
  static Outcome reply(Context context, Keyspace keys, ReplyWriter reply) {
    if (keys.isInline()) {
      reply.bulk(keys.valueSegment(), keys.valueOffset(), keys.valueLength());
      return Outcome.DONE;
    }
    return replyRange(context, keys, reply, 0, keys.stringLength());
  }

  /// Replies with `[from, to)` of the string found.
  static Outcome replyRange(Context context, Keyspace keys, ReplyWriter reply, long from, long to) {
    if (isForWorker(context, to - from)) {
      return Outcome.NEEDS_WORKER;
    }
    StringView string = keys.string();
    int at = reply.reserveBulk(to - from);
    int state = string.copy(from, to, reply.buffer().segment(), at);
    return state == Reader.NEEDS_BLOCKS ? Outcome.NEEDS_BLOCKS : Outcome.DONE;
  }

  /// Writes argument `value` into the string found, from byte `from` on, and makes it `length`
  /// bytes long. `Reader.FOUND` or `NEEDS_BLOCKS`.
  static int write(Keyspace keys, long length, long from, Args args, int value) {
    StringEdit edit = keys.editString(length);
    int state = edit.write(from, args.segment(), args.offset(value), args.length(value));
    edit.finish();
    return state;
  }

  /// True if a string may have `offset + bytes` bytes; otherwise the error is in `reply`.
  static boolean isLengthAllowed(Context context, long offset, long bytes, ReplyWriter reply) {
    long max = context.data().stringBytesMax();
    if (offset > max || bytes > max - offset) {
      reply.error(TOO_LONG);
      return false;
    }
    return true;
  }

  /// True if nothing was found or it is a string; otherwise the error is in `reply`.
  public static boolean isStringOrAbsent(Keyspace keys, int found, ReplyWriter reply) {
    if (found == Reader.FOUND && !keys.isString()) {
      reply.error(Errors.WRONG_TYPE);
      return false;
    }
    return true;
  }
}
