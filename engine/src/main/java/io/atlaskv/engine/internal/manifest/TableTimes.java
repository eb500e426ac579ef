package io.atlaskv.engine.internal.manifest;

import java.util.Collection;

/// When the entries of a table came and when they go, all in ms since 1970.
///
/// @param oldestMillis when the first of them was written to a table, 0 if that is not known
/// @param newestMillis when the last of them was written to a table
/// @param expiring entries that expire
/// @param smallestExpiryMillis when the first of them does
/// @param largestExpiryMillis when the last of them does
public record TableTimes(
    long oldestMillis,
    long newestMillis,
    long expiring,
    long smallestExpiryMillis,
    long largestExpiryMillis) {
  /// Nothing is known.
  public static final TableTimes UNKNOWN = new TableTimes(0, 0, 0, 0, 0);

  public TableTimes {
    if (oldestMillis < 0 || newestMillis < oldestMillis || expiring < 0) {
      throw new IllegalArgumentException(
          "oldestMillis="
              + oldestMillis
              + " newestMillis="
              + newestMillis
              + " expiring="
              + expiring);
    }
  }

  /// Of a table that is written first at this time.
  public static TableTimes at(long millis) {
    return new TableTimes(millis, millis, 0, 0, 0);
  }

  /// When the entries of a merge of `tables` came; unknown if that of one of them is.
  public static TableTimes spanning(Collection<TableMeta> tables) {
    long oldest = Long.MAX_VALUE;
    long newest = 0;
    for (TableMeta table : tables) {
      oldest = Math.min(oldest, table.times().oldestMillis());
      newest = Math.max(newest, table.times().newestMillis());
    }
    return oldest == 0 || tables.isEmpty() ? UNKNOWN : new TableTimes(oldest, newest, 0, 0, 0);
  }

  /// With these expiries.
  public TableTimes withExpiry(long count, long smallest, long largest) {
    return new TableTimes(oldestMillis, newestMillis, count, smallest, largest);
  }
}
