package io.atlaskv.engine.internal.manifest;

import io.atlaskv.engine.internal.sstable.PrefixFilter;
import io.atlaskv.engine.internal.sstable.SharedPrefix;
import java.util.concurrent.atomic.LongAdder;

/// Asks the prefix filters of tables, and counts what they say. Any thread.
public final class PrefixSkips {
  private final LongAdder asked = new LongAdder();
  private final LongAdder skipped = new LongAdder();

  /// Whether no key of a table begins so, as its prefix filter says, if it has one.
  boolean isSkipped(Table table, SharedPrefix prefix) {
    PrefixFilter filter = table.prefixFilter();
    if (filter == null || !filter.knows(prefix)) {
      return false;
    }
    asked.increment();
    if (filter.mayHold(prefix)) {
      return false;
    }
    skipped.increment();
    return true;
  }

  /// How often a filter was asked that could have said no.
  public long asked() {
    return asked.sum();
  }

  /// How often it did.
  public long skipped() {
    return skipped.sum();
  }
}
