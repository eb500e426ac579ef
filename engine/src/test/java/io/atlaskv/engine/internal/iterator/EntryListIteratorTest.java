package io.atlaskv.engine.internal.iterator;

import java.util.List;

class EntryListIteratorTest extends InternalIteratorContract {
  @Override
  protected InternalIterator open(List<Entry> entries) {
    return new EntryListIterator(entries);
  }
}
