package io.atlaskv.engine.api;

import java.time.Duration;
import java.util.Map;
import java.util.Objects;
import java.util.function.Consumer;

/// How a store is opened. `Options.DEFAULT` is right for most; change single fields with the `with`
/// methods.
///
/// @param durability of writes that do not name one
/// @param memoryLimitBytes memory of the process that the store plans with, Java heap included, at
///   least 64 MiB; 0 takes a quarter of the machine's (or container's) memory, at least 256 MiB
/// @param memtableBytes memory of one memtable before it is flushed, 1 MiB to 1 GiB; 0 derives it
///   from the memory limit (1/16 of it, 4 to 64 MiB)
/// @param memtableEntriesMax entries of one memtable before it is flushed; 0 is no limit
/// @param blockCacheBytes memory for cached blocks; 0 derives it from the memory limit
/// @param logSegmentBytes largest size of a log segment, 64 KiB to 1 GiB; a memtable's size, and 1
///   MiB at least, if that is less
/// @param tableBytes aim for the size of a table made by compaction, 64 KiB to 1 GiB
/// @param compression of the lower levels
/// @param recoveryMode what to do with a damaged log
/// @param backgroundThreads threads that compact, 1 to 64
/// @param createIfMissing whether opening a directory without a store makes one
/// @param leakTracePeriod of so many cursors, streams and snapshots opened the place of one is
///   recorded, to be told if it is lost without a close; 1 records each, at some microseconds, 0
///   none
/// @param logRetainedSegments log segments kept after all they hold is in tables, for `Db.changes`
///   and backups; 0 is no limit by count, or none kept if the next is 0, too
/// @param logRetainedBytes bytes of such segments; 0 is no limit by bytes
/// @param compactionFilters of raw namespaces, by name; not kept in the store
/// @param compactionBytesPerSecondMax most bytes that flushes, compactions, backups and bulk loads
///   read and write in a second, at least 1 MiB; 0 is no limit
/// @param compactionIopsMax most reads and writes of all these in a second, each of 256 KiB, at
///   least 8; 0 is no limit
/// @param memtableAgeMax how long an entry may wait before the flush of its memtable begins, 1 s to
///   365 days; `Duration.ZERO` is no limit
/// @param historyWindow for how long all versions are kept, for `Db.snapshotAt`; at least a second,
///   or zero, which keeps none
/// @param subcompactionsMax a merge is cut into at most so many ranges of keys, each of at least
///   `tableBytes`, merged by as many threads at a time, 1 to 64
/// @param rowChecksums whether each row of a table that is written gets a checksum of its own,
///   compared at every read and merge; tables with and without them may be mixed
/// @param rowCacheBytes memory for single rows that are read again and again while their blocks are
///   not cached, at least 64 KiB; 0 keeps none
public record Options(
    Durability durability,
    long memoryLimitBytes,
    long memtableBytes,
    long memtableEntriesMax,
    long blockCacheBytes,
    long logSegmentBytes,
    long tableBytes,
    Compression compression,
    RecoveryMode recoveryMode,
    int backgroundThreads,
    boolean createIfMissing,
    int leakTracePeriod,
    int logRetainedSegments,
    long logRetainedBytes,
    Map<String, CompactionFilter> compactionFilters,
    long compactionBytesPerSecondMax,
    long compactionIopsMax,
    Duration memtableAgeMax,
    Duration historyWindow,
    int subcompactionsMax,
    boolean rowChecksums,
    long rowCacheBytes) {

  private static final Duration AGE_MIN = Duration.ofSeconds(1);
  private static final Duration AGE_MAX = Duration.ofDays(365);
  private static final long KIB = 1024;
  private static final long MIB = 1024 * KIB;
  private static final long GIB = 1024 * MIB;
  private static final Duration HISTORY_MIN = Duration.ofSeconds(1);
  private static final Duration HISTORY_MAX = Duration.ofDays(36_525);

  /// The defaults.
  public static final Options DEFAULT =
      new Options(
          Durability.DEFAULT,
          0,
          0,
          0,
          0,
          128 * MIB,
          16 * MIB,
          Compression.LZ4,
          RecoveryMode.TOLERATE_UNSYNCED_TAIL,
          1,
          true,
          1_000,
          0,
          0,
          Map.of(),
          0,
          0,
          Duration.ZERO,
          Duration.ZERO,
          1,
          false,
          0);

  public Options {
    Objects.requireNonNull(durability, "durability");
    Objects.requireNonNull(compression, "compression");
    Objects.requireNonNull(recoveryMode, "recoveryMode");
    check("memoryLimitBytes", memoryLimitBytes, 64 * MIB, Long.MAX_VALUE, true);
    check("memtableBytes", memtableBytes, MIB, GIB, true);
    check("memtableEntriesMax", memtableEntriesMax, 1, Long.MAX_VALUE, true);
    check("blockCacheBytes", blockCacheBytes, 64 * KIB, Long.MAX_VALUE, true);
    check("rowCacheBytes", rowCacheBytes, 64 * KIB, Long.MAX_VALUE, true);
    check("logSegmentBytes", logSegmentBytes, 64 * KIB, GIB, false);
    check("tableBytes", tableBytes, 64 * KIB, GIB, false);
    check("backgroundThreads", backgroundThreads, 1, 64, false);
    check("subcompactionsMax", subcompactionsMax, 1, 64, false);
    check("compactionBytesPerSecondMax", compactionBytesPerSecondMax, MIB, Long.MAX_VALUE, true);
    check("compactionIopsMax", compactionIopsMax, 8, 1_000_000, true);
    if (leakTracePeriod < 0) {
      throw new IllegalArgumentException(
          "leakTracePeriod must be at least 0, is " + leakTracePeriod);
    }
    check("logRetainedSegments", logRetainedSegments, 1, 1_000_000, true);
    check("logRetainedBytes", logRetainedBytes, 1, Long.MAX_VALUE, true);
    compactionFilters = Map.copyOf(compactionFilters);
    boolean isLimited = !memtableAgeMax.isZero();
    if (isLimited
        && (memtableAgeMax.compareTo(AGE_MIN) < 0 || memtableAgeMax.compareTo(AGE_MAX) > 0)) {
      throw new IllegalArgumentException(
          "memtableAgeMax must be at least "
              + AGE_MIN
              + " and at most "
              + AGE_MAX
              + ", or zero for no limit, is "
              + memtableAgeMax);
    }
    if (!historyWindow.isZero()
        && (historyWindow.compareTo(HISTORY_MIN) < 0 || historyWindow.compareTo(HISTORY_MAX) > 0)) {
      throw new IllegalArgumentException(
          "historyWindow must be zero, or at least a second and at most 100 years, is "
              + historyWindow);
    }
  }

  private static void check(String name, long value, long min, long max, boolean isZeroAllowed) {
    if ((value < min || value > max) && !(isZeroAllowed && value == 0)) {
      String upper = max == Long.MAX_VALUE ? "" : " and at most " + max;
      String zero = isZeroAllowed ? ", or 0 for the default" : "";
      throw new IllegalArgumentException(
          name + " must be at least " + min + upper + zero + ", is " + value);
    }
  }

  public Options withDurability(Durability value) {
    return with(draft -> draft.durability = value);
  }

  public Options withMemoryLimitBytes(long value) {
    return with(draft -> draft.memoryLimitBytes = value);
  }

  public Options withMemtableBytes(long value) {
    return with(draft -> draft.memtableBytes = value);
  }

  public Options withMemtableEntriesMax(long value) {
    return with(draft -> draft.memtableEntriesMax = value);
  }

  public Options withBlockCacheBytes(long value) {
    return with(draft -> draft.blockCacheBytes = value);
  }

  public Options withLogSegmentBytes(long value) {
    return with(draft -> draft.logSegmentBytes = value);
  }

  public Options withTableBytes(long value) {
    return with(draft -> draft.tableBytes = value);
  }

  public Options withCompression(Compression value) {
    return with(draft -> draft.compression = value);
  }

  public Options withRecoveryMode(RecoveryMode value) {
    return with(draft -> draft.recoveryMode = value);
  }

  public Options withBackgroundThreads(int value) {
    return with(draft -> draft.backgroundThreads = value);
  }

  public Options withCreateIfMissing(boolean value) {
    return with(draft -> draft.createIfMissing = value);
  }

  public Options withLeakTracePeriod(int value) {
    return with(draft -> draft.leakTracePeriod = value);
  }

  public Options withLogRetainedSegments(int value) {
    return with(draft -> draft.logRetainedSegments = value);
  }

  public Options withLogRetainedBytes(long value) {
    return with(draft -> draft.logRetainedBytes = value);
  }

  public Options withCompactionFilters(Map<String, CompactionFilter> value) {
    return with(draft -> draft.compactionFilters = value);
  }

  public Options withCompactionBytesPerSecondMax(long value) {
    return with(draft -> draft.compactionBytesPerSecondMax = value);
  }

  public Options withCompactionIopsMax(long value) {
    return with(draft -> draft.compactionIopsMax = value);
  }

  public Options withMemtableAgeMax(Duration value) {
    return with(draft -> draft.memtableAgeMax = value);
  }

  public Options withHistoryWindow(Duration value) {
    return with(draft -> draft.historyWindow = value);
  }

  public Options withSubcompactionsMax(int value) {
    return with(draft -> draft.subcompactionsMax = value);
  }

  public Options withRowChecksums(boolean value) {
    return with(draft -> draft.rowChecksums = value);
  }

  public Options withRowCacheBytes(long value) {
    return with(draft -> draft.rowCacheBytes = value);
  }

  private Options with(Consumer<Draft> change) {
    var draft = new Draft(this);
    change.accept(draft);
    return draft.options();
  }

  /// A copy on its way to be changed.
  private static final class Draft {
    Durability durability;
    long memoryLimitBytes;
    long memtableBytes;
    long memtableEntriesMax;
    long blockCacheBytes;
    long logSegmentBytes;
    long tableBytes;
    Compression compression;
    RecoveryMode recoveryMode;
    int backgroundThreads;
    boolean createIfMissing;
    int leakTracePeriod;
    int logRetainedSegments;
    long logRetainedBytes;
    Map<String, CompactionFilter> compactionFilters;
    long compactionBytesPerSecondMax;
    long compactionIopsMax;
    Duration memtableAgeMax;
    Duration historyWindow;
    int subcompactionsMax;
    boolean rowChecksums;
    long rowCacheBytes;

    Draft(Options source) {
      durability = source.durability;
      memoryLimitBytes = source.memoryLimitBytes;
      memtableBytes = source.memtableBytes;
      memtableEntriesMax = source.memtableEntriesMax;
      blockCacheBytes = source.blockCacheBytes;
      logSegmentBytes = source.logSegmentBytes;
      tableBytes = source.tableBytes;
      compression = source.compression;
      recoveryMode = source.recoveryMode;
      backgroundThreads = source.backgroundThreads;
      createIfMissing = source.createIfMissing;
      leakTracePeriod = source.leakTracePeriod;
      logRetainedSegments = source.logRetainedSegments;
      logRetainedBytes = source.logRetainedBytes;
      compactionFilters = source.compactionFilters;
      compactionBytesPerSecondMax = source.compactionBytesPerSecondMax;
      compactionIopsMax = source.compactionIopsMax;
      memtableAgeMax = source.memtableAgeMax;
      historyWindow = source.historyWindow;
      subcompactionsMax = source.subcompactionsMax;
      rowChecksums = source.rowChecksums;
      rowCacheBytes = source.rowCacheBytes;
    }

    Options options() {
      return new Options(
          durability,
          memoryLimitBytes,
          memtableBytes,
          memtableEntriesMax,
          blockCacheBytes,
          logSegmentBytes,
          tableBytes,
          compression,
          recoveryMode,
          backgroundThreads,
          createIfMissing,
          leakTracePeriod,
          logRetainedSegments,
          logRetainedBytes,
          compactionFilters,
          compactionBytesPerSecondMax,
          compactionIopsMax,
          memtableAgeMax,
          historyWindow,
          subcompactionsMax,
          rowChecksums,
          rowCacheBytes);
    }
  }
}
