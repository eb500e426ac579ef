package io.atlaskv.redis.command.bitmap;

import io.atlaskv.redis.command.Context;
import io.atlaskv.redis.command.Outcome;
import io.atlaskv.redis.command.string.StringValues;
import io.atlaskv.redis.data.Keyspace;
import io.atlaskv.redis.data.MetadataFormat;
import io.atlaskv.redis.data.StringEdit;
import io.atlaskv.redis.data.StringView;
import io.atlaskv.redis.pubsub.KeyEventClass;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.ReplyWriter;
import io.atlaskv.redis.store.Reader;
import java.util.List;
import org.jspecify.annotations.Nullable;

/// What BITFIELD and BITFIELD_RO share: runs the operations one after the other.
final class BitField {
  private static final int OPERATIONS_ON_LOOP_MAX = 1_000;

  /// Bytes of the string as the operations so far have left it.
  private interface Source {
    /// The byte, or `Reader.NEEDS_BLOCKS`.
    int byteAt(long at);
  }

  private BitField() {}

  static Outcome run(Context context, Args args, ReplyWriter reply, boolean isReadOnly) {
    List<BitFieldOperation> operations = new BitFieldParser(context, args, reply).parse();
    if (operations == null) {
      return Outcome.DONE;
    }
    if (operations.size() > OPERATIONS_ON_LOOP_MAX && !context.isOnWorker()) {
      return Outcome.NEEDS_WORKER;
    }
    long writtenBytes = 0;
    for (BitFieldOperation operation : operations) {
      if (operation.kind() != BitFieldOperation.Kind.GET) {
        writtenBytes = Math.max(writtenBytes, operation.lastByte() + 1);
      }
    }
    Keyspace keys = context.keys();
    int found = keys.find(args.segment(), args.offset(1), args.length(1));
    if (found == Reader.NEEDS_BLOCKS) {
      return Outcome.NEEDS_BLOCKS;
    }
    if (!isReadOnly && writtenBytes == 0) {
      keys.countRead(found);
    }
    if (isReadOnly && writtenBytes > 0) {
      reply.error("ERR BITFIELD_RO only supports the GET subcommand");
      return Outcome.DONE;
    }
    if (!StringValues.isStringOrAbsent(keys, found, reply)) {
      return Outcome.DONE;
    }
    StringView string = keys.string();
    long oldBytes = string.length();
    Source source = at -> at < oldBytes ? string.byteAt(at) : 0;
    boolean isLonger = writtenBytes > oldBytes;
    int change = isLonger ? Reader.FOUND : firstChange(operations, source);
    if (change == Reader.NEEDS_BLOCKS) {
      return Outcome.NEEDS_BLOCKS;
    }
    // as in Redis, what may write leaves no number behind, even if it changes no bit
    boolean isRawAlready = writtenBytes == 0 || keys.encoding() == MetadataFormat.ENCODING_RAW;
    if (change == Reader.ABSENT && isRawAlready) {
      return answerUnchanged(operations, source, reply);
    }
    StringEdit edit = keys.editString(Math.max(writtenBytes, oldBytes));
    Outcome outcome = write(context, operations, edit, isLonger, reply);
    edit.finish();
    return outcome;
  }

  /// Whether an operation changes a byte: `Reader.FOUND`, `ABSENT` or `NEEDS_BLOCKS`.
  private static int firstChange(List<BitFieldOperation> operations, Source source) {
    for (BitFieldOperation operation : operations) {
      if (isMissing(source, operation)) {
        return Reader.NEEDS_BLOCKS;
      }
      if (operation.kind() != BitFieldOperation.Kind.GET) {
        long old = value(source, operation);
        @Nullable Long next = operation.next(old);
        if (next != null && next != old) {
          return Reader.FOUND;
        }
      }
    }
    return Reader.ABSENT;
  }

  /// Replies of operations that leave all as it is, so that nothing is written.
  private static Outcome answerUnchanged(
      List<BitFieldOperation> operations, Source source, ReplyWriter reply) {
    reply.array(operations.size());
    for (BitFieldOperation operation : operations) {
      if (isMissing(source, operation)) {
        return Outcome.NEEDS_BLOCKS;
      }
      long old = value(source, operation);
      boolean isGet = operation.kind() == BitFieldOperation.Kind.GET;
      if (isGet || operation.next(old) != null) {
        reply.integer(old);
      } else {
        reply.nullValue();
      }
    }
    return Outcome.DONE;
  }

  private static Outcome write(
      Context context,
      List<BitFieldOperation> operations,
      StringEdit edit,
      boolean isLonger,
      ReplyWriter reply) {
    boolean isChanged = false;
    reply.array(operations.size());
    for (BitFieldOperation operation : operations) {
      boolean isGet = operation.kind() == BitFieldOperation.Kind.GET;
      if (isGet ? isMissing(edit::byteAt, operation) : !isOpen(edit, operation)) {
        return Outcome.NEEDS_BLOCKS;
      }
      long old = value(edit::byteAt, operation);
      if (isGet) {
        reply.integer(old);
        continue;
      }
      @Nullable Long next = operation.next(old);
      if (next == null) {
        reply.nullValue();
        continue;
      }
      if (next != old) {
        put(edit, operation, next);
      }
      isChanged |= isLonger || next != old;
      reply.integer(operation.kind() == BitFieldOperation.Kind.SET ? old : next);
    }
    if (isChanged) {
      context.notify(KeyEventClass.STRING, "setbit", 1);
    }
    return Outcome.DONE;
  }

  private static boolean isMissing(Source source, BitFieldOperation operation) {
    return source.byteAt(operation.firstByte()) == Reader.NEEDS_BLOCKS
        || source.byteAt(operation.lastByte()) == Reader.NEEDS_BLOCKS;
  }

  private static boolean isOpen(StringEdit edit, BitFieldOperation operation) {
    long first = operation.firstByte();
    long last = operation.lastByte();
    return edit.open(first, first) == Reader.FOUND && edit.open(last, last) == Reader.FOUND;
  }

  private static long value(Source source, BitFieldOperation operation) {
    long last = operation.lastByte();
    int behind = 7 - (int) (lastBit(operation) & 7); // bits of the last byte behind it
    long value = 0;
    for (long at = operation.firstByte(); at < last; at++) {
      value = (value << 8) | source.byteAt(at); // what is shifted out is not part of it
    }
    value = (value << (8 - behind)) | (source.byteAt(last) >> behind);
    return operation.narrowed(value);
  }

  private static long lastBit(BitFieldOperation operation) {
    return operation.offset() + operation.bits() - 1;
  }

  private static void put(StringEdit edit, BitFieldOperation operation, long value) {
    long rest = value;
    int left = operation.bits();
    int shift = 7 - (int) (lastBit(operation) & 7);
    for (long at = operation.lastByte(); at >= operation.firstByte(); at--) {
      int bits = Math.min(left, 8 - shift);
      int mask = ((1 << bits) - 1) << shift;
      int old = edit.byteAt(at);
      edit.setByte(at, (old & ~mask) | (((int) rest << shift) & mask)); // open: needs no blocks
      rest >>>= bits;
      left -= bits;
      shift = 0;
    }
  }
}
