package io.atlaskv.engine.internal.db;

import io.atlaskv.engine.api.Bytes;
import io.atlaskv.engine.internal.manifest.KeyRange;
import io.atlaskv.engine.internal.manifest.PlacedTable;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/// What a caller has done to all of the store, and waits for: flush, full compaction, check.
final class Maintenance {
  private final EngineParts parts;
  private final BlockingWaits waits;

  Maintenance(EngineParts parts, BlockingWaits waits) {
    this.parts = parts;
    this.waits = waits;
  }

  /// Writes all memtables to tables.
  void flush() {
    long target = parts.writes().visibleSequence();
    waits.until(() -> isFlushed(target) || parts.failure().current() != null);
    if (!isFlushed(target)) {
      parts.failure().requireWritable();
    }
  }

  /// True if everything up to the sequence is in tables; else its memtables are sealed.
  private boolean isFlushed(long target) {
    View view = parts.views().acquire();
    try {
      if (view.version().state().flushedThrough() >= target
          || (view.active().isEmpty() && view.sealed().length == 0)) {
        return true;
      }
    } finally {
      view.release();
    }
    parts.writes().sealThrough(target);
    return false;
  }

  /// Merges everything into the lowest level.
  void compact() {
    compact(null);
  }

  /// Merges what tables have of `[lower, upper)` into the lowest level.
  void compact(byte[] lower, byte[] upper) {
    if (Arrays.compareUnsigned(lower, upper) < 0) {
      compact(new KeyRange(Bytes.of(lower), Bytes.of(upper), true));
    }
  }

  private void compact(@Nullable KeyRange range) {
    flush();
    parts.compactions().requestFull(range);
    waits.until(() -> parts.compactions().isDone() || parts.failure().current() != null);
    parts.failure().requireWritable();
  }

  /// Reads and checks every block of every table.
  void verify() {
    View view = parts.views().acquire();
    try {
      for (PlacedTable placed : view.version().state().tables()) {
        view.version().table(placed.table().number()).verifyChecksums();
      }
    } finally {
      view.release();
    }
  }

  /// Forgets all cached blocks of tables.
  void dropCache() {
    View view = parts.views().acquire();
    try {
      for (PlacedTable placed : view.version().state().tables()) {
        parts.cache().evictFile(placed.table().number());
      }
    } finally {
      view.release();
    }
  }
}
