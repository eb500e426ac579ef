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
import io.atlaskv.redis.resp.Keyword;
import io.atlaskv.redis.resp.ReplyWriter;
import io.atlaskv.redis.store.Reader;

/// `COPY source destination [DB number] [REPLACE]`: 1 if it was copied, its expiry too.
public final class CopyCommand implements Command {
  private static final Keyword DB = Keyword.of("DB");
  private static final Keyword REPLACE = Keyword.of("REPLACE");

  @Override
  public CommandSpec spec() {
    return CommandSpec.of("COPY", -3, Group.GENERIC, Flag.WRITE, Flag.DENYOOM)
        .keys(
            KeySpec.ONE.as(KeyFlag.RO, KeyFlag.ACCESS),
            KeySpec.at(2).as(KeyFlag.OW, KeyFlag.UPDATE))
        .categories(AclCategory.KEYSPACE)
        .doc(
            "6.2.0",
            "O(N) worst case for collections, where N is the number of nested items. O(1) for string values.",
            "source destination [DB destination-db] [REPLACE]",
            "Copies the value of a key to a new key.");
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {

    boolean replaces = false;
    int database = context.session().database();
    for (int i = 3; i < args.count(); i++) {
      if (args.is(i, REPLACE)) {
        replaces = true;
      } else if (args.is(i, DB) && i + 1 < args.count()) {
        database = DatabaseNumber.parse(args, ++i, reply);
        if (database < 0) {
          return Outcome.DONE;
        }
      } else {
        reply.error(Errors.SYNTAX);
        return Outcome.DONE;
      }
    }
    if (database == context.session().database() && args.areEqual(1, 2)) {
      reply.error(Errors.SAME_OBJECT);
      return Outcome.DONE;
    }
    Keyspace source = context.keys();
    Keyspace target = source.second(context.databases().namespace(database));
    int found = source.find(args.segment(), args.offset(1), args.length(1));
    int taken = target.find(args.segment(), args.offset(2), args.length(2));
    if (found == Reader.NEEDS_BLOCKS || taken == Reader.NEEDS_BLOCKS) {
      return Outcome.NEEDS_BLOCKS;
    }
    source.countRead(found);
    boolean isCopied = found == Reader.FOUND && (replaces || taken == Reader.ABSENT);
    if (isCopied) {
      if (target.putCopyOf(source) == Reader.NEEDS_BLOCKS) {
        return Outcome.NEEDS_BLOCKS;
      }
      if (taken == Reader.FOUND) {
        context.notify(KeyEventClass.NEW, "new", args.bytes(2), database);
      }
      context.notify(KeyEventClass.GENERIC, "copy_to", args.bytes(2), database);
    }
    reply.integer(isCopied ? 1 : 0);
    return Outcome.DONE;
  }
}
