package io.atlaskv.engine.internal.manifest;

import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;

/// A table that at least one version names, open. Shared by all versions that name it.
///
/// Invariants:
/// - L1: `references` is the number of versions that hold the table; readers hold versions and
///   never touch it.
/// - L2: the file is deleted when the last version goes, but only once an edit that removes the
///   table is durable.
final class LiveTable {
  private final TableMeta meta;
  private final Table table;
  private final Consumer<LiveTable> whenUnused;
  private final AtomicInteger references = new AtomicInteger();
  private volatile boolean isObsolete;

  LiveTable(TableMeta meta, Table table, Consumer<LiveTable> whenUnused) {
    this.meta = meta;
    this.table = table;
    this.whenUnused = whenUnused;
  }

  TableMeta meta() {
    return meta;
  }

  Table table() {
    return table;
  }

  /// Notes that no version from now on names the table, durably so (L2).
  void markObsolete() {
    isObsolete = true;
  }

  boolean isObsolete() {
    return isObsolete;
  }

  void retain() {
    references.incrementAndGet();
  }

  void release() {
    int left = references.decrementAndGet();
    assert left >= 0 : "references=" + left;
    if (left == 0) {
      whenUnused.accept(this);
    }
  }
}
