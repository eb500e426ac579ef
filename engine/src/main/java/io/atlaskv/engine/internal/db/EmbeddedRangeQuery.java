package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.api.Cursor;
import io.atlaskv.engine.api.Entry;
import io.atlaskv.engine.api.Range;
import io.atlaskv.engine.api.RangeQuery;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.function.Consumer;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// A range read, described.
record EmbeddedRangeQuery(EmbeddedReader reader, Range range, boolean isReverse, long entriesMax)
    implements RangeQuery {

  @Override
  public RangeQuery reverse() {
    return new EmbeddedRangeQuery(reader, range, !isReverse, entriesMax);
  }

  @Override
  public RangeQuery limit(long newEntriesMax) {
    if (newEntriesMax < 0) {
      throw new IllegalArgumentException("limit must be at least 0, is " + newEntriesMax);
    }
    return new EmbeddedRangeQuery(reader, range, isReverse, newEntriesMax);
  }

  @Override
  public Cursor open() {
    return reader.db().openCursor(this);
  }

  @Override
  public Stream<Entry> stream() {
    Cursor cursor = open();
    var entries =
        Spliterators.spliteratorUnknownSize(
            new Entries(cursor), Spliterator.ORDERED | Spliterator.NONNULL | Spliterator.DISTINCT);
    return StreamSupport.stream(entries, false).onClose(cursor::close);
  }

  @Override
  public void forEach(Consumer<Entry> action) {
    try (Cursor cursor = open()) {
      new Entries(cursor).forEachRemaining(action);
    }
  }

  /// Closes its cursor when it is through.
  private static final class Entries implements Iterator<Entry> {
    private final Cursor cursor;
    private boolean isDone;

    Entries(Cursor cursor) {
      this.cursor = cursor;
    }

    @Override
    public boolean hasNext() {
      if (!isDone && !cursor.isValid()) {
        isDone = true;
        cursor.close();
      }
      return !isDone;
    }

    @Override
    public Entry next() {
      if (!hasNext()) {
        throw new NoSuchElementException();
      }
      var entry = new Entry(Bytes.of(cursor.key()), Bytes.of(cursor.value()));
      cursor.next();
      return entry;
    }
  }
}
