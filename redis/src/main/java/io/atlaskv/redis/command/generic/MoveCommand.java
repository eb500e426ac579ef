package io.atlaskv.redis.command.generic;

import io.atlaskv.redis.command.AclCategory;
import io.atlaskv.redis.command.Command;
import io.atlaskv.redis.command.CommandSpec;
import io.atlaskv.redis.command.Context;
import io.atlaskv.redis.command.DatabaseNumber;
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

/// `MOVE key db`: 1 if the key was there and not in the other database.
public final class MoveCommand implements Command {

  @Override
  public CommandSpec spec() {
    return CommandSpec.of("MOVE", 3, Group.GENERIC, Flag.WRITE, Flag.FAST)
        .keys(KeySpec.ONE.as(KeyFlag.RW, KeyFlag.ACCESS, KeyFlag.UPDATE))
        .categories(AclCategory.KEYSPACE)
        .doc("1.0.0", "O(1)", "key db", "Moves a key to another database.");
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {

    int database = DatabaseNumber.parse(args, 2, reply);
    if (database < 0) {
      return Outcome.DONE;
    }
    int own = context.session().database();
    if (database == own) {
      reply.error(Errors.SAME_OBJECT);
      return Outcome.DONE;
    }
    Keyspace source = context.keys();
    Keyspace target = source.second(context.databases().namespace(database));
    int found = source.find(args.segment(), args.offset(1), args.length(1));
    int taken = target.find(args.segment(), args.offset(1), args.length(1));
    if (found == Reader.NEEDS_BLOCKS || taken == Reader.NEEDS_BLOCKS) {
      return Outcome.NEEDS_BLOCKS;
    }
    boolean isMoved = found == Reader.FOUND && taken == Reader.ABSENT;
    if (isMoved) {
      if (target.moveFrom(source) == Reader.NEEDS_BLOCKS) {
        return Outcome.NEEDS_BLOCKS;
      }
      byte[] key = args.bytes(1);
      context.notify(KeyEventClass.GENERIC, "move_from", key, own);
      context.notify(KeyEventClass.GENERIC, "move_to", key, database);
    }
    reply.integer(isMoved ? 1 : 0);
    return Outcome.DONE;
  }
}
