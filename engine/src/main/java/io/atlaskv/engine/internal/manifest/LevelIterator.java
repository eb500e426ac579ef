package io.atlaskv.engine.internal.manifest;

import io.atlaskv.engine.internal.cache.ReadContext;
import io.atlaskv.engine.internal.iterator.InternalIterator;
import io.atlaskv.engine.internal.iterator.Position;
import org.jspecify.annotations.Nullable;

/// The tables of one sorted level as one run. Holds a cursor into one table at a time and keeps it
/// as long as moves stay in that table.
final class LevelIterator implements InternalIterator {
  private final LevelTables level;
  private final ReadContext context;
  private @Nullable InternalIterator current;
  private int currentIndex = -1;

  LevelIterator(LevelTables level, ReadContext context) {
    this.level = level;
    this.context = context;
  }

  @Override
  public Position position() {
    InternalIterator table = current;
    return table == null ? Position.NOWHERE : table.position();
  }

  @Override
  public void seekToFirst() {
    InternalIterator first = open(0);
    if (first != null) {
      first.seekToFirst();
      skipEmptyForward();
    }
  }

  @Override
  public void seekToLast() {
    InternalIterator last = open(level.count() - 1);
    if (last != null) {
      last.seekToLast();
      skipEmptyBackward();
    }
  }

  @Override
  public void seek(byte[] key, int offset, int length) {
    InternalIterator table = open(level.firstEndingAtOrAfter(key, offset, length));
    if (table != null) {
      table.seek(key, offset, length);
      skipEmptyForward();
    }
  }

  @Override
  public void seekForPrev(byte[] key, int offset, int length) {
    InternalIterator table = open(level.lastStartingAtOrBefore(key, offset, length));
    if (table != null) {
      table.seekForPrev(key, offset, length);
      skipEmptyBackward();
    }
  }

  @Override
  public void next() {
    standing().next();
    skipEmptyForward();
  }

  @Override
  public void prev() {
    standing().prev();
    skipEmptyBackward();
  }

  private InternalIterator standing() {
    InternalIterator table = current;
    if (table == null) {
      throw new IllegalStateException("not valid");
    }
    return table;
  }

  /// The cursor into table `index`; null, and the iterator invalid, if there is no such table.
  private @Nullable InternalIterator open(int index) {
    InternalIterator table = current;
    if (table != null && index == currentIndex) {
      return table;
    }
    close();
    if (index < 0 || index >= level.count()) {
      return null;
    }
    table = level.table(index).iterator(context);
    current = table;
    currentIndex = index;
    return table;
  }

  /// Goes on to the next tables while the current one has no entry ahead.
  private void skipEmptyForward() {
    while (current != null && !current.isValid()) {
      InternalIterator next = open(currentIndex + 1);
      if (next != null) {
        next.seekToFirst();
        if (next.isValid()) {
          next.position().isOlderVersion(false); // all versions of a key are in one table
        }
      }
    }
  }

  private void skipEmptyBackward() {
    while (current != null && !current.isValid()) {
      InternalIterator previous = open(currentIndex - 1);
      if (previous != null) {
        previous.seekToLast();
      }
    }
  }

  @Override
  public void close() {
    InternalIterator table = current;
    if (table != null) {
      current = null;
      currentIndex = -1;
      table.close();
    }
  }
}
