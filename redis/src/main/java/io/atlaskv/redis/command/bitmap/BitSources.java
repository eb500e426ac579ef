package io.atlaskv.redis.command.bitmap;

import io.atlaskv.engine.internal.base.Layouts;
import io.atlaskv.redis.command.Errors;
import io.atlaskv.redis.data.Keyspace;
import io.atlaskv.redis.data.StringEdit;
import io.atlaskv.redis.data.StringView;
import io.atlaskv.redis.resp.Args;
import io.atlaskv.redis.resp.ReplyWriter;
import io.atlaskv.redis.store.Reader;
import java.lang.foreign.Arena;
import java.lang.foreign.MemorySegment;
import java.util.ArrayList;
import org.jspecify.annotations.Nullable;

/// The strings that BITOP combines. They are combined a stretch at a time, so that neither their
/// sizes nor their number need memory; stretches that are all zeroes are not written.
final class BitSources implements AutoCloseable {
  /// A source is no string; the error is in the reply.
  static final int WRONG_TYPE = 2;

  private static final int VIEWS_MAX = 64; // of more strings the rest is looked up again and again
  private static final int STRETCH_BYTES = 8 * 1024;

  private final Keyspace keys;
  private final Args args;
  private final int first;
  private final ArrayList<StringView> views = new ArrayList<>();
  private final StringView spare = new StringView();
  private @Nullable Keyspace other;
  private long longestBytes;
  private long totalBytes;

  /// The keys from argument `first` on.
  BitSources(Keyspace keys, Args args, int first) {
    this.keys = keys;
    this.args = args;
    this.first = first;
  }

  /// Finds all of them: `Reader.FOUND`, `NEEDS_BLOCKS` or `WRONG_TYPE`.
  int open(ReplyWriter reply) {
    boolean isMissing = false;
    for (int i = first; i < args.count(); i++) {
      int found = keys.peek(args.segment(), args.offset(i), args.length(i));
      keys.countRead(found);
      if (found == Reader.NEEDS_BLOCKS) {
        isMissing = true; // go on: all blocks are fetched at once
        continue;
      }
      if (found == Reader.FOUND && !keys.isString()) {
        reply.error(Errors.WRONG_TYPE);
        return WRONG_TYPE;
      }
      StringView view = views.size() < VIEWS_MAX ? new StringView() : spare;
      keys.keepString(view);
      if (view != spare) {
        views.add(view);
      }
      longestBytes = Math.max(longestBytes, view.length());
      totalBytes += view.length();
      spare.close();
    }
    return isMissing ? Reader.NEEDS_BLOCKS : Reader.FOUND;
  }

  /// Bytes of the longest.
  long longestBytes() {
    return longestBytes;
  }

  /// Bytes of all.
  long totalBytes() {
    return totalBytes;
  }

  /// Writes the combination to a string that is all zeroes so far: `Reader.FOUND` or
  /// `NEEDS_BLOCKS`.
  int combine(BitOperation operation, StringEdit result) {
    int answer = Reader.FOUND;
    try (Arena arena = Arena.ofConfined()) {
      MemorySegment stretch = arena.allocate(STRETCH_BYTES, Long.BYTES);
      long at = 0;
      while (at < longestBytes) {
        long end = Math.min(result.stretchEnd(at, STRETCH_BYTES), longestBytes);
        int state = combine(operation, stretch, at, end);
        if (state == Reader.NEEDS_BLOCKS) {
          answer = state; // go on: all blocks are fetched at once
        } else if (!isZero(stretch, end - at)) {
          result.write(at, stretch, 0, end - at); // overwrites all: needs no blocks
        }
        at = end;
      }
    }
    return answer;
  }

  private int combine(BitOperation operation, MemorySegment stretch, long from, long to) {
    int answer = Reader.FOUND;
    for (int i = first; i < args.count(); i++) {
      StringView view = view(i);
      if (view == null) {
        answer = Reader.NEEDS_BLOCKS;
      } else if (i == first && operation != BitOperation.NOT) {
        stretch.asSlice(0, to - from).fill((byte) 0);
        answer = apply(BitOperation.OR, view, stretch, from, to);
      } else if (apply(operation, view, stretch, from, to) == Reader.NEEDS_BLOCKS) {
        answer = Reader.NEEDS_BLOCKS;
      }
    }
    return answer;
  }

  /// Source `i`; null = blocks are needed.
  private @Nullable StringView view(int i) {
    if (i - first < views.size()) {
      return views.get(i - first);
    }
    Keyspace again = other;
    if (again == null) {
      again = keys.another();
      other = again;
    }
    if (again.peek(args.segment(), args.offset(i), args.length(i)) == Reader.NEEDS_BLOCKS) {
      return null;
    }
    again.keepString(spare);
    keys.raiseGate(again.gate());
    return spare;
  }

  private static int apply(
      BitOperation operation, StringView source, MemorySegment stretch, long from, long to) {
    int answer = Reader.FOUND;
    long at = from;
    while (at < Math.min(to, source.length())) {
      if (source.show(at) == Reader.NEEDS_BLOCKS) {
        answer = Reader.NEEDS_BLOCKS;
        at = source.nextFragment(at);
        continue;
      }
      long end = Math.min(source.end(), to);
      operation.apply(stretch, at - from, source.segment(), source.offset(), end - at);
      at = end;
    }
    if (at < to && operation == BitOperation.AND) {
      stretch.asSlice(at - from, to - at).fill((byte) 0); // zeroes behind the shorter one
    }
    return answer;
  }

  private static boolean isZero(MemorySegment stretch, long bytes) {
    for (long at = 0; at < bytes; at++) {
      if (stretch.get(Layouts.BYTE, at) != 0) {
        return false;
      }
    }
    return true;
  }

  @Override
  public void close() {
    views.forEach(StringView::close);
    spare.close();
    if (other != null) {
      other.end();
    }
  }
}
