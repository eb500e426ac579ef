package io.atlaskv.redis.command.generic;

import io.atlaskv.redis.command.AclCategory;
import io.atlaskv.redis.command.Command;
import io.atlaskv.redis.command.CommandSpec;
import io.atlaskv.redis.command.Context;
import io.atlaskv.redis.command.Errors;
import io.atlaskv.redis.command.Flag;
import io.atlaskv.redis.command.Group;
import io.atlaskv.redis.command.Outcome;
import io.atlaskv.redis.command.string.StringValues;
import io.atlaskv.redis.data.Glob;
import io.atlaskv.redis.data.KeyBounds;
import io.atlaskv.redis.data.KeyCursor;
import io.atlaskv.redis.data.Keyspace;
import io.atlaskv.redis.data.MetadataFormat;
import io.atlaskv.redis.data.ScanCursors;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.Keyword;
import io.atlaskv.redis.resp.ReplyWriter;
import io.atlaskv.redis.store.Reader;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/// `SCAN cursor [MATCH pattern] [COUNT n] [TYPE type]`: the next keys, in order, and a cursor.
/// Expired keys that are not deleted yet count, as in Redis: however many there are, a call is
/// short.
public final class ScanCommand implements Command {
  private static final Keyword MATCH = Keyword.of("MATCH");
  private static final Keyword COUNT = Keyword.of("COUNT");
  private static final Keyword TYPE = Keyword.of("TYPE");
  private static final Glob ANY = new Glob(new byte[] {'*'});
  private static final int COUNT_DEFAULT = 10;
  private static final int COUNT_ON_LOOP_MAX = 2_000;

  @Override
  public CommandSpec spec() {
    return CommandSpec.of("SCAN", -2, Group.GENERIC, Flag.READONLY)
        .categories(AclCategory.KEYSPACE)
        .tips("nondeterministic_output", "request_policy:special", "response_policy:special")
        .doc(
            "2.8.0",
            "O(1) for every call. O(N) for a complete iteration, including enough command calls for the cursor to return back to 0. N is the number of elements inside the collection.",
            "cursor [MATCH pattern] [COUNT count] [TYPE type]",
            "Iterates over the key names in the database.");
  }

  @Override
  public Outcome run(Context context, Args args, ReplyWriter reply) {
    if (!args.isNumber(1)) {
      reply.error(Errors.INVALID_CURSOR);
      return Outcome.DONE;
    }
    long cursor = args.number();
    long count = COUNT_DEFAULT;
    Glob pattern = ANY;
    String type = "";
    for (int i = 2; i < args.count(); i += 2) {
      boolean hasValue = i + 1 < args.count();
      if (hasValue && args.is(i, MATCH)) {
        pattern = new Glob(args.bytes(i + 1));
      } else if (hasValue && args.is(i, TYPE)) {
        type = args.text(i + 1).toLowerCase(Locale.ROOT);
      } else if (hasValue && args.is(i, COUNT)) {
        if (!args.isNumber(i + 1)) {
          reply.error(Errors.NOT_AN_INTEGER);
          return Outcome.DONE;
        }
        count = args.number();
        if (count < 1) {
          reply.error(Errors.SYNTAX);
          return Outcome.DONE;
        }
      } else {
        reply.error(Errors.SYNTAX);
        return Outcome.DONE;
      }
    }
    if (count > COUNT_ON_LOOP_MAX && !context.isOnWorker()) {
      return Outcome.NEEDS_WORKER;
    }
    return scan(context, cursor, count, pattern, type, reply);
  }

  private static Outcome scan(
      Context context, long cursor, long count, Glob pattern, String type, ReplyWriter reply) {
    Keyspace keys = context.keys();
    ScanCursors cursors = context.data().scanCursors();
    KeyBounds bounds = KeyBounds.all();
    byte @Nullable [] resumeAfter = cursors.resumeAfter(keys.namespace(), cursor);
    if (resumeAfter != null) {
      bounds = bounds.after(resumeAfter, false);
    }
    keys.raiseGate(context.store().visibleSequence());
    int mark = reply.beginArray();
    long found = 0;
    try (KeyCursor at = KeyCursor.open(keys, bounds, false).passAtMost(0)) {
      int state = at.first();
      byte[] last = {}; // reused: of many keys not one copy is kept, which would fill the heap
      int lastLength = 0;
      for (long seen = 0; seen < count && state == Reader.FOUND; seen++) {
        boolean isWanted = type.isEmpty() || type.equals(MetadataFormat.typeName(at.type()));
        boolean isMatch = pattern.matches(at.key(), at.keyOffset(), at.keyLength());
        if (isWanted && isMatch && !at.isExpired()) {
          reply.bulk(at.key(), at.keyOffset(), at.keyLength());
          found++;
        }
        if (StringValues.isForWorker(context, reply.buffer().length() - mark)) {
          return Outcome.NEEDS_WORKER;
        }
        lastLength = at.keyLength();
        last = last.length < lastLength ? new byte[2 * lastLength] : last;
        System.arraycopy(at.key(), at.keyOffset(), last, 0, lastLength);
        state = at.next();
      }
      if (state == Reader.NEEDS_BLOCKS) {
        return Outcome.NEEDS_BLOCKS;
      }
      long next =
          state == Reader.FOUND
              ? cursors.remember(keys.namespace(), Arrays.copyOf(last, lastLength))
              : 0;
      reply.endPage(mark, found, Long.toString(next).getBytes(StandardCharsets.US_ASCII));
    }
    return Outcome.DONE;
  }
}
