package io.atlaskv.redis.command.string;

import io.atlaskv.engine.internal.base.ByteArrays;
import io.atlaskv.redis.command.AclCategory;
import io.atlaskv.redis.command.Command;
import io.atlaskv.redis.command.CommandSpec;
import io.atlaskv.redis.command.Context;
import io.atlaskv.redis.command.Flag;
import io.atlaskv.redis.command.Group;
import io.atlaskv.redis.command.KeyFlag;
import io.atlaskv.redis.command.KeySpec;
import io.atlaskv.redis.command.Outcome;
import io.atlaskv.redis.data.Keyspace;
import io.atlaskv.redis.pubsub.KeyEventClass;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.ExtendedFloat;
import io.atlaskv.redis.resp.ReplyWriter;
import io.atlaskv.redis.store.Reader;
import java.lang.foreign.MemorySegment;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/// `INCRBYFLOAT key increment`: adds to a number with a fraction.
public final class IncrByFloatCommand implements Command {

  @Override
  public CommandSpec spec() {
    return CommandSpec.of("INCRBYFLOAT", 3, Group.STRING, Flag.WRITE, Flag.DENYOOM, Flag.FAST)
        .keys(KeySpec.ONE.as(KeyFlag.RW, KeyFlag.ACCESS, KeyFlag.UPDATE))
        .categories(AclCategory.STRING)
        .doc(
            "2.6.0",
            "O(1)",
            "key increment",
            "Increments the floating point value of a key by a number. Uses 0 as initial value if the key doesn't exist.");
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {
    Keyspace keys = context.keys();
    int found = keys.find(args.segment(), args.offset(1), args.length(1));
    if (found == Reader.NEEDS_BLOCKS) {
      return Outcome.NEEDS_BLOCKS;
    }
    if (!StringValues.isStringOrAbsent(keys, found, reply)) {
      return Outcome.DONE;
    }
    @Nullable ExtendedFloat value =
        found == Reader.FOUND ? ExtendedFloat.parse(valueText(keys)) : ExtendedFloat.ZERO;
    @Nullable ExtendedFloat increment = ExtendedFloat.parse(args.text(2));
    if (value == null || increment == null) {
      reply.error("ERR value is not a valid float");
      return Outcome.DONE;
    }
    ExtendedFloat sum = value.plus(increment);
    if (!sum.isFinite()) {
      reply.error("ERR increment would produce NaN or Infinity");
      return Outcome.DONE;
    }
    byte[] text = sum.text().getBytes(StandardCharsets.US_ASCII);
    reply.bulk(text, 0, text.length);
    MemorySegment buffer = reply.buffer().segment();
    long at = reply.buffer().length() - (long) Short.BYTES - text.length; // before the line end
    keys.putText(buffer, at, text.length);
    context.notify(KeyEventClass.STRING, "incrbyfloat", 1);
    return Outcome.DONE;
  }

  private static String valueText(Keyspace keys) {
    if (!keys.isInline() || keys.valueLength() > ExtendedFloat.TEXT_BYTES_MAX) {
      return "";
    }
    byte[] bytes = ByteArrays.copyOf(keys.valueSegment(), keys.valueOffset(), keys.valueLength());
    return new String(bytes, StandardCharsets.ISO_8859_1);
  }
}
