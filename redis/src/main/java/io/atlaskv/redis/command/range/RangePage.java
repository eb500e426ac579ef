package io.atlaskv.redis.command.range;

import io.atlaskv.engine.internal.base.ByteArrays;
import io.atlaskv.redis.data.KeyCursor;
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

  RangePage(RangeQuery query, ReplyWriter reply) {
    this.query = query;
    this.reply = reply;
    mark = reply.beginArray();
  }

  /// Takes entries until the page is full or the range at its end; answers as the cursor did last.
  int fill(KeyCursor at) {
    int state = at.first();
    while (state == Reader.FOUND) {
      if (isFullBefore(at)) {
        isCut = true;
        return state;
      }
      add(at);
      state = at.next();
    }
    return state;
  }

  private boolean isFullBefore(KeyCursor at) {
    long bytes = (long) reply.buffer().length() - mark + at.keyLength() + valueBytes(at);
    return count == query.limit() || (count > 0 && bytes > RangeCommand.PAGE_BYTES_MAX);
  }

  private int valueBytes(KeyCursor at) {
    return query.hasValues() && at.isString() ? at.valueLength() : 0;
  }

  private void add(KeyCursor at) {
    lastKeyLength = at.keyLength();
    reply.bulk(at.key(), at.keyOffset(), lastKeyLength);
    lastKeyAt = reply.buffer().length() - Short.BYTES - lastKeyLength; // before the line end
    if (query.hasValues()) {
      if (at.isString()) {
        reply.bulk(at.valueSegment(), at.valueOffset(), at.valueLength());
      } else {
        reply.nullValue();
      }
    }
    count++;
  }

  /// Completes the reply.
  void end() {
    byte[] next =
        isCut ? ByteArrays.copyOf(reply.buffer().segment(), lastKeyAt, lastKeyLength) : null;
    reply.endPage(mark, query.hasValues() ? 2 * count : count, next);
  }
}
