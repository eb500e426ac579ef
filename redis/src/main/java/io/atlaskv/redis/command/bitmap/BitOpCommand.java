package io.atlaskv.redis.command.bitmap;

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
import io.atlaskv.redis.command.string.StringValues;
import io.atlaskv.redis.data.Keyspace;
import io.atlaskv.redis.data.StringEdit;
import io.atlaskv.redis.pubsub.KeyEventClass;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.ReplyWriter;
import io.atlaskv.redis.store.Reader;
import java.util.List;

/// `BITOP AND | OR | XOR | NOT destination key [key ...]`: combines strings; the shorter ones have
/// zeroes behind them.
public final class BitOpCommand implements Command {

  @Override
  public CommandSpec spec() {
    return CommandSpec.of("BITOP", -4, Group.BITMAP, Flag.WRITE, Flag.DENYOOM)
        .keys(
            KeySpec.at(2).as(KeyFlag.OW, KeyFlag.UPDATE),
            new KeySpec(3, -1, 1, List.of(KeyFlag.RO, KeyFlag.ACCESS)))
        .categories(AclCategory.BITMAP)
        .doc(
            "2.6.0",
            "O(N)",
            "<AND | OR | XOR | NOT> destkey key [key ...]",
            "Performs bitwise operations on multiple strings, and stores the result.");
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {
    BitOperation operation = BitOperation.named(args, 1);
    if (operation == null) {
      reply.error(Errors.SYNTAX);
      return Outcome.DONE;
    }
    if (operation == BitOperation.NOT && args.count() != 4) {
      reply.error("ERR BITOP NOT must be called with a single source key.");
      return Outcome.DONE;
    }
    Keyspace keys = context.keys();
    try (var sources = new BitSources(keys, args, 3)) {
      int state = sources.open(reply);
      if (state == Reader.NEEDS_BLOCKS) {
        return Outcome.NEEDS_BLOCKS;
      }
      if (state == BitSources.WRONG_TYPE) {
        return Outcome.DONE;
      }
      if (StringValues.isForWorker(context, sources.totalBytes())) {
        return Outcome.NEEDS_WORKER;
      }
      if (keys.find(args.segment(), args.offset(2), args.length(2)) == Reader.NEEDS_BLOCKS) {
        return Outcome.NEEDS_BLOCKS;
      }
      long bytes = sources.longestBytes();
      if (bytes > 0) {
        StringEdit result = keys.newString(bytes, 0);
        if (sources.combine(operation, result) == Reader.NEEDS_BLOCKS) {
          return Outcome.NEEDS_BLOCKS;
        }
        result.finish();
        context.notify(KeyEventClass.STRING, "set", 2);
      } else if (keys.deleteIfLive()) {
        context.notify(KeyEventClass.GENERIC, "del", 2);
      }
      reply.integer(bytes);
      return Outcome.DONE;
    }
  }
}
