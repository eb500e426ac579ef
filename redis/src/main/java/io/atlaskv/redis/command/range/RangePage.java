package io.atlaskv.redis.command.range;

import io.atlaskv.engine.internal.base.ByteArrays;
import io.atlaskv.redis.data.KeyCursor;
import io.atlaskv.redis.data.StringView;
import io.atlaskv.redis.resp.ReplyWriter;
import io.atlaskv.redis.store.Reader;

/// The reply of one RANGE while it is written: entries first, then the headers in front of them.
final class RangePage {
  private final RangeQuery query;
  private final ReplyWriter reply;
  private final int mark;
  private long count;
  private int lastKeyAt; // in the reply's buffer
  private int lastKeyLength;
  private boolean isCut;
  private boolean isForWorker;

  RangePage(RangeQuery query, ReplyWriter reply) {
    this.query = query;
    this.reply = reply;
    mark = reply.beginArray();
  }

  /// Takes entries until the page is full, the range at its end, or something there that takes long
  /// and is for a worker; answers as the cursor did last.
  int fill(KeyCursor at, boolean isOnWorker) {
    int state = at.first();
    while (state == Reader.FOUND) {
      isForWorker |= at.isExpired() || valueBytes(at) > RangeCommand.PAGE_BYTES_MAX;
      if (isForWorker && !isOnWorker) {
        return state;
      }
      if (isFullBefore(at)) {
        isCut = true;
        return state;
      }
      if (add(at) == Reader.NEEDS_BLOCKS) {
        return Reader.NEEDS_BLOCKS;
      }
      state = at.next();
    }
    return state;
  }

  /// True if a value is larger than a page should be, or the cursor has met too many expired keys.
  boolean isForWorker() {
    return isForWorker;
  }

  private boolean isFullBefore(KeyCursor at) {
    long bytes = (long) reply.buffer().length() - mark + at.keyLength() + valueBytes(at);
    return count == query.limit() || (count > 0 && bytes > RangeCommand.PAGE_BYTES_MAX);
  }

  private long valueBytes(KeyCursor at) {
    return query.hasValues() && at.isString() ? at.stringLength() : 0;
  }

  private int add(KeyCursor at) {
    lastKeyLength = at.keyLength();
    reply.bulk(at.key(), at.keyOffset(), lastKeyLength);
    lastKeyAt = reply.buffer().length() - Short.BYTES - lastKeyLength; // before the line end
    if (query.hasValues()) {
      if (!at.isString()) {
        reply.nullValue();
      } else if (at.isInline()) {
        reply.bulk(at.valueSegment(), at.valueOffset(), at.valueLength());
      } else if (addFragments(at) == Reader.NEEDS_BLOCKS) {
        return Reader.NEEDS_BLOCKS;
      }
    }
    count++;
    return Reader.FOUND;
  }

  private int addFragments(KeyCursor at) {
    try (var string = new StringView()) {
      at.show(string);
      int start = reply.reserveBulk(string.length());
      return string.copy(0, string.length(), reply.buffer().segment(), start);
    }
  }

  /// Completes the reply.
  void end() {
    byte[] next =
        isCut ? ByteArrays.copyOf(reply.buffer().segment(), lastKeyAt, lastKeyLength) : null;
    reply.endPage(mark, query.hasValues() ? 2 * count : count, next);
  }
}
