package io.atlaskv.engine.internal.manifest;

import io.atlaskv.engine.internal.cache.ReadContext;
import io.atlaskv.engine.internal.iterator.InternalIterator;
import java.lang.foreign.MemorySegment;
import org.jspecify.annotations.Nullable;

/// The tables of one sorted level as one run. Holds a cursor into one table at a time and keeps it
/// as long as moves stay in that table.
final class LevelIterator implements InternalIterator {
  private final LevelTables level;
  private final ReadContext context;
  private @Nullable InternalIterator current;
  private int currentIndex = -1;
  private boolean isOnFirstOfTable; // by the last `next`

  LevelIterator(LevelTables level, ReadContext context) {
    this.level = level;
    this.context = context;
  }

  @Override
  public boolean isValid() {
    return current != null && current.isValid();
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
    isOnFirstOfTable = false;
    standing().next();
    skipEmptyForward();
  }

  @Override
  public boolean isOlderVersion() { // all versions of a key are in one table
    return !isOnFirstOfTable && standing().isOlderVersion();
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
      isOnFirstOfTable = true;
      if (next != null) {
        next.seekToFirst();
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
  public byte[] keyBuffer() {
    return standing().keyBuffer();
  }

  @Override
  public int keyLength() {
    return standing().keyLength();
  }

  @Override
  public long trailer() {
    return standing().trailer();
  }

  @Override
  public MemorySegment valueSegment() {
    return standing().valueSegment();
  }

  @Override
  public long valueOffset() {
    return standing().valueOffset();
  }

  @Override
  public int valueLength() {
    return standing().valueLength();
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
