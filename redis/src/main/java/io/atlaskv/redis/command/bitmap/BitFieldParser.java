package io.atlaskv.redis.command.bitmap;

import io.atlaskv.redis.command.Context;
import io.atlaskv.redis.command.Errors;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.Decimal;
import io.atlaskv.redis.resp.Keyword;
import io.atlaskv.redis.resp.ReplyWriter;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// Reads the operations of BITFIELD.
final class BitFieldParser {
  private static final Keyword GET = Keyword.of("GET");
  private static final Keyword SET = Keyword.of("SET");
  private static final Keyword INCRBY = Keyword.of("INCRBY");
  private static final Keyword OVERFLOW = Keyword.of("OVERFLOW");
  private static final Keyword WRAP = Keyword.of("WRAP");
  private static final Keyword SAT = Keyword.of("SAT");
  private static final Keyword FAIL = Keyword.of("FAIL");
  private static final int INVALID = 0;

  private final Context context;
  private final Args args;
  private final ReplyWriter reply;

  BitFieldParser(Context context, Args args, ReplyWriter reply) {
    this.context = context;
    this.args = args;
    this.reply = reply;
  }

  /// The operations, or null: the error is in the reply.
  @Nullable List<BitFieldOperation> parse() {
    var operations = new ArrayList<BitFieldOperation>();
    var overflow = BitFieldOperation.Overflow.WRAP;
    int i = 2;
    while (i < args.count()) {
      int left = args.count() - i - 1;
      if (left >= 1 && args.is(i, OVERFLOW)) {
        overflow = overflow(i + 1);
        if (overflow == null) {
          reply.error("ERR Invalid OVERFLOW type specified");
          return null;
        }
        i += 2;
        continue;
      }
      BitFieldOperation.Kind kind = kind(args, i, left);
      if (kind == null) {
        reply.error(Errors.SYNTAX);
        return null;
      }
      BitFieldOperation operation = operation(kind, i, overflow);
      if (operation == null) {
        return null;
      }
      operations.add(operation);
      i += kind == BitFieldOperation.Kind.GET ? 3 : 4;
    }
    return operations;
  }

  /// True if the operations from argument `first` on change nothing.
  static boolean isReadOnly(Args args, int first) {
    for (int i = first; i < args.count(); i++) {
      BitFieldOperation.Kind kind = kind(args, i, args.count() - i - 1);
      if (kind == BitFieldOperation.Kind.SET || kind == BitFieldOperation.Kind.INCRBY) {
        return false;
      }
      i += kind == BitFieldOperation.Kind.GET ? 2 : 1; // to the last argument of it, or of OVERFLOW
    }
    return true;
  }

  private static BitFieldOperation.@Nullable Kind kind(Args args, int i, int left) {
    if (left >= 2 && args.is(i, GET)) {
      return BitFieldOperation.Kind.GET;
    }
    if (left >= 3 && args.is(i, SET)) {
      return BitFieldOperation.Kind.SET;
    }
    return left >= 3 && args.is(i, INCRBY) ? BitFieldOperation.Kind.INCRBY : null;
  }

  private BitFieldOperation.@Nullable Overflow overflow(int i) {
    if (args.is(i, WRAP)) {
      return BitFieldOperation.Overflow.WRAP;
    }
    if (args.is(i, SAT)) {
      return BitFieldOperation.Overflow.SAT;
    }
    return args.is(i, FAIL) ? BitFieldOperation.Overflow.FAIL : null;
  }

  private @Nullable BitFieldOperation operation(
      BitFieldOperation.Kind kind, int i, BitFieldOperation.Overflow overflow) {
    int bits = bits(i + 1);
    if (bits == INVALID) {
      reply.error(
          "ERR Invalid bitfield type. Use something like i16 u8. Note that u64 is not supported but i64 is.");
      return null;
    }
    long offset = BitOffset.parse(context, args, i + 2, bits, reply);
    if (offset == BitOffset.INVALID) {
      return null;
    }
    long operand = 0;
    if (kind != BitFieldOperation.Kind.GET) {
      if (!args.isNumber(i + 3)) {
        reply.error(Errors.NOT_AN_INTEGER);
        return null;
      }
      operand = args.number();
    }
    boolean isSigned = args.byteAt(i + 1, 0) == 'i';
    return new BitFieldOperation(kind, isSigned, bits, offset, operand, overflow);
  }

  /// Width of the type in argument `i`.
  private int bits(int i) {
    int length = args.length(i);
    if (length < 2 || (args.byteAt(i, 0) != 'i' && args.byteAt(i, 0) != 'u')) {
      return INVALID;
    }
    long at = args.offset(i) + 1;
    if (!Decimal.isLong(args.segment(), at, length - 1)) {
      return INVALID;
    }
    long bits = Decimal.parse(args.segment(), at, length - 1);
    long max = args.byteAt(i, 0) == 'i' ? Long.SIZE : Long.SIZE - 1;
    return bits >= 1 && bits <= max ? (int) bits : INVALID;
  }
}
