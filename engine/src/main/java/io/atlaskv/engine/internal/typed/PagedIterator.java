package io.atlaskv.engine.internal.typed;

import io.atlaskv.engine.api.Codec;
import io.atlaskv.engine.api.Cursor;
import io.atlaskv.engine.api.Range;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.NoSuchElementException;
import org.jspecify.annotations.Nullable;

/// Goes through a range page by page: each page is read at once by a cursor that is closed before
/// an entry of it is handed out, and the next one starts behind its last key. So an iterator that
/// is left halfway holds nothing of the store.
///
/// Weakly consistent: a page is what was there at one moment, later pages are of later ones. What
/// is there all the time is met once; what comes or goes meanwhile may be met or not.
///
/// Pages grow, so that the first entry is cheap and a whole pass opens few cursors; they end early
/// when their entries are large.
abstract class PagedIterator<K, V, E> implements Iterator<E> {
  private static final int FIRST_ENTRIES = 16;
  private static final int ENTRIES_MAX = 256;
  private static final long BYTES_MAX = 1 << 20;

  /// A key, and its value if values are wanted.
  record Row<K, V>(K key, @Nullable V value) {}

  private final TypedStore<K, V> store;
  private final boolean isReverse;
  private final boolean withValues;
  private final ArrayDeque<Row<K, V>> page = new ArrayDeque<>(FIRST_ENTRIES);
  private Range rest;
  private int entriesMax = FIRST_ENTRIES;
  private boolean isLastPage;
  private @Nullable K last;

  PagedIterator(TypedStore<K, V> store, Range range, boolean isReverse, boolean withValues) {
    this.store = store;
    this.rest = range;
    this.isReverse = isReverse;
    this.withValues = withValues;
  }

  /// What is handed out for a row.
  abstract E element(Row<K, V> row);

  @Override
  public final boolean hasNext() {
    if (page.isEmpty() && !isLastPage) {
      readPage();
    }
    return !page.isEmpty();
  }

  /// A page whose reading fails is no page: it is read again when it is asked for again.
  private void readPage() {
    var rows = new ArrayList<Row<K, V>>(FIRST_ENTRIES);
    var query = store.store().range(rest);
    try (Cursor cursor = (isReverse ? query.reverse() : query).open()) {
      Codec<V> values = store.values();
      byte[] key = new byte[0];
      long bytes = 0;
      while (cursor.isValid() && rows.size() < entriesMax && bytes < BYTES_MAX) {
        key = cursor.key();
        bytes += key.length;
        V value = null;
        if (withValues) {
          bytes += cursor.valueLength();
          value = cursor.value(values);
        }
        rows.add(new Row<>(store.keys().fromBytes(key), value));
        cursor.next();
      }
      isLastPage = !cursor.isValid();
      if (!isLastPage) {
        rest =
            isReverse
                ? new Range(rest.lower(), Range.lessThan(key).upper())
                : new Range(Range.greaterThan(key).lower(), rest.upper());
      }
    }
    page.addAll(rows);
    entriesMax = Math.min(ENTRIES_MAX, 2 * entriesMax);
  }

  @Override
  public final E next() {
    if (!hasNext()) {
      throw new NoSuchElementException();
    }
    Row<K, V> row = page.remove();
    last = row.key();
    return element(row);
  }

  /// Deletes the key handed out last, whatever its value is by now.
  @Override
  public final void remove() {
    K key = last;
    if (key == null) {
      throw new IllegalStateException("nothing was handed out since the last removal");
    }
    last = null;
    store.delete(key);
  }
}
