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
import io.atlaskv.redis.resp.Keyword;
import io.atlaskv.redis.resp.ReplyWriter;
import io.atlaskv.redis.store.Reader;
import java.util.List;

/// `SET key value [NX | XX] [GET] [EX s | PX ms | EXAT s | PXAT ms | KEEPTTL]`.
public final class SetCommand implements Command {
  private static final Keyword GET = Keyword.of("GET");

  @Override
  public CommandSpec spec() {
    return CommandSpec.of("SET", -3, Group.STRING, Flag.WRITE, Flag.DENYOOM)
        .keys(KeySpec.ONE.as(KeyFlag.RW, KeyFlag.ACCESS, KeyFlag.UPDATE, KeyFlag.VARIABLE_FLAGS))
        .categories(AclCategory.STRING)
        .doc(
            "1.0.0",
            "O(1)",
            "key value [NX | XX] [GET] [EX seconds | PX milliseconds | EXAT unix-time-seconds | PXAT unix-time-milliseconds | KEEPTTL]",
            "Sets the string value of a key, ignoring its type. The key is created if it doesn't exist.");
  }

  @Override
  public List<KeyFlag> keyFlags(KeySpec spec, Args args, int start) {
    for (int i = start + 3; i < args.count(); i++) {
      if (args.is(i, GET)) {
        return List.of(KeyFlag.RW, KeyFlag.ACCESS, KeyFlag.UPDATE);
      }
    }
    return List.of(KeyFlag.OW, KeyFlag.UPDATE);
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {
    SetOptions options = SetOptions.parse(args);
    if (options == null) {
      reply.error(Errors.SYNTAX);
      return Outcome.DONE;
    }
    return set(context, args, reply, "set", options, 2);
  }

  /// What SET, SETEX and PSETEX share: the value is argument `value`.
  static Outcome set(
      Context context,
      Args args,
      ReplyWriter reply,
      String lowerName,
      SetOptions options,
      int value) {
    if (StringValues.isForWorker(context, args.length(value))) {
      return Outcome.NEEDS_WORKER;
    }
    Keyspace keys = context.keys();
    long expiresAt = options.expiresAt(lowerName, keys, args, reply);
    if (expiresAt == Expiry.INVALID) {
      return Outcome.DONE;
    }
    int found = keys.find(args.segment(), args.offset(1), args.length(1));
    if (found == Reader.NEEDS_BLOCKS) {
      return Outcome.NEEDS_BLOCKS;
    }
    boolean isFound = found == Reader.FOUND;
    if (options.returnsOld()) {
      keys.countRead(found);
    }
    if (options.returnsOld() && isFound && !keys.isString()) {
      reply.error(Errors.WRONG_TYPE);
      return Outcome.DONE;
    }
    boolean isSet = isFound ? !options.isOnlyIfAbsent() : !options.isOnlyIfPresent();
    if (options.returnsOld() && isFound) {
      Outcome outcome = StringValues.reply(context, keys, reply);
      if (outcome != Outcome.DONE) {
        return outcome;
      }
    } else if (isSet && !options.returnsOld()) {
      reply.ok();
    } else {
      reply.nullValue();
    }
    if (isSet) {
      long newExpiry = options.keepsExpiry() ? keys.expiresAt() : expiresAt;
      keys.putString(args.segment(), args.offset(value), args.length(value), newExpiry);
      context.notify(KeyEventClass.STRING, "set", 1);
      if (expiresAt != 0) {
        context.notify(KeyEventClass.GENERIC, "expire", 1);
      }
    }
    return Outcome.DONE;
  }
}
