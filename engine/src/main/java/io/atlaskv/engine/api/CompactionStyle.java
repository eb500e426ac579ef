package io.atlaskv.engine.api;

import java.time.Duration;

/// How the tables of a namespace are merged: what writes, reads and space cost. All styles keep the
/// same data and answer every read alike; docs/embedded/compaction.md says which one to pick.
public sealed interface CompactionStyle {
  /// The default: [Leveled].
  CompactionStyle LEVELED = new Leveled();

  /// Size-tiered with 4 tables to a merge, 1 MiB as the smallest size that counts, no largest one,
  /// and no age.
  SizeTiered SIZE_TIERED = new SizeTiered(4, 1 << 20, 0, Duration.ZERO);

  /// Windows of a length, 1 second to 3,650 days.
  static CompactionStyle timeWindowed(Duration window) {
    return new TimeWindowed(window);
  }

  /// One sorted run for each level, each about ten times as large as the one above, their sizes
  /// derived from that of the last. Reads look into few tables, and besides level 0 at most about
  /// 11 % over live data is for data that was overwritten; an entry is written again about five
  /// times for each level in use.
  record Leveled() implements CompactionStyle {}

  /// Runs of like size are merged, with those that are next to them in age. An entry is written
  /// again once for each size; reads look into several runs, and overwritten data may take as much
  /// space again as live data.
  ///
  /// @param tables so many runs of like size are merged, 2 to 32
  /// @param bytesMin runs smaller than this count as equally large, so that small ones are merged
  ///   with each other first, at least 0
  /// @param bytesMax runs of this size and more are merged no more, but by a call of `compact`; 0
  ///   is no limit
  /// @param ageMax runs that have waited so long for others of their size are merged without, if
  ///   there are two or more; zero is no limit
  record SizeTiered(int tables, long bytesMin, long bytesMax, Duration ageMax)
      implements CompactionStyle {
    public SizeTiered {
      if (tables < 2 || tables > 32) {
        throw new IllegalArgumentException("tables must be 2 to 32, is " + tables);
      }
      if (bytesMin < 0) {
        throw new IllegalArgumentException("bytesMin must be at least 0, is " + bytesMin);
      }
      if (bytesMax < 0 || (bytesMax > 0 && bytesMax < bytesMin)) {
        throw new IllegalArgumentException(
            "bytesMax must be 0 or at least bytesMin, is " + bytesMax);
      }
      if (ageMax.isNegative()
          || ageMax.compareTo(TimeWindowed.MAX) > 0
          || !TimeWindowed.isWholeMillis(ageMax)) {
        throw new IllegalArgumentException(
            "ageMax must be 0 to 3,650 days in whole milliseconds, is " + ageMax);
      }
    }

    /// With another number of runs to a merge.
    public SizeTiered withTables(int value) {
      return new SizeTiered(value, bytesMin, bytesMax, ageMax);
    }

    /// With another size below which runs count as equally large.
    public SizeTiered withBytesMin(long value) {
      return new SizeTiered(tables, value, bytesMax, ageMax);
    }

    /// With another size from which runs are left alone; 0 is no limit.
    public SizeTiered withBytesMax(long value) {
      return new SizeTiered(tables, bytesMin, value, ageMax);
    }

    /// With another age at which runs wait no more for others of their size; zero is no limit.
    public SizeTiered withAgeMax(Duration value) {
      return new SizeTiered(tables, bytesMin, bytesMax, value);
    }
  }

  /// For data that comes in the order of time and goes by age: tables written in the same window of
  /// time are merged, those of different windows never. A table of which all entries are due or
  /// deleted is dropped unread.
  ///
  /// @param window length of a window, 1 second to 3,650 days; windows begin at multiples of it
  ///   since 1970
  record TimeWindowed(Duration window) implements CompactionStyle {
    private static final Duration MIN = Duration.ofSeconds(1);
    private static final Duration MAX = Duration.ofDays(3_650);

    public TimeWindowed {
      if (window.compareTo(MIN) < 0 || window.compareTo(MAX) > 0 || !isWholeMillis(window)) {
        throw new IllegalArgumentException(
            "window must be 1 s to 3,650 days in whole milliseconds, is " + window);
      }
    }

    private static boolean isWholeMillis(Duration duration) {
      return duration.equals(Duration.ofMillis(duration.toMillis()));
    }
  }
}
