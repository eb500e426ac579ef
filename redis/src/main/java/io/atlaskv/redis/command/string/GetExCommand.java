package io.atlaskv.redis.command.string;

import io.atlaskv.redis.command.AclCategory;
import io.atlaskv.redis.command.Command;
import io.atlaskv.redis.command.CommandSpec;
import io.atlaskv.redis.command.Context;
import io.atlaskv.redis.command.Errors;
import io.atlaskv.redis.command.Flag;
import io.atlaskv.redis.command.Group;
import io.atlaskv.redis.command.KeyFlag;
import io.atlaskv.redis.command.KeySpec;
import io.atlaskv.redis.command.Outcome;
import io.atlaskv.redis.data.Keyspace;
import io.atlaskv.redis.pubsub.KeyEventClass;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.ReplyWriter;
import io.atlaskv.redis.store.Reader;

/// `GETEX key [EX s | PX ms | EXAT s | PXAT ms | PERSIST]`: the value, and when it expires may
/// change.
public final class GetExCommand implements Command {

  @Override
  public CommandSpec spec() {
    return CommandSpec.of("GETEX", -2, Group.STRING, Flag.WRITE, Flag.FAST)
        .keys(KeySpec.ONE.as(KeyFlag.RW, KeyFlag.ACCESS, KeyFlag.UPDATE))
        .categories(AclCategory.STRING)
        .doc(
            "6.2.0",
            "O(1)",
            "key [EX seconds | PX milliseconds | EXAT unix-time-seconds | PXAT unix-time-milliseconds | PERSIST]",
            "Returns the string value of a key after setting its expiration time.");
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {
    SetOptions options = SetOptions.parseOfGetEx(args);
    if (options == null) {
      reply.error(Errors.SYNTAX);
      return Outcome.DONE;
    }
    Keyspace keys = context.keys();
    int found = keys.find(args.segment(), args.offset(1), args.length(1));
    if (found == Reader.NEEDS_BLOCKS) {
      return Outcome.NEEDS_BLOCKS;
    }
    keys.countRead(found);
    if (found == Reader.ABSENT) {
      reply.nullValue();
      return Outcome.DONE;
    }
    if (!keys.isString()) {
      reply.error(Errors.WRONG_TYPE);
      return Outcome.DONE;
    }
    long expiresAt = options.expiresAt("getex", keys, args, reply);
    if (expiresAt == Expiry.INVALID) {
      return Outcome.DONE;
    }
    Outcome outcome = StringValues.reply(context, keys, reply);
    if (outcome == Outcome.DONE) {
      change(context, keys, options, expiresAt);
    }
    return outcome;
  }

  private static void change(Context context, Keyspace keys, SetOptions options, long expiresAt) {
    if (options.unit().isAbsolute() && expiresAt <= keys.nowMillis()) {
      keys.delete();
      context.notify(KeyEventClass.GENERIC, "del", 1);
    } else if (options.unit() != Expiry.NONE) {
      keys.expire(expiresAt);
      context.notify(KeyEventClass.GENERIC, "expire", 1);
    } else if (options.persists() && keys.expiresAt() != 0) {
      keys.expire(0);
      context.notify(KeyEventClass.GENERIC, "persist", 1);
    }
  }
}
