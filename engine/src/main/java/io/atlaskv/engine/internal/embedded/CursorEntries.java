package io.atlaskv.engine.internal.embedded;

import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.api.Cursor;
import io.atlaskv.engine.api.Entry;
import java.util.Iterator;
import java.util.NoSuchElementException;
import java.util.Spliterator;
import java.util.Spliterators;
import java.util.stream.Stream;
import java.util.stream.StreamSupport;

/// The entries from a cursor on. Closes the cursor when it is through.
final class CursorEntries implements Iterator<Entry> {
  private final Cursor cursor;
  private boolean isDone;

  CursorEntries(Cursor cursor) {
    this.cursor = cursor;
  }

  /// The entries of a cursor as a stream, whose close closes it.
  static Stream<Entry> stream(Cursor cursor) {
    var entries =
        Spliterators.spliteratorUnknownSize(
            new CursorEntries(cursor),
            Spliterator.ORDERED | Spliterator.NONNULL | Spliterator.DISTINCT);
    return StreamSupport.stream(entries, false).onClose(cursor::close);
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
