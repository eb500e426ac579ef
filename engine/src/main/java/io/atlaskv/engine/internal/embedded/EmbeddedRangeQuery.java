package io.atlaskv.engine.internal.embedded;

import io.atlaskv.engine.api.Cursor;
import io.atlaskv.engine.api.Entry;
import io.atlaskv.engine.api.Range;
import io.atlaskv.engine.api.RangeQuery;
import java.util.function.Consumer;
import java.util.stream.Stream;

/// A range read, described.
record EmbeddedRangeQuery(CursorSource source, Range range, boolean isReverse, long entriesMax)
    implements RangeQuery {

  @Override
  public RangeQuery reverse() {
    return new EmbeddedRangeQuery(source, range, !isReverse, entriesMax);
  }

  @Override
  public RangeQuery limit(long newEntriesMax) {
    if (newEntriesMax < 0) {
      throw new IllegalArgumentException("limit must be at least 0, is " + newEntriesMax);
    }
    return new EmbeddedRangeQuery(source, range, isReverse, newEntriesMax);
  }

  @Override
  public Cursor open() {
    return source.open(this);
  }

  @Override
  public Stream<Entry> stream() {
    return CursorEntries.stream(open());
  }

  @Override
  public void forEach(Consumer<Entry> action) {
    try (Cursor cursor = open()) {
      new CursorEntries(cursor).forEachRemaining(action);
    }
  }
}
