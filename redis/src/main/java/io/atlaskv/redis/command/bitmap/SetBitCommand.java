package io.atlaskv.redis.command.bitmap;

import io.atlaskv.redis.command.AclCategory;
import io.atlaskv.redis.command.Command;
import io.atlaskv.redis.command.CommandSpec;
import io.atlaskv.redis.command.Context;
import io.atlaskv.redis.command.Flag;
import io.atlaskv.redis.command.Group;
import io.atlaskv.redis.command.KeyFlag;
import io.atlaskv.redis.command.KeySpec;
import io.atlaskv.redis.command.Outcome;
import io.atlaskv.redis.command.string.StringValues;
import io.atlaskv.redis.data.Keyspace;
import io.atlaskv.redis.data.MetadataFormat;
import io.atlaskv.redis.data.StringEdit;
import io.atlaskv.redis.pubsub.KeyEventClass;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.ReplyWriter;
import io.atlaskv.redis.store.Reader;

/// `SETBIT key offset 0 | 1`: sets one bit and answers with what it was.
public final class SetBitCommand implements Command {

  @Override
  public CommandSpec spec() {
    return CommandSpec.of("SETBIT", 4, Group.BITMAP, Flag.WRITE, Flag.DENYOOM)
        .keys(KeySpec.ONE.as(KeyFlag.RW, KeyFlag.ACCESS, KeyFlag.UPDATE))
        .categories(AclCategory.BITMAP)
        .doc(
            "2.2.0",
            "O(1)",
            "key offset value",
            "Sets or clears the bit at offset of the string value. Creates the key if it doesn't exist.");
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {
    long bit = BitOffset.parse(context, args, 2, reply);
    if (bit == BitOffset.INVALID) {
      return Outcome.DONE;
    }
    if (!args.isNumber(3) || (args.number() & ~1) != 0) {
      reply.error("ERR bit is not an integer or out of range");
      return Outcome.DONE;
    }
    int wanted = (int) args.number();
    Keyspace keys = context.keys();
    int found = keys.find(args.segment(), args.offset(1), args.length(1));
    if (found == Reader.NEEDS_BLOCKS) {
      return Outcome.NEEDS_BLOCKS;
    }
    if (!StringValues.isStringOrAbsent(keys, found, reply)) {
      return Outcome.DONE;
    }
    long at = bit >> 3;
    int shift = 7 - (int) (bit & 7);
    long oldLength = found == Reader.FOUND ? keys.stringLength() : 0;
    int old = at < oldLength ? keys.string().byteAt(at) : 0;
    if (old == Reader.NEEDS_BLOCKS) {
      return Outcome.NEEDS_BLOCKS;
    }
    int oldBit = old >> shift & 1;
    boolean isChanged = oldBit != wanted || at >= oldLength;
    if (isChanged || keys.encoding() != MetadataFormat.ENCODING_RAW) {
      StringEdit edit = keys.editString(Math.max(oldLength, at + 1));
      int value = (old & ~(1 << shift)) | (wanted << shift);
      if (edit.setByte(at, value) == Reader.NEEDS_BLOCKS) {
        return Outcome.NEEDS_BLOCKS;
      }
      edit.finish();
    }
    if (isChanged) {
      context.notify(KeyEventClass.STRING, "setbit", 1);
    }
    reply.integer(oldBit);
    return Outcome.DONE;
  }
}
