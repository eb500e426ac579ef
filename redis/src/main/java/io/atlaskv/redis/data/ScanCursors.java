package io.atlaskv.redis.data;

import io.atlaskv.engine.api.Bytes;
import java.util.concurrent.atomic.AtomicLong;
import java.util.concurrent.atomic.AtomicReferenceArray;
import org.jspecify.annotations.Nullable;

/// Bounded table from the numbers that clients get as SCAN cursors to the keys where they resume.
///
/// A number whose place was taken by a later one is unknown: that scan begins again, so it may see
/// keys twice, never miss one. Any thread may use it.
public final class ScanCursors {
  private static final int COUNT = 4096; // times the longest key: at most 256 MiB, usually 200 KiB

  private record Entry(long number, int namespace, Bytes key) {}

  private final AtomicReferenceArray<@Nullable Entry> entries = new AtomicReferenceArray<>(COUNT);
  private final AtomicLong last = new AtomicLong();

  /// Remembers the last key a scan has seen; returns the cursor, never 0.
  public long remember(int namespace, byte[] key) {
    long number = last.incrementAndGet();
    entries.set((int) (number % COUNT), new Entry(number, namespace, Bytes.of(key)));
    return number;
  }

  /// The key that the scan of this database goes on after; null = begin anew.
  public byte @Nullable [] resumeAfter(int namespace, long cursor) {
    Entry entry = cursor <= 0 ? null : entries.get((int) (cursor % COUNT));
    return entry != null && entry.number == cursor && entry.namespace == namespace
        ? entry.key.toArray()
        : null;
  }
}
